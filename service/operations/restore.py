"""`kraftsamling restore`: one municipality as it was, while all others go on."""

from service.settings import Settings
from tenants import audit
from tenants.audit.verify import report_all
from tenants.engines import close_engines, open_engines
from tenants.jobs import ask
from tenants.restoring import Restored, restore_municipality
from tenants.scope import execute, fetch_value, operator_scope, tenant_scope


async def restore(settings: Settings, slug: str, copy_url: str) -> tuple[Restored, list[str]]:
    """Close the municipality, bring back its rows, open it again; compile its picture anew.

    Also what its log says when it is read through afterwards, a line each. What fails leaves the
    municipality as it was, open if it was open. Raises CannotRestore.
    """
    await open_engines(
        settings.database_url,
        broker_url=settings.broker_url,
        live_url=settings.live_url,
        size=2,
        operator_url=settings.operator_database_url,
    )
    try:
        was_open = await _close(slug)
        try:
            restored = await restore_municipality(settings.owner_database_url, copy_url, slug)
        finally:
            if was_open:
                await _open(slug)
        async with tenant_scope(restored.tenant_id):
            await audit.record(
                by=None,
                verb="municipality.restore",
                object_kind="municipality",
                object_id=restored.tenant_id,
                detail={"rows": sum(restored.rows.values())},
            )
            await ask("picture.compile")
            # What was old enough to go since the copy was made has come back with it.
            await ask("records.dispose")
        return restored, (await report_all(slug, None))[1]
    finally:
        await close_engines()


async def _close(slug: str) -> bool:
    async with operator_scope():
        return bool(
            await fetch_value(
                """UPDATE municipality SET suspended_at = now()
                   WHERE slug = $1 AND suspended_at IS NULL RETURNING true""",
                slug,
            )
        )


async def _open(slug: str) -> None:
    async with operator_scope():
        await execute("UPDATE municipality SET suspended_at = NULL WHERE slug = $1", slug)
