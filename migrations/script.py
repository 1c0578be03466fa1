"""A migration made of SQL scripts."""

from collections.abc import Awaitable, Callable

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from tenants.scope import execute


def _running(script: str) -> Callable[[], Awaitable[None]]:
    async def run() -> None:
        await execute(script)

    return run


def migration(
    migration_id: str, description: str, *scripts: str
) -> Callable[[], Awaitable[MigrationManager]]:
    """The `forwards` of a migration that runs `scripts` in order, several statements in each.

    Piccolo cannot make keys that begin with the tenant, so that nothing is generated; it keeps
    the order. The caller's scope is the transaction.
    """

    async def forwards() -> MigrationManager:
        manager = MigrationManager(
            migration_id=migration_id,
            app_name="kraftsamling",
            description=description,
            wrap_in_transaction=False,
        )
        for script in scripts:
            manager.add_raw(_running(script))
        return manager

    return forwards
