"""Let a municipality in: found it, then lay out all that it begins with; or turn it down."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

from service.council.seats.lay_out import lay_out_seats
from service.cycle.mapping.lay_out import lay_out_areas, lay_out_categories
from service.entrance import agreement
from service.geography.areas import areas_of
from service.geography.municipalities import MunicipalityName, municipalities
from service.web.language import _
from tenants.audit.recording import record_of_person
from tenants.founding import add_organisation
from tenants.identity.passkeys import accept_passkeys
from tenants.people.invite import send_invitation
from tenants.roles import Role
from tenants.scope import (
    execute,
    fetch_value,
    operator_scope,
    platform_scope,
    tenant_scope,
)
from tenants.signup.ask import InUse, NoSignUp, SigningUp, sign_up_by_id, take_step, waiting

FIRST_ROLES = (Role.SAFETY_COORDINATOR, Role.TENANT_ADMIN)


class NotAgreed(ValueError):
    """The municipality has not accepted the agreement yet."""


async def approve(sign_up_id: UUID, *, person_id: UUID | None, secret_key: str) -> str:
    """The slug of the municipality that is let in; its contact is invited by letter.

    Approving again finishes what was cut short and otherwise changes nothing. Raises NoSignUp,
    NotAgreed, InUse. Opens scopes of its own.
    """
    async with platform_scope():
        found = await sign_up_by_id(sign_up_id)
    if found.agreed_at is None:
        raise NotAgreed(sign_up_id)
    town = next(one for one in municipalities() if one.code == found.code)
    async with operator_scope():
        tenant_id = await _found(found, town, person_id)
    async with tenant_scope(tenant_id):
        await _furnish(found, town, person_id, secret_key)
    return town.slug


async def refuse(sign_up_id: UUID, *, person_id: UUID | None) -> None:
    """Turn it down: its link is dead from now on. Raises NoSignUp when it is decided already."""
    async with operator_scope():
        if not await take_step(sign_up_id, "refused", person_id=person_id):
            raise NoSignUp()


async def approve_by_slug(slug: str, *, secret_key: str) -> SigningUp:
    """Approve the oldest sign-up that waits for that municipality. Raises NoSignUp, InUse."""
    code = next((one.code for one in municipalities() if one.slug == slug), None)
    async with platform_scope():
        found = next((one for one in await waiting() if one.code == code), None)
    if found is None:
        raise NoSignUp()
    await approve(found.id, person_id=None, secret_key=secret_key)
    return found


async def _found(found: SigningUp, town: MunicipalityName, person_id: UUID | None) -> UUID:
    """The municipality of this very sign-up, founded now or when the approval was cut short."""
    founded: UUID | None = await fetch_value(
        """INSERT INTO municipality (id, code, slug, name) VALUES ($1, $2, $3, $4)
           ON CONFLICT (code) DO NOTHING RETURNING id""",
        uuid4(),
        town.code,
        town.slug,
        town.name,
    )
    if founded is not None:
        if not await take_step(found.id, "approved", person_id=person_id):
            raise NoSignUp()  # Refused at the same moment.
        return founded
    if found.approved_at is None:
        raise InUse(town.code)
    return UUID(str(await fetch_value("SELECT id FROM municipality WHERE code = $1", town.code)))


async def _furnish(
    found: SigningUp, town: MunicipalityName, person_id: UUID | None, secret_key: str
) -> None:
    if not await take_step(found.id, "furnished"):
        return
    await lay_out_categories()
    await lay_out_areas(areas_of(town.code))
    await lay_out_seats()
    await accept_passkeys()
    organisation_id = await add_organisation(
        name=_("%(name)s kommun", name=town.name),
        actor_type="municipal_other",
        is_authority="yes",
        joined_on=datetime.now(UTC).date(),
    )
    await execute(
        """INSERT INTO processing_agreement (tenant_id, version, text_hash, accepted_by, email,
                                             accepted_at)
           VALUES (ks.current_tenant(), $1, $2, $3, $4, $5)""",
        found.version,
        agreement.fingerprint(found.version or ""),
        f"{found.contact}, {found.title}",
        found.email,
        found.agreed_at,
    )
    await record_of_person(
        None, verb="agreement.accept", object_kind="agreement", object_id=found.version
    )
    await record_of_person(person_id, verb="municipality.approve", object_kind="municipality")
    await send_invitation(
        by=None,
        email=found.email,
        organisation_id=organisation_id,
        roles=FIRST_ROLES,
        secret_key=secret_key,
    )
