"""What became of an organisation's reports: the problems they are part of, and what was decided.

Said in the words of the report form (category and area) and of decisions that were taken; what the
preparatory group writes in its analysis stays with it.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from asyncpg import Record

from service.cycle.mapping.read_reports import occurred
from service.web.icons import category_sign
from service.web.language import _
from tenants.scope import fetch

BEFORE_OPENING = timedelta(weeks=26)
"""How long before a problem was opened a report may have been made to count as part of it."""
LATEST = 20

# A report is part of a problem by what, where and when, as the picture counted it.
PART_OF = """
    problem.area_id = report.area_id AND problem.category_id = report.category_id
    AND report.occurred_to >= problem.opened_at - $2::interval
    AND (problem_closure.closed_at IS NULL OR report.occurred_from <= problem_closure.closed_at)
"""


@dataclass(frozen=True)
class Decided:
    """One decision; `measure` is None for a decision on priority."""

    at: datetime
    paragraph: int
    year: int
    outcome: str
    priority: str | None
    measure: str | None
    ends_on: date | None
    followed_up: str | None


@dataclass(frozen=True)
class Outcome:
    """A problem that `reports` of the organisation's reports are part of."""

    label: str
    category: str
    area: str
    opened_at: datetime
    closed_at: datetime | None
    reports: int
    decisions: list[Decided] = field(default_factory=list)


@dataclass(frozen=True)
class Fate:
    """One report and what it is part of: an approved picture's week, a problem, both or neither."""

    label: str
    icon: str
    area: str
    occurred: str
    received_at: datetime
    edition: date | None
    problem: str | None


async def what_became(organisation_id: UUID) -> list[Outcome]:
    """The problems that the organisation's reports are part of, the latest opened first."""
    rows = await fetch(
        f"""SELECT problem.id, problem.year, problem.number, category.label AS category,
                   area.name AS area, problem.opened_at, problem_closure.closed_at,
                   count(*) AS reports
            FROM problem
            LEFT JOIN problem_closure ON problem_closure.problem_id = problem.id
            JOIN area ON area.id = problem.area_id
            JOIN category ON category.id = problem.category_id
            JOIN report ON report.organisation_id = $1 AND {PART_OF}
            GROUP BY problem.id, problem.year, problem.number, category.label, area.name,
                     problem.opened_at, problem_closure.closed_at
            ORDER BY problem.opened_at DESC""",
        organisation_id,
        BEFORE_OPENING,
    )
    outcomes = {
        row["id"]: Outcome(
            label=f"{row['year']}-{row['number']}",
            category=_(row["category"]),
            area=row["area"],
            opened_at=row["opened_at"],
            closed_at=row["closed_at"],
            reports=row["reports"],
        )
        for row in rows
    }
    for row in await _decisions(list(outcomes)):
        outcomes[row["problem_id"]].decisions.append(_decided(row))
    return list(outcomes.values())


async def _decisions(problems: list[UUID]) -> list[Record]:
    return await fetch(
        """SELECT proposal.problem_id, proposal.priority, decision.decided_at,
                  decision.paragraph, decision.year, decision.outcome,
                  measure.title, measure.ends_on,
                  (SELECT outcome FROM follow_up WHERE follow_up.measure_id = measure.id
                   ORDER BY followed_up_at DESC LIMIT 1) AS followed_up
           FROM decision
           JOIN proposal ON proposal.id = decision.proposal_id
           LEFT JOIN measure ON measure.id = proposal.measure_id
           WHERE proposal.problem_id = ANY($1) AND decision.outcome <> 'referred_back'
           ORDER BY decision.decided_at DESC""",
        problems,
    )


def _decided(row: Record) -> Decided:
    approved = row["outcome"] == "approved"
    return Decided(
        at=row["decided_at"],
        paragraph=row["paragraph"],
        year=row["year"],
        outcome=row["outcome"],
        priority=row["priority"],
        # What was not decided on stays a thought of the preparatory group.
        measure=row["title"] if approved else None,
        ends_on=row["ends_on"] if approved else None,
        followed_up=row["followed_up"] if approved else None,
    )


async def latest_fates(organisation_id: UUID) -> list[Fate]:
    """The organisation's latest reports, newest first, each with what it is part of."""
    rows = await fetch(
        f"""SELECT report.received_at, report.occurred_from, report.occurred_to, category.key,
                   category.label, area.name AS area,
                   (SELECT min(week) FROM edition
                    WHERE kind = 'weekly' AND edition.compiled_at >= report.received_at) AS edition,
                   (SELECT problem.year || '-' || problem.number FROM problem
                    LEFT JOIN problem_closure ON problem_closure.problem_id = problem.id
                    WHERE {PART_OF} ORDER BY problem.opened_at DESC LIMIT 1) AS problem
            FROM report
            JOIN category ON category.id = report.category_id
            JOIN area ON area.id = report.area_id
            WHERE report.organisation_id = $1
            ORDER BY report.received_at DESC LIMIT $3""",
        organisation_id,
        BEFORE_OPENING,
        LATEST,
    )
    return [
        Fate(
            label=_(row["label"]),
            icon=category_sign(row["key"]),
            area=row["area"],
            occurred=occurred(row["occurred_from"], row["occurred_to"]),
            received_at=row["received_at"],
            edition=row["edition"],
            problem=row["problem"],
        )
        for row in rows
    ]
