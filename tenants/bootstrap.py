"""Make the roles and the empty database, once, as the server's superuser."""

from collections.abc import Mapping

import asyncpg

MINIMUM_VERSION = 150018

ROLES = {
    # Owns and migrates; row-level security is forced on it too.
    "ks_owner": "LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB",
    # Web and workers: owns nothing, is a member of nothing.
    "ks_app": "LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB NOINHERIT",
    # Founds municipalities and providers; has no right on any municipality's table.
    "ks_operator": "LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB NOINHERIT",
    # Owns the narrow functions that look past the wall, and can log in nowhere.
    "ks_definer": "NOLOGIN NOSUPERUSER BYPASSRLS NOCREATEROLE NOCREATEDB NOINHERIT",
}


class TooOld(RuntimeError):
    """The server lacks fixes that row-level security depends on."""


async def bootstrap(
    superuser_dsn: str,
    database: str = "kraftsamling",
    passwords: Mapping[str, str] | None = None,
) -> None:
    """Create roles, database and schema where they are missing; running it again changes nothing.

    `superuser_dsn` names a database that exists (`postgres`). `passwords` by role; without
    them the roles have none and only a trusting or peer-checking socket lets them in.
    Raises `TooOld` below PostgreSQL 15.18.
    """
    connection = await asyncpg.connect(superuser_dsn)
    try:
        number = int(await connection.fetchval("SHOW server_version_num"))
        if number < MINIMUM_VERSION:
            raise TooOld(f"PostgreSQL {number // 10000}.{number % 10000} is older than 15.18.")
        for role, attributes in ROLES.items():
            if not await connection.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", role):
                await connection.execute(f"CREATE ROLE {role} {attributes}")
            if passwords and role in passwords:
                literal = await connection.fetchval("SELECT quote_literal($1)", passwords[role])
                await connection.execute(f"ALTER ROLE {role} PASSWORD {literal}")
        # To hand a function over to ks_definer, ks_owner must be able to become it.
        await connection.execute("GRANT ks_definer TO ks_owner")
        if not await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", database):
            name = await connection.fetchval("SELECT quote_ident($1)", database)
            await connection.execute(
                f"CREATE DATABASE {name} OWNER ks_owner ENCODING 'UTF8' TEMPLATE template0"
            )
    finally:
        await connection.close()

    connection = await asyncpg.connect(superuser_dsn, database=database)
    try:
        name = await connection.fetchval("SELECT quote_ident($1)", database)
        await connection.execute(
            f"""
            REVOKE ALL ON SCHEMA public FROM PUBLIC;
            REVOKE ALL ON DATABASE {name} FROM PUBLIC;
            GRANT CONNECT, TEMPORARY ON DATABASE {name} TO ks_app, ks_operator;
            CREATE SCHEMA IF NOT EXISTS ks AUTHORIZATION ks_owner;
            CREATE SCHEMA IF NOT EXISTS dramatiq AUTHORIZATION ks_owner;
            GRANT USAGE ON SCHEMA ks TO ks_app, ks_operator, ks_definer;
            GRANT USAGE ON SCHEMA dramatiq TO ks_app;
            ALTER ROLE ks_owner IN DATABASE {name} SET search_path = ks;
            ALTER ROLE ks_app IN DATABASE {name} SET search_path = ks;
            ALTER ROLE ks_operator IN DATABASE {name} SET search_path = ks;
            """
        )
    finally:
        await connection.close()
