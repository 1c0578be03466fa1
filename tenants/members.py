"""Who is asking: the person of a session, and what it is in the open scope's municipality."""

from dataclasses import dataclass, field
from uuid import UUID

from tenants.identity.sessions import ABSOLUTE_LIMIT, IDLE_LIMIT, token_hash
from tenants.roles import Permission, PictureView, Role, permissions_of, picture_view
from tenants.scope import execute, fetch


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

    def may(self, permission: Permission) -> bool:
        return permission in self.permissions

    @property
    def picture_view(self) -> PictureView | None:
        return picture_view(self.permissions)


# Session, person and membership in one round trip. A session counts only while its provider is
# in use and where it is accepted; a membership only between its dates. What is idle or too old
# does not exist.
_FIND = """
SELECT person.id AS person_id, person.name, membership.role, membership.seat,
       membership.organisation_id, organisation.name AS organisation_name,
       organisation.is_authority,
       session.seen_at < now() - interval '60 seconds' AS stale
FROM session
JOIN person ON person.id = session.person_id
JOIN provider ON provider.id = session.provider_id AND provider.withdrawn_at IS NULL
LEFT JOIN accepted_provider ON accepted_provider.provider_id = session.provider_id
LEFT JOIN membership ON membership.person_id = person.id
     AND accepted_provider.provider_id IS NOT NULL
     AND membership.valid_from <= now()
     AND (membership.valid_to IS NULL OR membership.valid_to > now())
LEFT JOIN organisation ON organisation.id = membership.organisation_id
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
    if municipality is None or first["role"] is None:
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
    )


async def still_permitted(person_id: UUID, permission: Permission) -> bool:
    """Whether `person_id` holds `permission` now in the open scope's municipality."""
    rows = await fetch(
        """SELECT role FROM membership WHERE person_id = $1 AND valid_from <= now()
           AND (valid_to IS NULL OR valid_to > now())""",
        person_id,
    )
    return permission in permissions_of(frozenset(Role(row["role"]) for row in rows))
