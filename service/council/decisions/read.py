"""Every decision with its votes and what it led to; what is late comes first."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from asyncpg import Record

from service.council.proposals.show import proposal_title
from service.cycle.mapping.week import local_day
from tenants.scope import fetch

MOST = 500


@dataclass(frozen=True)
class Line:
    """A decision; what concerns the measure is empty for a priority.

    `led_to` is the latest follow-up's outcome, or None; `late` when a granted measure's end has
    passed without it being done.
    """

    proposal_id: UUID
    paragraph: str
    title: str
    problem: str
    problem_title: str
    outcome: str
    measure: bool
    votes_for: int
    votes_against: int
    abstained: int
    reservations: int
    cost_kr: int
    hours: int
    used_kr: int | None
    organisation: str
    ends_on: date | None
    led_to: str | None
    done_on: date | None
    late: bool
    decided_at: datetime


_LINES = """
SELECT decision.proposal_id, decision.year, decision.paragraph, decision.outcome,
       decision.votes_for, decision.votes_against, decision.abstained, decision.cost_kr,
       decision.hours, decision.decided_at, proposal.priority, measure.title, measure.ends_on,
       organisation.name AS organisation, problem.year AS problem_year, problem.number,
       problem.title AS problem_title, latest.outcome AS led_to, latest.done_on, latest.used_kr,
       coalesce(decision.outcome = 'approved' AND measure.ends_on < $1
                AND latest.outcome IS DISTINCT FROM 'done'
                AND problem_closure.problem_id IS NULL, false) AS late,
       (SELECT count(*) FROM reservation
        WHERE reservation.proposal_id = decision.proposal_id) AS reservations
FROM decision
JOIN proposal ON proposal.id = decision.proposal_id
JOIN problem ON problem.id = proposal.problem_id
LEFT JOIN problem_closure ON problem_closure.problem_id = problem.id
LEFT JOIN measure ON measure.id = proposal.measure_id
LEFT JOIN organisation ON organisation.id = measure.organisation_id
LEFT JOIN (SELECT DISTINCT ON (measure_id) measure_id, outcome, done_on, used_kr FROM follow_up
           ORDER BY measure_id, followed_up_at DESC) AS latest ON latest.measure_id = measure.id
ORDER BY late DESC, decision.year DESC, decision.paragraph DESC
LIMIT $2
"""


async def read_decisions() -> list[Line]:
    """The late first, the longest overdue at the top; then the others, the latest first."""
    lines = [_line(row) for row in await fetch(_LINES, local_day(), MOST)]
    return sorted(lines, key=_order)


def _order(line: Line) -> tuple[bool, date, float]:
    ended = line.ends_on if line.late and line.ends_on else date.max
    return not line.late, ended, -line.decided_at.timestamp()


def _line(row: Record) -> Line:
    return Line(
        proposal_id=row["proposal_id"],
        paragraph=f"{row['paragraph']}/{row['year']}",
        title=proposal_title(row["title"], row["priority"]),
        problem=f"{row['problem_year']}-{row['number']}",
        problem_title=row["problem_title"],
        outcome=row["outcome"],
        measure=row["title"] is not None,
        votes_for=row["votes_for"],
        votes_against=row["votes_against"],
        abstained=row["abstained"],
        reservations=row["reservations"],
        cost_kr=row["cost_kr"],
        hours=row["hours"],
        used_kr=row["used_kr"],
        organisation=row["organisation"] or "",
        ends_on=row["ends_on"],
        led_to=row["led_to"],
        done_on=row["done_on"],
        late=row["late"],
        decided_at=row["decided_at"],
    )
