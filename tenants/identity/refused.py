"""The audit line of a log-in that was refused, where it was meant to lead."""

from tenants.audit import record
from tenants.identity.providers import find_provider
from tenants.identity.refusal import LogInRefused
from tenants.municipalities import municipality_by_slug
from tenants.scope import fetch_value, platform_scope, tenant_scope


async def record_refused_log_in(provider_name: str, refusal: LogInRefused) -> None:
    """One line in the municipality that the log-in was to lead into, if it takes that provider.

    Whoever is not let in is nobody yet, so that the line names no person. Opens scopes of its own.
    """
    slug = refusal.wanted.split("/")[1].partition("?")[0]
    municipality = await municipality_by_slug(slug) if slug else None
    if municipality is None:
        return
    async with platform_scope():
        provider = await find_provider(provider_name)
    if provider is None:
        return
    async with tenant_scope(municipality.id):
        if await fetch_value(
            "SELECT true FROM accepted_provider WHERE provider_id = $1", provider.id
        ):
            await record(
                by=None,
                verb="log_in.refused",
                object_kind="provider",
                object_id=provider.id,
                detail={"kind": refusal.kind, "reason": refusal.reason},
            )
