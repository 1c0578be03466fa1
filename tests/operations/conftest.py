"""Installations that a test may break: a database of its own beside the run's."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field, replace
from itertools import count
from uuid import uuid4

import asyncpg
import pytest

from service.settings import Settings
from tenants.identity.sealing import seal
from tests.database import Database, spare_database
from tests.processes import ROOT, environment

_numbers = count(1)


@dataclass
class Installation:
    """One database and the variables of the processes on it."""

    database: Database
    settings: Settings
    variables: dict[str, str] = field(default_factory=dict)

    async def as_superuser(self, *statements: str) -> None:
        connection = await asyncpg.connect(self.database.superuser)
        try:
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.close()

    async def found(self, name: str = "Tallbacka") -> str:
        """A municipality without people; its id."""
        tenant = str(uuid4())
        slug = f"{name.lower()}-{tenant[:8]}"
        await self.as_superuser(
            f"""INSERT INTO ks.municipality (id, code, slug, name)
                VALUES ('{tenant}', '{next(_numbers):04}', '{slug}', '{name}')"""
        )
        return tenant

    async def provider(self, issuer: str, secret: str = "hemlig") -> None:
        sealed = seal(secret, self.settings.secret_key)
        await self.as_superuser(
            f"""INSERT INTO ks.provider (id, name, label, issuer, client_id, client_secret,
                                         approved_at)
                VALUES ('{uuid4()}', 'prov-{next(_numbers)}', 'Prov', '{issuer}', 'a',
                        '{sealed}', now())"""
        )

    async def run(self, *command: str, **variables: str) -> tuple[int, str, str]:
        """`kraftsamling …`: its exit code, what it printed and what it complained of."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "service.cli",
            *command,
            cwd=ROOT,
            env=environment(self.settings) | self.variables | variables,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            async with asyncio.timeout(90):
                out, err = await process.communicate()
        finally:
            if process.returncode is None:
                process.kill()
        return process.returncode or 0, out.decode(), err.decode()


@pytest.fixture
async def installation(
    database: Database, settings: Settings
) -> AsyncIterator[Callable[[], Awaitable[Installation]]]:
    """`await installation()`: a whole one, to be broken."""
    name = f"kraftsamling_operations_{os.getpid()}_{next(_numbers)}"
    async with spare_database(database, name) as spare:

        async def make() -> Installation:
            return Installation(
                spare,
                replace(
                    settings,
                    database_url=spare.app,
                    owner_database_url=spare.owner,
                    operator_database_url=spare.operator,
                    broker_url=spare.app,
                    live_url=spare.app,
                ),
            )

        yield make


@pytest.fixture
async def whole(installation: Callable[[], Awaitable[Installation]]) -> Installation:
    return await installation()
