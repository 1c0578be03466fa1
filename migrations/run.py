"""Bring a database up to date: all waiting migrations in one transaction, or none."""

from contextlib import redirect_stdout
from io import StringIO

from piccolo.apps.migrations.commands.forwards import run_forwards

from tenants.scope import execute, owner_scope

# Any number will do, as long as every starting process takes the same one.
_ONE_AT_A_TIME = 4711_2023_196


class MigrationFailed(RuntimeError):
    """The history could not be brought up to date; the database is as it was."""


async def migrate(owner_dsn: str) -> None:
    """Run what has not run, as `ks_owner`; several starting at once wait for each other."""
    async with owner_scope(owner_dsn):
        await execute(f"SELECT pg_advisory_xact_lock({_ONE_AT_A_TIME})")
        with redirect_stdout(StringIO()):
            result = await run_forwards("kraftsamling")
        if not result.success:
            raise MigrationFailed(result.message or "unknown")
        await execute("GRANT SELECT ON ks.migration TO ks_app")
