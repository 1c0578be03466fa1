"""The approved measures and how they were followed up, as far as the one who asks may see."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
from asyncpg import Record

from service.cycle.analysis.find import reads
from service.cycle.followup.policy import shown_comparison
from service.cycle.mapping.week import STOCKHOLM, local_day
from service.web.language import _, later
from tenants.members import Member
from tenants.roles import Permission
from tenants.scope import fetch

OUTCOMES = {
    "done": later("Genomförd"),
    "partly": later("Delvis genomförd"),
    "not_done": later("Inte genomförd"),
}


@dataclass(frozen=True)
class FollowedUp:
    """The latest follow-up. `comparison` is None where its numbers are too small to be shown."""

    outcome: str
    label: str
    done_on: date | None
    text: str
    used_kr: int
    used_hours: int
    comparison: dict[str, Any] | None
    at: datetime
    by: str


@dataclass(frozen=True)
class ApprovedMeasure:
    """A measure that was decided on. `state` is due, coming or done."""

    id: UUID
    problem: str
    problem_title: str
    title: str
    starts_on: date
    ends_on: date
    organisation: str
    cost_kr: int
    hours: int
    followed_up: FollowedUp | None
    times: int
    state: str


_SELECT = """
SELECT measure.id, problem.year || '-' || problem.number AS problem,
       problem.title AS problem_title, measure.title, starts_on, ends_on,
       organisation.name AS organisation, decision.cost_kr, decision.hours,
       follow_up.outcome, follow_up.done_on, follow_up.text, used_kr, used_hours, comparison,
       followed_up_at, person.name AS followed_up_by,
       (SELECT count(*) FROM follow_up AS each WHERE each.measure_id = measure.id) AS times
FROM measure
JOIN proposal ON proposal.measure_id = measure.id
JOIN decision ON decision.proposal_id = proposal.id AND decision.outcome = 'approved'
JOIN problem ON problem.id = measure.problem_id
JOIN organisation ON organisation.id = measure.organisation_id
LEFT JOIN LATERAL (SELECT * FROM follow_up AS latest WHERE latest.measure_id = measure.id
                   ORDER BY followed_up_at DESC LIMIT 1) AS follow_up ON true
LEFT JOIN person ON person.id = follow_up.followed_up_by
"""
_OF_PROBLEM = _SELECT + " WHERE measure.problem_id = $1 ORDER BY ends_on, measure.title"
_ALL = (
    _SELECT
    + f""" WHERE $1 OR {reads("measure.problem_id", "$2")}
          ORDER BY ends_on, measure.title LIMIT 500"""
)


async def measures_to_follow_up(problem_id: UUID, *, by: Member) -> list[ApprovedMeasure]:
    """The approved measures of a problem, by the day they end."""
    return [_measure(row, by) for row in await fetch(_OF_PROBLEM, problem_id)]


async def all_measures(*, by: Member) -> list[ApprovedMeasure]:
    """The approved measures of every problem that `by` may see, by the day they end."""
    seen = by.may(Permission.PROBLEM_READ_ALL)
    return [_measure(row, by) for row in await fetch(_ALL, seen, by.person_id)]


def _measure(row: Record, by: Member) -> ApprovedMeasure:
    followed_up = _followed_up(row, by) if row["outcome"] else None
    return ApprovedMeasure(
        id=row["id"],
        problem=row["problem"],
        problem_title=row["problem_title"],
        title=row["title"],
        starts_on=row["starts_on"],
        ends_on=row["ends_on"],
        organisation=row["organisation"],
        cost_kr=row["cost_kr"],
        hours=row["hours"],
        followed_up=followed_up,
        times=row["times"],
        state=_state(row["ends_on"], followed_up),
    )


def _state(ends_on: date, followed_up: FollowedUp | None) -> str:
    """Done says who wrote "done", or who looked after the end; due is what has ended unseen."""
    ended = ends_on < local_day()
    if followed_up is not None:
        seen_after = followed_up.at.astimezone(STOCKHOLM).date() > ends_on
        if followed_up.outcome == "done" or seen_after:
            return "done"
    return "due" if ended else "coming"


def _followed_up(row: Record, by: Member) -> FollowedUp:
    return FollowedUp(
        outcome=row["outcome"],
        label=_(OUTCOMES[row["outcome"]]),
        done_on=row["done_on"],
        text=row["text"],
        used_kr=row["used_kr"],
        used_hours=row["used_hours"],
        comparison=shown_comparison(msgspec.json.decode(row["comparison"]), by),
        at=row["followed_up_at"],
        by=row["followed_up_by"],
    )
