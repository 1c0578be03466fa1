"""What must be true of every table in the catalogue, as questions that answer with complaints."""

from typing import Any

from tenants.inspection import TENANT_TABLES, roles_out_of_bounds

DOORS = {"ks.memberships_of(uuid)", "ks.tenant_of_job(uuid)", "ks.key_opens(bytea,uuid)"}


async def tenant_tables(connection: Any) -> list[str]:
    return sorted(row["name"] for row in await connection.fetch(TENANT_TABLES))


async def keys_without_tenant(connection: Any) -> list[str]:
    """Keys, unique indexes and foreign keys of tenant tables that do not begin with tenant_id."""
    complaints = []
    for table in await connection.fetch(TENANT_TABLES):
        rows = await connection.fetch(
            """SELECT conname, contype, confrelid::regclass::text AS target,
                      (SELECT attname FROM pg_attribute
                       WHERE attrelid = conrelid AND attnum = conkey[1]) AS first,
                      cardinality(conkey) AS width,
                      EXISTS (SELECT 1 FROM pg_attribute WHERE attrelid = confrelid
                              AND attname = 'tenant_id' AND NOT attisdropped) AS to_tenant,
                      confdeltype
               FROM pg_constraint WHERE conrelid = $1 AND contype IN ('p', 'u', 'f')""",
            table["oid"],
        )
        name = table["name"]
        if not any(row["contype"] == b"p" for row in rows):
            complaints.append(f"{name}: no primary key; make one that begins with tenant_id")
        for row in rows:
            if row["contype"] == b"f" and row["confdeltype"] not in (b"a", b"r"):
                complaints.append(f"{name}.{row['conname']}: deleting one row takes others along")
            if row["contype"] == b"f" and not row["to_tenant"]:
                continue  # To a platform table, which knows no municipality's content.
            if row["first"] != "tenant_id":
                complaints.append(f"{name}.{row['conname']}: must begin with tenant_id")
            elif row["contype"] == b"f" and row["width"] < 2:
                complaints.append(f"{name}.{row['conname']}: must be composite with tenant_id")
        for index in await connection.fetch(
            """SELECT indexrelid::regclass::text AS name,
                      (SELECT attname FROM pg_attribute
                       WHERE attrelid = indrelid AND attnum = indkey[0]) AS first
               FROM pg_index WHERE indrelid = $1 AND indisunique""",
            table["oid"],
        ):
            if index["first"] != "tenant_id":
                complaints.append(f"{index['name']}: a unique index must begin with tenant_id")
    return complaints


async def roles_that_reach_too_far(connection: Any) -> list[str]:
    """What ks_app and ks_operator own, are members of, or may do past the wall."""
    complaints = await roles_out_of_bounds(connection)
    for row in await connection.fetch(
        """SELECT table_name FROM information_schema.role_table_grants
           WHERE grantee IN ('ks_operator', 'PUBLIC') AND table_schema = 'ks'
             AND table_name IN (SELECT table_name FROM information_schema.columns
                                WHERE table_schema = 'ks' AND column_name = 'tenant_id')"""
    ):
        complaints.append(f"{row['table_name']}: the operator or everybody has a grant on it")
    for row in await connection.fetch(
        """SELECT privilege_type FROM information_schema.role_table_grants
           WHERE grantee = 'ks_app' AND table_schema = 'ks'
             AND table_name IN ('audit_event', 'audit_seal')
             AND privilege_type NOT IN ('SELECT', 'INSERT')"""
    ):
        complaints.append(f"audit log: ks_app may {row['privilege_type']}; it is append-only")
    return complaints


async def doors_past_the_wall(connection: Any) -> list[str]:
    """SECURITY DEFINER functions and views beyond the two that are known."""
    functions = {
        row["name"]
        for row in await connection.fetch(
            """SELECT pg_proc.oid::regprocedure::text AS name FROM pg_proc
               JOIN pg_namespace ON pg_namespace.oid = pronamespace
               WHERE prosecdef AND nspname NOT IN ('pg_catalog', 'information_schema')"""
        )
    }
    complaints = [f"{name}: a new door past the wall" for name in sorted(functions - DOORS)]
    complaints += [f"{name}: gone or renamed" for name in sorted(DOORS - functions)]
    for row in await connection.fetch(
        """SELECT pg_proc.oid::regprocedure::text AS name FROM pg_proc
           JOIN pg_namespace ON pg_namespace.oid = pronamespace
           WHERE prosecdef AND nspname = 'ks' AND (proconfig IS NULL
               OR has_function_privilege('public', pg_proc.oid, 'EXECUTE'))"""
    ):
        complaints.append(f"{row['name']}: pin search_path and revoke EXECUTE from PUBLIC")
    return complaints


async def columns(connection: Any) -> dict[str, set[str]]:
    """The columns of every table of the schema, by table."""
    rows = await connection.fetch(
        """SELECT table_name, column_name FROM information_schema.columns
           WHERE table_schema = 'ks'"""
    )
    found: dict[str, set[str]] = {}
    for row in rows:
        found.setdefault(row["table_name"], set()).add(row["column_name"])
    return found
