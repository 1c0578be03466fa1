"""Who is in a municipality, and who is invited."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from tenants.scope import fetch


@dataclass(frozen=True)
class Person:
    """A membership that holds now, with the name of its person."""

    membership_id: UUID
    person_id: UUID
    name: str
    email: str | None
    role: str
    since: datetime


@dataclass(frozen=True)
class Waiting:
    """An invitation that nobody has answered; an expired one is shown until it is taken back."""

    id: UUID
    email: str
    roles: list[str]
    expires_at: datetime
    expired: bool


@dataclass(frozen=True)
class OrganisationPeople:
    """An organisation that takes part, with its people and the open invitations to it."""

    id: UUID
    name: str
    actor_type: str
    is_authority: str
    people: list[Person]
    waiting: list[Waiting]


async def organisations_with_people(
    only: Collection[UUID] | None = None,
) -> list[OrganisationPeople]:
    """Those in the open scope's municipality, by name; `only` those where it is given."""
    wanted = None if only is None else list(only)
    organisations = await fetch(
        """SELECT id, name, actor_type, is_authority FROM organisation
           WHERE left_on IS NULL AND ($1::uuid[] IS NULL OR id = ANY ($1)) ORDER BY name, id""",
        wanted,
    )
    people = await fetch(
        """SELECT membership.id AS membership_id, person_id, person.name, person.email, role,
                  valid_from AS since, organisation_id
           FROM membership JOIN person ON person.id = person_id
           WHERE valid_from <= now() AND (valid_to IS NULL OR valid_to > now())
             AND ($1::uuid[] IS NULL OR organisation_id = ANY ($1))
           ORDER BY person.name, membership.id""",
        wanted,
    )
    waiting = await fetch(
        """SELECT id, email, roles, expires_at, expires_at <= now() AS expired, organisation_id
           FROM invitation WHERE ($1::uuid[] IS NULL OR organisation_id = ANY ($1))
             AND NOT EXISTS (SELECT 1 FROM invitation_end WHERE invitation_id = invitation.id)
           ORDER BY email, id""",
        wanted,
    )
    return [
        OrganisationPeople(
            **dict(one),
            people=[Person(**line) for line in _of(one["id"], people)],
            waiting=[Waiting(**line) for line in _of(one["id"], waiting)],
        )
        for one in organisations
    ]


def _of(organisation_id: UUID, rows: Iterable[Any]) -> list[dict[str, Any]]:
    """The rows of one organisation, without its id."""
    return [
        {name: value for name, value in row.items() if name != "organisation_id"}
        for row in rows
        if row["organisation_id"] == organisation_id
    ]
