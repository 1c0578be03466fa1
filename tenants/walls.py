"""The SQL of a wall. Every migration that makes a tenant table calls `wall` for it."""

from textwrap import dedent

POLICY_EXPRESSION = "(tenant_id = ( SELECT ks.current_tenant() AS current_tenant))"
"""The one policy text that a tenant table may have, as PostgreSQL prints it back."""


def wall(table: str, *, grants: str = "SELECT, INSERT, UPDATE, DELETE") -> str:
    """SQL that puts `table` of schema `ks` behind the tenant wall.

    `grants` are the rights of the running service, `ks_app`; an append-only table
    passes "SELECT, INSERT". The operator's role gets none: it sees platform tables only.
    """
    return dedent(f"""
        ALTER TABLE ks.{table} ENABLE ROW LEVEL SECURITY;
        ALTER TABLE ks.{table} FORCE ROW LEVEL SECURITY;
        CREATE POLICY tenant ON ks.{table}
            USING (tenant_id = (SELECT ks.current_tenant()))
            WITH CHECK (tenant_id = (SELECT ks.current_tenant()));
        GRANT {grants} ON ks.{table} TO ks_app;
    """)
