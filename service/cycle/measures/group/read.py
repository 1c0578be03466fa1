"""The working group of a problem as its page shows it."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from service.cycle.mapping.week import local_day
from service.cycle.measures.group.assemble import LETTER
from service.cycle.measures.group.standing import LEADS
from tenants.members import Member
from tenants.roles import Permission
from tenants.scope import fetch


@dataclass(frozen=True)
class Place:
    """`state` is invited, accepted, declined or left, since `since`.

    `letter` is what became of the invitation: sent, waits, none (no address) or refused.
    """

    id: UUID
    person_id: UUID
    name: str
    organisation_id: UUID
    organisation: str
    organisation_left_on: date | None
    leads: bool
    state: str
    since: datetime
    letter: str

    @property
    def stands(self) -> bool:
        return self.state in ("invited", "accepted")


@dataclass(frozen=True)
class Group:
    """`past` are those who said no or left, for who assembles groups; `own` is the reader's."""

    places: list[Place]
    past: list[Place]
    own: Place | None
    may_assemble: bool

    @property
    def led(self) -> bool:
        return any(place.leads for place in self.places)


_PLACES = f"""
SELECT group_member.id, group_member.person_id, person.name, group_member.organisation_id,
       organisation.name AS organisation, organisation.left_on,
       {LEADS} AS leads,
       CASE WHEN group_departure.ended_at IS NOT NULL THEN 'left'
            WHEN NOT group_answer.accepted THEN 'declined'
            WHEN membership.valid_to <= now() THEN 'left'
            WHEN group_answer.accepted THEN 'accepted' ELSE 'invited' END AS state,
       coalesce(ended_at, CASE WHEN NOT accepted THEN answered_at END, membership.valid_to,
                answered_at, invited_at) AS since,
       CASE WHEN letter.id IS NULL THEN 'none' WHEN letter.refused IS NOT NULL THEN 'refused'
            WHEN letter.sent_at IS NULL THEN 'waits' ELSE 'sent' END AS letter
FROM group_member
JOIN working_group ON working_group.id = group_member.group_id
JOIN person ON person.id = group_member.person_id
JOIN organisation ON organisation.id = group_member.organisation_id
JOIN membership ON membership.id = group_member.membership_id
LEFT JOIN group_answer ON group_answer.group_member_id = group_member.id
LEFT JOIN group_departure ON group_departure.group_member_id = group_member.id
LEFT JOIN letter ON letter.kind = $2 AND letter.about = group_member.id
WHERE problem_id = $1
ORDER BY leads DESC, organisation.name, person.name, invited_at
"""


async def read_group(problem_id: UUID, *, by: Member) -> Group:
    """The group as `by` may see it; without places when there is none yet."""
    today = local_day()
    places = []
    for row in await fetch(_PLACES, problem_id, LETTER):
        stands = row["state"] in ("invited", "accepted")
        left = row["left_on"]
        places.append(
            Place(
                id=row["id"],
                person_id=row["person_id"],
                name=row["name"],
                organisation_id=row["organisation_id"],
                organisation=row["organisation"],
                organisation_left_on=left if left is not None and left <= today else None,
                leads=row["leads"] and stands,
                state=row["state"],
                since=row["since"],
                letter=row["letter"],
            )
        )
    standing = [place for place in places if place.stands]
    assembles = by.may(Permission.GROUP_ASSEMBLE)
    return Group(
        places=standing,
        past=[place for place in places if not place.stands] if assembles else [],
        own=next((place for place in standing if place.person_id == by.person_id), None),
        may_assemble=assembles,
    )
