"""The audit line of a log-in that was refused, where a municipality is concerned."""

from uuid import UUID

from tenants.audit import record
from tenants.audit.origin import origin
from tenants.identity import bucket
from tenants.identity.providers import find_provider
from tenants.identity.refusal import LogInRefused
from tenants.municipalities import municipality_by_slug
from tenants.scope import fetch, fetch_value, platform_scope, tenant_scope

# Lines of one address, and of all, in one municipality: how many at once and how many an hour.
OF_ONE, OF_ALL = (120, 120), (600, 600)


async def record_refused_log_in(provider_name: str, refusal: LogInRefused) -> None:
    """One line in each municipality concerned that lets the provider in; opens its own scopes.

    That is the one which the log-in was to lead into. Where it was to lead nowhere in particular
    it is the one whose own provider it is, and those where the person is a member whom the
    provider named before the log-in was found too weak. A provider that many share tells none of
    them about the others' people. Whoever is not let in is nobody yet: the line names no person.
    """
    async with platform_scope():
        provider = await find_provider(provider_name)
    if provider is None:
        return
    for tenant_id in await _concerned(refusal, provider.id, provider.issuer):
        await _record_in(tenant_id, provider.id, refusal.kind, refusal.reason)


async def record_refused_passkey(provider_id: UUID, wanted: str, reason: str) -> None:
    """The same for a passkey, in the municipality that the log-in was to lead into."""
    if (tenant_id := await _led_into(wanted)) is not None:
        await _record_in(tenant_id, provider_id, "untrusted", reason)


async def _concerned(refusal: LogInRefused, provider_id: UUID, issuer: str) -> set[UUID]:
    led_into = await _led_into(refusal.wanted)
    if led_into is not None:
        return {led_into}
    async with platform_scope():
        own = await fetch_value("SELECT proposed_for FROM provider WHERE id = $1", provider_id)
        rows = await fetch(
            """SELECT DISTINCT tenant_id FROM identity,
                      LATERAL ks.memberships_of(identity.person_id)
               WHERE issuer = $1 AND subject = $2""",
            issuer,
            refusal.subject,
        )
    return {row["tenant_id"] for row in rows} | ({own} if own else set())


async def _led_into(wanted: str) -> UUID | None:
    slug = wanted.split("/")[1].partition("?")[0]
    municipality = await municipality_by_slug(slug) if slug else None
    return municipality.id if municipality else None


async def _record_in(tenant_id: UUID, provider_id: UUID, kind: str, reason: str) -> None:
    async with tenant_scope(tenant_id):
        if not await fetch_value(
            "SELECT true FROM accepted_provider WHERE provider_id = $1", provider_id
        ):
            return
        sender = bucket.sender_of(origin().address)
        for who, (size, per_hour) in ((f"{tenant_id} {sender}", OF_ONE), (f"{tenant_id}", OF_ALL)):
            if not await bucket.take("line", who, size=size, per_second=per_hour / 3600):
                return
        await record(
            by=None,
            verb="log_in.refused",
            object_kind="provider",
            object_id=provider_id,
            detail={"kind": kind, "reason": reason},
        )
