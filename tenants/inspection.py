"""What the catalogue says of the roles, the walls and the history, as any role may read it.

Names are printed whole only where no search path shortens them: see `named_whole`.
"""

from collections.abc import Mapping
from typing import Any, Protocol

from tenants.walls import POLICY_EXPRESSION


class Asked(Protocol):
    """A connection or an open scope."""

    async def fetch(self, sql: str, *arguments: Any) -> list[Any]: ...


TENANT_TABLES = """
SELECT pg_class.oid::regclass::text AS name, pg_class.oid, relkind::text, relrowsecurity,
       relforcerowsecurity
FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
WHERE nspname = 'ks' AND relkind IN ('r', 'p', 'v', 'm', 'f')
  AND EXISTS (SELECT 1 FROM pg_attribute
              WHERE attrelid = pg_class.oid AND attname = 'tenant_id' AND NOT attisdropped)
"""


async def named_whole(connection: Asked) -> None:
    """Have this transaction's catalogue queries print every name with its schema."""
    await connection.fetch("SET LOCAL search_path = pg_catalog")


async def unwalled(connection: Asked) -> list[str]:
    """Tenant tables whose row-level security is not forced or not of the one known text."""
    complaints = []
    for table in await connection.fetch(TENANT_TABLES):
        name = table["name"]
        if table["relkind"] not in ("r", "p"):
            complaints.append(f"{name}: a view or foreign table shows tenant rows; use a table")
            continue
        if not (table["relrowsecurity"] and table["relforcerowsecurity"]):
            complaints.append(
                f"{name}: row-level security is not forced; call walls.wall({name!r})"
            )
        policies = await connection.fetch(
            """SELECT polpermissive, polcmd, polroles, pg_get_expr(polqual, polrelid) AS uses,
                      pg_get_expr(polwithcheck, polrelid) AS checks
               FROM pg_policy WHERE polrelid = $1""",
            table["oid"],
        )
        permissive = [policy for policy in policies if policy["polpermissive"]]
        if len(permissive) != 1:
            complaints.append(
                f"{name}: {len(permissive)} permissive policies; exactly one is right"
            )
        for policy in permissive:
            if policy["uses"] != POLICY_EXPRESSION or policy["checks"] != POLICY_EXPRESSION:
                complaints.append(f"{name}: policy is {policy['uses']}; call walls.wall({name!r})")
            if policy["polcmd"] != b"*" or list(policy["polroles"]) != [0]:
                complaints.append(f"{name}: the policy must hold for every command and role")
    return complaints


async def roles_out_of_bounds(connection: Asked) -> list[str]:
    """What the service's roles are or own beyond what they should, one line each."""
    complaints = []
    rows = await connection.fetch(
        """SELECT rolname, rolsuper, rolbypassrls, rolcreaterole, rolcanlogin,
                  EXISTS (SELECT 1 FROM pg_auth_members WHERE member = pg_roles.oid) AS member,
                  EXISTS (SELECT 1 FROM pg_class WHERE relowner = pg_roles.oid) AS owns
           FROM pg_roles WHERE rolname LIKE 'ks\\_%'"""
    )
    for row in rows:
        role = row["rolname"]
        if row["rolsuper"] or row["rolcreaterole"]:
            complaints.append(f"{role}: must be neither superuser nor maker of roles")
        if role == "ks_definer":
            if row["rolcanlogin"]:
                complaints.append("ks_definer: nobody may log in with it")
        elif row["rolbypassrls"]:
            complaints.append(f"{role}: must not pass row-level security")
        if role in ("ks_app", "ks_operator") and (row["member"] or row["owns"]):
            complaints.append(f"{role}: must own nothing and be a member of nothing")
    return complaints


async def who(connection: Asked) -> tuple[str, int, str]:
    """The role that is logged in, the server's version number and its printed version."""
    (row,) = await connection.fetch(
        """SELECT current_user AS role, current_setting('server_version_num')::int AS number,
                  split_part(current_setting('server_version'), ' ', 1) AS version"""
    )
    return row["role"], row["number"], row["version"]


async def rights_missing(connection: Asked) -> list[str]:
    """What `ks_app` may not do and must: read and write what belongs to a municipality."""
    rows = await connection.fetch(
        f"""SELECT name, wanted FROM ({TENANT_TABLES}) AS walled,
                   unnest(ARRAY['SELECT', 'INSERT']) AS wanted
            WHERE NOT has_any_column_privilege('ks_app', oid, wanted)
            UNION ALL
            SELECT nspname || '.' || relname, wanted FROM pg_class
            JOIN pg_namespace ON pg_namespace.oid = relnamespace
            CROSS JOIN unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) AS wanted
            WHERE relkind = 'r' AND (nspname = 'dramatiq'
                OR (nspname = 'ks' AND relname IN ('session', 'outbox', 'process')))
              AND NOT has_table_privilege('ks_app', pg_class.oid, wanted)
            ORDER BY 1, 2"""
    )
    return [f"{row['wanted']} ON {row['name']}" for row in rows]


async def rights_too_many(connection: Asked) -> list[str]:
    """What `ks_operator` and everybody may read of a municipality, and `ks_app` rewrite."""
    rows = await connection.fetch(
        f"""SELECT name, role, wanted FROM ({TENANT_TABLES}) AS walled,
                   unnest(ARRAY['ks_operator', 'public']) AS role,
                   unnest(ARRAY['SELECT', 'INSERT', 'UPDATE']) AS wanted
            WHERE has_any_column_privilege(role, oid, wanted)
            UNION ALL
            SELECT log, 'ks_app', wanted
            FROM unnest(ARRAY['ks.audit_event', 'ks.audit_seal']) AS log,
                 unnest(ARRAY['UPDATE', 'DELETE', 'TRUNCATE']) AS wanted
            WHERE has_table_privilege('ks_app', log, wanted)
            ORDER BY 1, 2, 3"""
    )
    return [f"{row['wanted']} ON {row['name']} FROM {row['role']}" for row in rows]


async def columns_missing(connection: Asked, wanted: Mapping[str, set[str]]) -> list[str]:
    """Tables and columns that the code reads and the database lacks, as `table.column`."""
    there: dict[str, set[str]] = {}
    for row in await connection.fetch(
        """SELECT relname, attname FROM pg_attribute
           JOIN pg_class ON pg_class.oid = attrelid
           JOIN pg_namespace ON pg_namespace.oid = relnamespace
           WHERE nspname = 'ks' AND relkind IN ('r', 'p') AND attnum > 0 AND NOT attisdropped"""
    ):
        there.setdefault(row["relname"], set()).add(row["attname"])
    return [
        f"{table}.{column}"
        for table, columns in sorted(wanted.items())
        for column in sorted(columns - there.get(table, set()))
    ]
