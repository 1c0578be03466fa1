"""Found a municipality, which is the operator's right, and put people into it."""

from collections.abc import Collection
from datetime import date
from uuid import UUID, uuid4

from tenants.ceilings import Ceiling
from tenants.roles import Role
from tenants.scope import execute, fetch_value, operator_scope


async def found_municipality(
    *, code: str, slug: str, name: str, demonstration: bool = False
) -> UUID:
    """The id of the municipality with `code`, made now unless it is there already."""
    async with operator_scope():
        await execute(
            """INSERT INTO municipality (id, code, slug, name, demonstration)
               VALUES ($1, $2, $3, $4, $5) ON CONFLICT (code) DO NOTHING""",
            uuid4(),
            code,
            slug,
            name,
            demonstration,
        )
        return await fetch_value("SELECT id FROM municipality WHERE code = $1", code)


async def add_organisation(
    *, name: str, actor_type: str, is_authority: str, joined_on: date, left_on: date | None = None
) -> UUID:
    """A new organisation in the open scope's municipality."""
    return await fetch_value(
        """INSERT INTO organisation
               (tenant_id, id, name, actor_type, is_authority, joined_on, left_on)
           VALUES (ks.current_tenant(), $1, $2, $3, $4, $5, $6) RETURNING id""",
        uuid4(),
        name,
        actor_type,
        is_authority,
        joined_on,
        left_on,
    )


async def add_person(*, issuer: str, subject: str, name: str, email: str | None = None) -> UUID:
    """The person behind `issuer` + `subject`, made now unless it is known; any scope will do."""
    # Two first log-ins at once must not make two people of one.
    await execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"{issuer} {subject}")
    known = await fetch_value(
        "SELECT person_id FROM identity WHERE issuer = $1 AND subject = $2", issuer, subject
    )
    if known is not None:
        return known
    person_id = uuid4()
    await execute(
        "INSERT INTO person (id, name, email) VALUES ($1, $2, $3)", person_id, name, email
    )
    await execute(
        "INSERT INTO identity (issuer, subject, person_id) VALUES ($1, $2, $3)",
        issuer,
        subject,
        person_id,
    )
    return person_id


async def add_membership(
    *, person_id: UUID, organisation_id: UUID, role: Role, seat: str | None = None
) -> UUID:
    """Give `person_id` a role in the open scope's municipality from now on."""
    return await fetch_value(
        """INSERT INTO membership (tenant_id, id, person_id, organisation_id, role, seat)
           VALUES (ks.current_tenant(), $1, $2, $3, $4, $5) RETURNING id""",
        uuid4(),
        person_id,
        organisation_id,
        role,
        seat,
    )


async def accept_provider(
    provider_id: UUID,
    *,
    join_role: Role | None = None,
    organisations: Collection[UUID] | None = None,
    ceiling: Ceiling = Ceiling.RUNNING,
) -> None:
    """Let people whom that provider logs in enter the open scope's municipality, from now on.

    They may speak for `organisations` (None: for every one) in roles up to `ceiling`. Called
    again, it renews what was said before.
    """
    await execute(
        """INSERT INTO accepted_provider (tenant_id, provider_id, join_role, every_organisation,
                                          ceiling, enabled_at)
           VALUES (ks.current_tenant(), $1, $2, $3, $4, now())
           ON CONFLICT (tenant_id, provider_id) DO UPDATE
           SET join_role = excluded.join_role, every_organisation = excluded.every_organisation,
               ceiling = excluded.ceiling, version = accepted_provider.version + 1,
               enabled_at = coalesce(accepted_provider.enabled_at, excluded.enabled_at)""",
        provider_id,
        join_role,
        organisations is None,
        ceiling,
    )
    await speaks_for(provider_id, organisations or ())


async def speaks_for(provider_id: UUID, organisations: Collection[UUID]) -> None:
    """Let the accepted provider vouch for members of exactly these organisations."""
    await execute("DELETE FROM accepted_organisation WHERE provider_id = $1", provider_id)
    await execute(
        """INSERT INTO accepted_organisation (tenant_id, provider_id, organisation_id)
           SELECT ks.current_tenant(), $1, organisation.id FROM organisation
           WHERE organisation.id = ANY($2::uuid[])""",
        provider_id,
        list(organisations),
    )
