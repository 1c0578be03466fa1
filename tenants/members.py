"""Who is asking: the person of a session, and what it is in the open scope's municipality."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from tenants.ceilings import Ceiling, roles_within
from tenants.identity.assurance import LOWEST, Levels
from tenants.identity.sessions import ABSOLUTE_LIMIT, IDLE_LIMIT, token_hash
from tenants.roles import (
    THROUGH_GLASS,
    Permission,
    PictureView,
    Role,
    permissions_of,
    picture_view,
)
from tenants.scope import execute, fetch, fetch_row


@dataclass(frozen=True)
class MunicipalityRef:
    """What every page needs to know about its municipality."""

    id: UUID
    slug: str
    name: str
    code: str
    demonstration: bool


@dataclass(frozen=True)
class Visitor:
    """A logged-in person, outside any municipality."""

    person_id: UUID
    name: str


@dataclass(frozen=True)
class Glass:
    """The platform's operator looks into the municipality, for a reason and until a time."""

    reason: str
    ends_at: datetime


@dataclass(frozen=True)
class Member:
    """A person in one municipality, with the rights that hold at this request.

    `seat` is the key of the seat in the steering group, for who holds one.
    """

    person_id: UUID
    name: str
    municipality: MunicipalityRef
    roles: frozenset[Role]
    organisation_id: UUID | None
    organisation_name: str
    is_authority: bool
    seat: str | None = None
    permissions: frozenset[Permission] = field(default_factory=frozenset)
    assurance: int = LOWEST
    """How sure the log-in was, 1 to 4, as this municipality reads its provider."""
    authenticated_at: datetime | None = None
    provider_name: str = ""
    # Set for the platform's operator alone, who belongs to no municipality.
    glass: Glass | None = None
    # Set for a system that speaks for an organisation, with a key and no log-in.
    key_id: UUID | None = None
    # Until when the operator may look in, for the members to see; None when nobody may.
    watched_until: datetime | None = None

    def may(self, permission: Permission) -> bool:
        return permission in self.permissions

    @property
    def picture_view(self) -> PictureView | None:
        return picture_view(self.permissions)


# Session, person and membership in one round trip. A session counts only while its provider is
# in use, and where it is accepted and open; a membership only between its dates, while its
# organisation takes part, and where the session's provider may speak for that organisation. What
# is idle or too old does not exist.
_FIND = """
SELECT person.id AS person_id, person.name, membership.role, membership.seat,
       membership.organisation_id, organisation.name AS organisation_name,
       organisation.is_authority, accepted.ceiling,
       session.acr, session.amr, session.authenticated_at, provider.name AS provider_name,
       coalesce(accepted.assurance, provider.assurance) AS acr_levels,
       coalesce(accepted.methods, provider.methods) AS amr_levels,
       session.seen_at < now() - interval '60 seconds' AS stale,
       (SELECT max(ends_at) FROM broken_glass
        WHERE closed_at IS NULL AND ends_at > now()) AS watched_until
FROM session
JOIN person ON person.id = session.person_id
JOIN provider ON provider.id = session.provider_id
     AND provider.withdrawn_at IS NULL AND provider.approved_at IS NOT NULL
LEFT JOIN accepted_provider AS accepted
     ON accepted.provider_id = session.provider_id AND accepted.enabled_at IS NOT NULL
LEFT JOIN (membership JOIN organisation ON organisation.id = membership.organisation_id
           AND (organisation.left_on IS NULL OR organisation.left_on > ks.today()))
     ON membership.person_id = person.id
     AND membership.valid_from <= now()
     AND (membership.valid_to IS NULL OR membership.valid_to > now())
     AND (accepted.every_organisation OR EXISTS (
          SELECT 1 FROM accepted_organisation AS speaks
          WHERE speaks.provider_id = accepted.provider_id
            AND speaks.organisation_id = membership.organisation_id))
WHERE session.token_hash = $1
  AND session.seen_at > now() - $2::interval
  AND session.created_at > now() - $3::interval
ORDER BY membership.valid_from, membership.id
"""


async def find_member(
    token: str, municipality: MunicipalityRef | None, *, seen: bool = True
) -> Member | Visitor | None:
    """Who holds the session of `token`; None when no live session does.

    In a municipality's scope the answer is a `Member` when the person belongs there, otherwise
    (and in the platform's scope) a `Visitor`. Writes the session's last-seen once a minute, if
    the asking is the person's own act (`seen`).
    """
    hashed = token_hash(token)
    rows = await fetch(_FIND, hashed, IDLE_LIMIT, ABSOLUTE_LIMIT)
    if not rows:
        return None
    first = rows[0]
    if seen and first["stale"]:
        await execute("UPDATE session SET seen_at = now() WHERE token_hash = $1", hashed)
    rows = [row for row in rows if row["role"] is not None and _is_within_ceiling(row)]
    if municipality is not None and not rows and first["watched_until"] is not None:
        operator = await _through_glass(first["person_id"], first["name"], municipality)
        if operator is not None:
            return operator
    if municipality is None or not rows:
        return Visitor(first["person_id"], first["name"])
    roles = frozenset(Role(row["role"]) for row in rows)
    # Who reports speaks for the organisation of the reporting membership, if there are several.
    speaking = min(rows, key=lambda row: row["role"] not in (Role.REPORTER, Role.ORG_CONTACT))
    return Member(
        person_id=first["person_id"],
        name=first["name"],
        municipality=municipality,
        roles=roles,
        organisation_id=speaking["organisation_id"],
        organisation_name=speaking["organisation_name"],
        is_authority=speaking["is_authority"] == "yes",
        seat=next((row["seat"] for row in rows if row["seat"]), None),
        permissions=permissions_of(roles),
        watched_until=first["watched_until"],
        assurance=Levels(json.loads(first["acr_levels"]), json.loads(first["amr_levels"])).of(
            first["acr"], first["amr"]
        ),
        authenticated_at=first["authenticated_at"],
        provider_name=first["provider_name"],
    )


async def _through_glass(
    person_id: UUID, name: str, municipality: MunicipalityRef
) -> Member | None:
    """The platform's operator as long as a glass of theirs is broken in the open scope."""
    row = await fetch_row(
        """SELECT reason, ends_at FROM broken_glass
           JOIN platform_operator USING (person_id)
           WHERE person_id = $1 AND dismissed_at IS NULL AND closed_at IS NULL AND ends_at > now()
           ORDER BY ends_at DESC LIMIT 1""",
        person_id,
    )
    if row is None:
        return None
    return Member(
        person_id=person_id,
        name=name,
        municipality=municipality,
        roles=frozenset({Role.PLATFORM_OPERATOR}),
        organisation_id=None,
        organisation_name="",
        is_authority=False,
        permissions=THROUGH_GLASS,
        glass=Glass(row["reason"], row["ends_at"]),
        watched_until=row["ends_at"],
    )


async def is_platform_operator(person_id: UUID) -> bool:
    """Whether `person_id` runs the platform; any scope will do."""
    return bool(
        await fetch(
            "SELECT 1 FROM platform_operator WHERE person_id = $1 AND dismissed_at IS NULL",
            person_id,
        )
    )


def _is_within_ceiling(row: Any) -> bool:
    return Role(row["role"]) in roles_within(Ceiling(row["ceiling"]))


async def still_permitted(person_id: UUID, permission: Permission) -> bool:
    """Whether `person_id` holds `permission` now in the open scope's municipality."""
    rows = await fetch(
        """SELECT role FROM membership
           JOIN organisation ON organisation.id = membership.organisation_id
                AND (left_on IS NULL OR left_on > ks.today())
           WHERE person_id = $1 AND valid_from <= now()
             AND (valid_to IS NULL OR valid_to > now())""",
        person_id,
    )
    return permission in permissions_of(frozenset(Role(row["role"]) for row in rows))


async def term_ended_at(person_id: UUID, permission: Permission) -> datetime | None:
    """When the last membership that gave `person_id` the permission here ended; None if none did.

    Of the open scope's municipality; a membership that has not begun is none.
    """
    rows = await fetch(
        """SELECT role, valid_to FROM membership WHERE person_id = $1 AND valid_to <= now()
           ORDER BY valid_to DESC""",
        person_id,
    )
    for row in rows:
        if permission in permissions_of(frozenset({Role(row["role"])})):
            return row["valid_to"]
    return None
