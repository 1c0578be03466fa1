"""The tests' own database server: embedded, or another one that KS_TEST_SERVER names."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg

from migrations.run import migrate
from service.local.postgres import EmbeddedPostgres
from tenants.bootstrap import bootstrap


@dataclass(frozen=True)
class Database:
    """A database by the address of each role."""

    app: str
    owner: str
    operator: str
    superuser: str


def _addressed(server: str, user: str, database: str) -> str:
    parts = urlsplit(server)
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{user}@{host}", path=f"/{database}"))


@asynccontextmanager
async def fresh_database(folder: Path, *, durable: bool = False) -> AsyncIterator[Database]:
    """A migrated, empty database, as `bare_database` makes it."""
    async with bare_database(folder, durable=durable) as database:
        await migrate(database.owner)
        yield database


@asynccontextmanager
async def bare_database(
    folder: Path, *, durable: bool = False, name: str = ""
) -> AsyncIterator[Database]:
    """A database before its first migration, on a server of its own in `folder`.

    Or a database of its own (its `name` made longer, if two of a run are open at once) on the
    server of KS_TEST_SERVER, which must trust local roles, as a developer's and CI's do.
    """
    server = os.environ.get("KS_TEST_SERVER")
    if server is None:
        with EmbeddedPostgres(folder, durable=durable) as embedded:
            await bootstrap(embedded.dsn())
            database = Database(
                *(embedded.dsn(user, "kraftsamling") for user in ("ks_app", "ks_owner")),
                operator=embedded.dsn("ks_operator", "kraftsamling"),
                superuser=embedded.dsn("postgres", "kraftsamling"),
            )
            yield database
        return
    name = f"kraftsamling_test_{os.getpid()}{name}"
    await bootstrap(server, name)
    database = Database(
        *(_addressed(server, user, name) for user in ("ks_app", "ks_owner")),
        operator=_addressed(server, "ks_operator", name),
        superuser=_addressed(server, urlsplit(server).username or "postgres", name),
    )
    try:
        yield database
    finally:
        connection = await asyncpg.connect(server)
        await connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        await connection.close()


@asynccontextmanager
async def spare_database(beside: Database, name: str) -> AsyncIterator[Database]:
    """Another migrated database on the same server, for a test that breaks its own."""
    server = _named(beside.superuser, "postgres")
    await bootstrap(server, name)
    spare = Database(
        *(_named(url, name) for url in (beside.app, beside.owner)),
        operator=_named(beside.operator, name),
        superuser=_named(beside.superuser, name),
    )
    try:
        await migrate(spare.owner)
        yield spare
    finally:
        connection = await asyncpg.connect(server)
        await connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        await connection.close()


def _named(url: str, database: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))
