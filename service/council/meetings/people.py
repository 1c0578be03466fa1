"""Who is summoned to the preparatory group's meeting, and who may be noted as present."""

from typing import NamedTuple
from uuid import UUID

from tenants.roles import ROLES, Permission, Role
from tenants.scope import fetch

PREPARING = (Role.SAFETY_COORDINATOR, Role.MUNICIPAL_POLICE, Role.PREPARATORY_MEMBER)
TAKES_PART = tuple(role for role in Role if Permission.MEETING_TAKE_PART in ROLES[role])

_PEOPLE = """
SELECT person.id, person.name, min(organisation.name) AS organisation,
       bool_or(person.email IS NOT NULL) AS has_address
FROM membership
JOIN person ON person.id = membership.person_id
JOIN organisation ON organisation.id = membership.organisation_id
WHERE membership.role = ANY($1::text[]) AND membership.valid_from <= now()
  AND (membership.valid_to IS NULL OR membership.valid_to > now())
  AND (organisation.left_on IS NULL OR organisation.left_on > ks.today())
GROUP BY person.id, person.name ORDER BY person.name, person.id
"""


class Attendant(NamedTuple):
    person_id: UUID
    name: str
    organisation: str
    has_address: bool


async def preparatory_group() -> list[Attendant]:
    """The group's members now, by name."""
    return await _with_role(PREPARING)


async def possible_attendants() -> list[Attendant]:
    """Everybody who may take part now, by name."""
    return await _with_role(TAKES_PART)


async def _with_role(roles: tuple[Role, ...]) -> list[Attendant]:
    return [Attendant(*row) for row in await fetch(_PEOPLE, [str(role) for role in roles])]
