"""The person behind an identity. The key is (issuer, subject), never an address or a name."""

import unicodedata
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from tenants.audit import record
from tenants.founding import add_membership, add_organisation, add_person
from tenants.identity.refusal import OwnedByAnother
from tenants.members import MunicipalityRef
from tenants.municipalities import all_municipalities
from tenants.roles import Role
from tenants.scope import execute, fetch, fetch_row, fetch_value, platform_scope, tenant_scope

LONGEST_NAME = 120
LONGEST_ADDRESS = 254


async def person_of_identity(issuer: str, subject: str, claims: dict[str, Any]) -> UUID:
    """The person that `issuer` knows as `subject`, made now when nobody is."""
    return await add_person(
        issuer=issuer,
        subject=subject,
        name=name_in(claims) or subject[:LONGEST_NAME],
        email=_text(claims.get("email"), LONGEST_ADDRESS),
    )


async def link_identity(person_id: UUID, issuer: str, subject: str) -> UUID:
    """Make what `issuer` knows as `subject` a further identity of the person; returns the person.

    Both sides were proved a moment ago by whoever asked. Raises OwnedByAnother when the identity
    is somebody else's: two people are never made one by themselves.
    """
    await execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"{issuer} {subject}")
    owner = await fetch_value(
        "SELECT person_id FROM identity WHERE issuer = $1 AND subject = $2", issuer, subject
    )
    if owner is None:
        await execute(
            "INSERT INTO identity (issuer, subject, person_id) VALUES ($1, $2, $3)",
            issuer,
            subject,
            person_id,
        )
    elif owner != person_id:
        raise OwnedByAnother("the identity is somebody else's")
    return person_id


async def record_linked(person_id: UUID) -> None:
    """The audit line, in each municipality of the person, that they have a further log-in now.

    Opens scopes of its own.
    """
    async with platform_scope():
        rows = await fetch("SELECT DISTINCT tenant_id FROM ks.memberships_of($1)", person_id)
    for row in rows:
        async with tenant_scope(row["tenant_id"]):
            await record(by=None, verb="identity.linked", object_kind="person", object_id=person_id)


def name_in(claims: dict[str, Any]) -> str | None:
    """The name that the claims give, as plain text of at most 120 characters."""
    whole = _text(claims.get("name"), LONGEST_NAME)
    if whole:
        return whole
    parts = [_text(claims.get(part), LONGEST_NAME) for part in ("given_name", "family_name")]
    return " ".join(part for part in parts if part)[:LONGEST_NAME] or None


async def join_where_welcome(person_id: UUID, provider_id: UUID, *, next_path: str) -> None:
    """Give a person the role that a municipality grants strangers of this provider, if any does.

    Somebody who belongs somewhere is only let into the municipality that was asked for. Opens
    scopes of its own. In production no municipality has such a role to give.
    """
    async with platform_scope():
        belongs = await fetch_value("SELECT count(*) FROM ks.memberships_of($1)", person_id)
        everywhere = await all_municipalities()
    wanted = next_path.split("/")[1].partition("?")[0]
    for municipality in everywhere:
        if not belongs or municipality.slug == wanted:
            await _join(person_id, provider_id, municipality)


async def _join(person_id: UUID, provider_id: UUID, municipality: MunicipalityRef) -> None:
    async with tenant_scope(municipality.id):
        welcome = await fetch_row(
            """SELECT join_role, label FROM accepted_provider
               JOIN provider ON provider.id = accepted_provider.provider_id
               WHERE provider_id = $1 AND join_role IS NOT NULL""",
            provider_id,
        )
        if welcome is None:
            return
        await execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 1))", str(person_id))
        # Also a membership that has ended counts: who was shut out does not walk in again.
        if await fetch("SELECT 1 FROM membership WHERE person_id = $1", person_id):
            return
        organisation_id = await _organisation_of_guests(welcome["label"])
        await add_membership(
            person_id=person_id,
            organisation_id=organisation_id,
            role=Role(welcome["join_role"]),
        )


async def _organisation_of_guests(name: str) -> UUID:
    known = await fetch_value(
        "SELECT id FROM organisation WHERE name = $1 AND left_on IS NULL LIMIT 1", name
    )
    if known is not None:
        return UUID(str(known))
    return await add_organisation(
        name=name, actor_type="public", is_authority="no", joined_on=datetime.now(UTC).date()
    )


def _text(value: Any, longest: int) -> str | None:
    """A claim as plain text: no control characters, no lone surrogates, not too long."""
    if not isinstance(value, str):
        return None
    kept = "".join(
        " " if unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp", "Cf") else character
        for character in value[: longest * 4]
    )
    return " ".join(kept.split())[:longest] or None
