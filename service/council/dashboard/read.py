"""What the dashboard tells beside the picture: waiting, given, not done, followed up, next."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
from asyncpg import Record

from service.council.proposals.show import proposal_title
from service.council.resources.show import Year, read_this_year
from service.cycle.mapping.week import local_day
from tenants.scope import fetch, fetch_row


@dataclass(frozen=True)
class OpenProblem:
    """The problem that works on a category in an area; `priority` is the one last decided."""

    label: str
    priority: str | None


@dataclass(frozen=True)
class Waiting:
    """A proposal that waits; `number` is its place in the queue, the oldest first.

    `votes` are those of who still holds the seat.
    """

    number: int
    id: UUID
    title: str
    problem: str
    measure: bool
    cost_kr: int
    hours: int
    proposed_at: datetime
    votes: int


@dataclass(frozen=True)
class NotDone:
    """A measure that was decided and whose end has passed without being done."""

    proposal_id: UUID
    title: str
    organisation: str
    ended_on: date
    paragraph: str


@dataclass(frozen=True)
class Followed:
    """The latest follow-up of a measure; `comparison` is the counts as they were known then."""

    label: str  # of the problem
    problem: str
    title: str
    outcome: str
    done_on: date | None
    comparison: dict[str, Any]


@dataclass(frozen=True)
class LastDecision:
    proposal_id: UUID
    title: str
    outcome: str
    paragraph: str
    at: datetime


@dataclass(frozen=True)
class Meeting:
    held_at: datetime
    place: str


@dataclass(frozen=True)
class Since:
    """What has come since the last meeting was held; `day` is its own day."""

    day: datetime
    signals: int
    problems: int
    decisions: int
    followed: int


@dataclass(frozen=True)
class Governing:
    """`problems` by the keys of area and category; the others as they are shown."""

    problems: dict[tuple[str, str], OpenProblem]
    waiting: list[Waiting]
    year: Year
    not_done: list[NotDone]
    followed: list[Followed]
    decided: list[LastDecision]
    meeting: Meeting | None
    since: Since | None  # None before the first meeting


_PROBLEMS = """
SELECT area.key AS area, category.key AS category, problem.year, problem.number, decided.priority
FROM open_problem
JOIN problem ON problem.id = open_problem.problem_id
JOIN area ON area.id = open_problem.area_id
JOIN category ON category.id = open_problem.category_id
LEFT JOIN (SELECT DISTINCT ON (proposal.problem_id) proposal.problem_id, proposal.priority
           FROM proposal JOIN decision ON decision.proposal_id = proposal.id
           WHERE proposal.kind = 'priority' AND decision.outcome = 'approved'
           ORDER BY proposal.problem_id, decision.decided_at DESC, decision.paragraph DESC
          ) AS decided ON decided.problem_id = problem.id
"""
_WAITING = """
SELECT proposal.id, measure.title, proposal.priority, problem.year, problem.number,
       problem.title AS problem, measure.cost_kr, measure.hours, proposal.proposed_at,
       (SELECT count(*) FROM vote
        WHERE vote.proposal_id = proposal.id AND EXISTS (
            SELECT FROM membership
            JOIN organisation ON organisation.id = membership.organisation_id
            WHERE membership.person_id = vote.person_id AND membership.seat = vote.seat
              AND membership.valid_from <= now()
              AND (membership.valid_to IS NULL OR membership.valid_to > now())
              AND (organisation.left_on IS NULL OR organisation.left_on > ks.today()))) AS votes
FROM proposal
JOIN problem ON problem.id = proposal.problem_id
LEFT JOIN measure ON measure.id = proposal.measure_id
WHERE NOT EXISTS (SELECT FROM decision WHERE decision.proposal_id = proposal.id)
  AND NOT EXISTS (SELECT FROM proposal_withdrawal
                  WHERE proposal_withdrawal.proposal_id = proposal.id)
ORDER BY proposal.proposed_at, proposal.id
"""
# The latest follow-ups are read once, and not anew for each measure.
_NOT_DONE = """
WITH latest AS MATERIALIZED (
    SELECT DISTINCT ON (measure_id) measure_id, outcome FROM follow_up
    ORDER BY measure_id, followed_up_at DESC)
SELECT proposal.id AS proposal_id, measure.title, organisation.name AS organisation,
       measure.ends_on, decision.year, decision.paragraph
FROM decision
JOIN proposal ON proposal.id = decision.proposal_id
JOIN measure ON measure.id = proposal.measure_id
JOIN organisation ON organisation.id = measure.organisation_id
LEFT JOIN latest ON latest.measure_id = measure.id
WHERE decision.outcome = 'approved' AND measure.ends_on < $1
  AND latest.outcome IS DISTINCT FROM 'done'
  AND NOT EXISTS (SELECT FROM problem_closure WHERE problem_closure.problem_id = measure.problem_id)
ORDER BY measure.ends_on, measure.id
"""
_FOLLOWED = """
SELECT problem.year, problem.number, problem.title AS problem, measure.title, latest.outcome,
       latest.done_on, latest.comparison
FROM (SELECT DISTINCT ON (measure_id) measure_id, outcome, done_on, comparison, followed_up_at
      FROM follow_up ORDER BY measure_id, followed_up_at DESC) AS latest
JOIN measure ON measure.id = latest.measure_id
JOIN problem ON problem.id = measure.problem_id
ORDER BY latest.followed_up_at DESC LIMIT $1
"""
_DECIDED = """
SELECT decision.proposal_id, measure.title, proposal.priority, decision.outcome, decision.year,
       decision.paragraph, decision.decided_at
FROM decision
JOIN proposal ON proposal.id = decision.proposal_id
LEFT JOIN measure ON measure.id = proposal.measure_id
ORDER BY decision.decided_at DESC, decision.paragraph DESC LIMIT $1
"""
_NEXT_MEETING = """
SELECT held_at, place FROM meeting WHERE held_at > now() AND cancelled_at IS NULL
ORDER BY held_at LIMIT 1
"""
_SINCE = """
SELECT last.held_at AS day,
       (SELECT count(*) FROM signal WHERE signal.raised_at > last.held_at) AS signals,
       (SELECT count(*) FROM problem WHERE problem.opened_at > last.held_at) AS problems,
       (SELECT count(*) FROM decision WHERE decision.decided_at > last.held_at) AS decisions,
       (SELECT count(*) FROM follow_up WHERE follow_up.followed_up_at > last.held_at) AS followed
FROM (SELECT held_at FROM meeting WHERE held_at <= now() AND cancelled_at IS NULL
      ORDER BY held_at DESC LIMIT 1) AS last
"""
SHOWN = 3


async def read_governing() -> Governing:
    """Of the open scope's municipality, the same for everybody who may open the dashboard."""
    problems = {
        (row["area"], row["category"]): OpenProblem(
            f"{row['year']}-{row['number']}", row["priority"]
        )
        for row in await fetch(_PROBLEMS)
    }
    waiting = await fetch(_WAITING)
    meeting = await fetch_row(_NEXT_MEETING)
    since = await fetch_row(_SINCE)
    return Governing(
        problems=problems,
        waiting=[_waiting(number, row) for number, row in enumerate(waiting, start=1)],
        year=await read_this_year(),
        not_done=[_not_done(row) for row in await fetch(_NOT_DONE, local_day())],
        followed=[_followed(row) for row in await fetch(_FOLLOWED, SHOWN)],
        decided=[_decided(row) for row in await fetch(_DECIDED, 1)],
        meeting=Meeting(meeting["held_at"], meeting["place"]) if meeting else None,
        since=Since(**since) if since else None,
    )


def _waiting(number: int, row: Record) -> Waiting:
    return Waiting(
        number=number,
        id=row["id"],
        title=proposal_title(row["title"], row["priority"]),
        problem=row["problem"],
        measure=row["title"] is not None,
        cost_kr=row["cost_kr"] or 0,
        hours=row["hours"] or 0,
        proposed_at=row["proposed_at"],
        votes=row["votes"],
    )


def _not_done(row: Record) -> NotDone:
    return NotDone(
        proposal_id=row["proposal_id"],
        title=row["title"],
        organisation=row["organisation"],
        ended_on=row["ends_on"],
        paragraph=f"{row['paragraph']}/{row['year']}",
    )


def _followed(row: Record) -> Followed:
    return Followed(
        label=f"{row['year']}-{row['number']}",
        problem=row["problem"],
        title=row["title"],
        outcome=row["outcome"],
        done_on=row["done_on"],
        comparison=msgspec.json.decode(row["comparison"]),
    )


def _decided(row: Record) -> LastDecision:
    return LastDecision(
        proposal_id=row["proposal_id"],
        title=proposal_title(row["title"], row["priority"]),
        outcome=row["outcome"],
        paragraph=f"{row['paragraph']}/{row['year']}",
        at=row["decided_at"],
    )
