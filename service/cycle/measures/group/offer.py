"""Who is offered for a working group: those who report there, and those who can act on a cause."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from service.cycle.analysis.find import FoundProblem
from service.cycle.mapping.week import local_day, now, week_of
from service.cycle.measures.group.standing import STANDS
from service.web.language import _, later
from tenants.members import Member
from tenants.roles import Permission, Role
from tenants.scope import fetch

REPORTING_WEEKS = 26

# Side of the crime triangle, actor type, and what such an actor can do about it.
CAN_ACT = (
    ("place", "municipal_technical", later("sköter gator, belysning och grönytor")),
    ("place", "municipal_environment", later("har tillsyn över platsen")),
    ("place", "municipal_housing", later("äger och sköter hus och gårdar")),
    ("place", "private_housing", later("äger och sköter hus och gårdar")),
    ("place", "public_transport", later("sköter hållplatser och station")),
    ("place", "security_company", later("kan vara på plats")),
    ("offender", "municipal_school", later("möter unga varje dag")),
    ("offender", "independent_school", later("möter unga varje dag")),
    ("offender", "municipal_social", later("kan ge stöd till den som är på väg fel")),
    ("offender", "municipal_leisure_culture", later("har fritidsgårdar och fältarbete")),
    ("offender", "police", later("kan ingripa")),
    ("target", "business_association", later("når dem som drabbas i handeln")),
    ("target", "municipal_housing", later("når dem som bor där")),
    ("target", "private_housing", later("når dem som bor där")),
    ("target", "neighbourhood_watch", later("når grannarna")),
    ("target", "police", later("kan ge råd till den som drabbas")),
)
# Who stands for an organisation, the most likely first.
STAND_FOR = (
    Role.ORG_CONTACT,
    Role.REPORTER,
    Role.PREPARATORY_MEMBER,
    Role.MUNICIPAL_POLICE,
    Role.SAFETY_COORDINATOR,
)


class Candidate(NamedTuple):
    person_id: UUID
    name: str
    has_address: bool


@dataclass(frozen=True)
class Offered:
    """An organisation that could take part. `proposed` ones are ticked in advance.

    `reasons` is empty for who may not know who reports: a list where only some had a reason would
    tell it by who has none.
    """

    organisation_id: UUID
    name: str
    proposed: bool
    reasons: list[str]
    people: list[Candidate] = field(default_factory=list)


_ORGANISATIONS = """
SELECT id, name, actor_type,
       EXISTS (SELECT FROM weekly_count
               WHERE organisation_id = organisation.id AND area_id = $2 AND category_id = $3
                 AND week >= $4 AND count > 0) AS reports,
       EXISTS (SELECT FROM measure
               LEFT JOIN measure_partner ON measure_partner.measure_id = measure.id
               WHERE problem_id = $1 AND organisation.id IN
                     (measure.organisation_id, measure_partner.organisation_id)) AS has_measure
FROM organisation WHERE left_on IS NULL OR left_on > $5 ORDER BY name, id
"""
_SIDES = """
SELECT DISTINCT side FROM cause
WHERE problem_id = $1 AND coalesce((SELECT support FROM cause_assessment
    WHERE cause_id = cause.id ORDER BY assessed_at DESC LIMIT 1), '') <> 'rejected'
"""
_PEOPLE = f"""
SELECT membership.organisation_id, person.id, person.name, person.email IS NOT NULL AS has_address,
       min(array_position($1::text[], membership.role)) AS place
FROM membership JOIN person ON person.id = membership.person_id
WHERE membership.role = ANY($1::text[]) AND membership.valid_from <= now()
  AND (membership.valid_to IS NULL OR membership.valid_to > now())
  AND NOT EXISTS (SELECT FROM group_member
                  JOIN working_group ON working_group.id = group_member.group_id
                  WHERE problem_id = $2 AND group_member.person_id = person.id AND {STANDS})
GROUP BY membership.organisation_id, person.id
ORDER BY place, person.name, person.id
"""


async def offer_members(problem: FoundProblem, *, by: Member) -> list[Offered]:
    """Every organisation that has not left, by name, with the people who can stand for it.

    People who have a place in the group already are not among them.
    """
    today = local_day()
    since = week_of(now()) - timedelta(weeks=REPORTING_WEEKS)
    sides = {row["side"] for row in await fetch(_SIDES, problem.id)}
    people: dict[UUID, list[Candidate]] = {}
    for row in await fetch(_PEOPLE, [str(role) for role in STAND_FOR], problem.id):
        one = Candidate(row["id"], row["name"], row["has_address"])
        people.setdefault(row["organisation_id"], []).append(one)
    offered = []
    for row in await fetch(
        _ORGANISATIONS, problem.id, problem.area_id, problem.category_id, since, today
    ):
        reasons = [_("rapporterar där")] if row["reports"] else []
        reasons += [_("har en insats")] if row["has_measure"] else []
        reasons += what_it_can_do(row["actor_type"], sides)
        named = by.may(Permission.REPORT_READ_REPORTER)
        offered.append(
            Offered(
                organisation_id=row["id"],
                name=row["name"],
                proposed=bool(reasons),
                reasons=reasons if named else [],
                people=people.get(row["id"], []),
            )
        )
    return offered


def what_it_can_do(actor_type: str, sides: set[str]) -> list[str]:
    """What an actor of that type can do about causes on these sides, each thing once."""
    found = [_(what) for side, kind, what in CAN_ACT if kind == actor_type and side in sides]
    return list(dict.fromkeys(found))
