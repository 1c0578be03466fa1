"""Suspend a municipality and take it back: its sessions, streams and jobs are refused meanwhile."""

from uuid import UUID

from tenants.audit.recording import record_of_person
from tenants.municipalities import forget
from tenants.scope import fetch_value, operator_scope, tenant_scope


async def suspend(slug: str, *, person_id: UUID | None, reason: str | None) -> bool:
    """Whether there is such a municipality in use; nothing of it is answered from now on.

    Other processes remember a municipality for some seconds. Opens scopes of its own.
    """
    async with operator_scope():
        tenant_id = await fetch_value(
            """UPDATE municipality SET suspended_at = now()
               WHERE slug = $1 AND suspended_at IS NULL RETURNING id""",
            slug,
        )
    return await _tell(tenant_id, slug, "municipality.suspend", person_id, reason)


async def resume(slug: str, *, person_id: UUID | None) -> bool:
    """Whether there is such a municipality that was suspended. Opens scopes of its own."""
    async with operator_scope():
        tenant_id = await fetch_value(
            """UPDATE municipality SET suspended_at = NULL
               WHERE slug = $1 AND suspended_at IS NOT NULL RETURNING id""",
            slug,
        )
    return await _tell(tenant_id, slug, "municipality.resume", person_id, None)


async def _tell(
    tenant_id: UUID | None, slug: str, verb: str, person_id: UUID | None, reason: str | None
) -> bool:
    forget(slug)
    if tenant_id is None:
        return False
    async with tenant_scope(tenant_id):
        await record_of_person(person_id, verb=verb, object_kind="municipality", reason=reason)
    return True
