"""The audit of what the public knows, on a schedule and as a command; the change of its key."""

from datetime import timedelta

from service.cycle.feedback.disclosure import Audit, Leak, audit_publications
from tenants import audit
from tenants.record_secrets import rotate_record_secret
from tenants.scope import fetch, fetch_value, platform_scope, tenant_scope

WEEK_WITHOUT_ITS_MONDAY = timedelta(days=6)


async def audit_and_record() -> Audit:
    """Audit the open scope's publications and leave a line of what was found in its log."""
    found = await audit_publications()
    if found.publications:
        await audit.record(
            by=None,
            verb="disclosure.audit",
            object_kind="publication",
            detail={
                "publications": found.publications,
                "told": found.told,
                "hidden": found.hidden,
                "leaks": len(found.leaks),
            },
        )
    return found


async def report_all(slug: str | None) -> tuple[bool, list[str]]:
    """Whether nothing can be worked out, and what to say of it line by line, of one municipality
    or of all; no lines when there is no such one. Opens scopes of its own.
    """
    async with platform_scope():
        rows = await fetch(
            "SELECT id, slug FROM municipality WHERE $1::text IS NULL OR slug = $1 ORDER BY slug",
            slug,
        )
    sound, lines = True, []
    for row in rows:
        async with tenant_scope(row["id"]):
            found = await audit_publications()
        sound = sound and found.sound
        state = "safe" if found.sound else "NOT SAFE"
        lines.append(
            f"{row['slug']}: {found.publications} publications, {found.told} numbers, "
            f"{found.hidden} hidden counts, {state}"
        )
        lines += [f"  {_line(leak)}" for leak in found.leaks]
        if found.contradictory:
            lines.append("  the numbers contradict each other: some did not come through the gate")
    return sound, lines


async def rotate(slug: str, secret_key: str) -> int | None:
    """The version of the municipality's new secret, None without such a one. Opens scopes."""
    async with platform_scope():
        tenant_id = await fetch_value("SELECT id FROM municipality WHERE slug = $1", slug)
    if tenant_id is None:
        return None
    async with tenant_scope(tenant_id):
        version = await rotate_record_secret(secret_key)
        await audit.record(
            by=None,
            verb="disclosure.rotate",
            object_kind="publication",
            detail={"version": version},
        )
    return version


def _line(leak: Leak) -> str:
    at, found = leak.hidden, leak.found
    where = ", ".join(name for name in (leak.area, leak.group) if name)
    size = f"{found.low}" if found.low == found.high else f"{found.low}–{found.high}"
    return f"{at.first}–{at.last + WEEK_WITHOUT_ITS_MONDAY} {where}: {size}"
