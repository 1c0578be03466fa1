"""Find measures and proposals, as far as the one who asks may see their problems."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from asyncpg import Record

from service.cycle.analysis.find import reads
from service.cycle.mapping.week import local_day
from service.cycle.measures.status import DIAMONDS, TAGS, WORDS, Status, status_of
from service.cycle.measures.words import HORIZONS, KINDS
from service.web.language import _
from tenants.members import Member
from tenants.roles import Permission
from tenants.scope import fetch


class NoSuchMeasure(LookupError):
    """The problem has no such measure."""


@dataclass(frozen=True)
class FoundMeasure:
    """A measure with where it stands; `proposal_id` is its latest proposal."""

    id: UUID
    problem_label: str
    problem_title: str
    cause: str
    title: str
    kind: str
    description: str
    expected_effect: str
    horizon: str
    indicator: str
    starts_on: date
    ends_on: date
    organisation: str
    partners: Sequence[str]
    cost_kr: int
    hours: int
    status: Status
    words: str
    tag: str
    diamond: str
    proposal_id: UUID
    proposed_by: UUID
    motive: str
    paragraph: str

    @property
    def may_be_proposed_again(self) -> bool:
        return self.status in (Status.REFERRED_BACK, Status.WITHDRAWN)


# A follow-up travels back as its row: a later stage writes it, this one only asks what the latest
# says. Partly done is followed up again, so it ends the measure only when the time is over.
_SELECT = f"""
SELECT measure.*, problem.year, problem.number, problem.title AS problem_title,
       cause.letter AS cause, organisation.name AS organisation,
       ARRAY(SELECT partner.name FROM measure_partner
             JOIN organisation AS partner ON partner.id = measure_partner.organisation_id
             WHERE measure_partner.measure_id = measure.id ORDER BY partner.name) AS partners,
       latest.id AS proposal_id, latest.proposed_by, proposal_withdrawal.motive AS withdrawn,
       decision.outcome, decision.motive AS decided, decision.year AS decided_year,
       decision.paragraph,
       coalesce((SELECT follow_up.outcome IN ('done', 'not_done')
                        OR (followed_up_at AT TIME ZONE 'Europe/Stockholm')::date > measure.ends_on
                 FROM follow_up WHERE follow_up.measure_id = measure.id
                 ORDER BY followed_up_at DESC LIMIT 1), false) AS followed_up
FROM measure
JOIN problem ON problem.id = measure.problem_id
JOIN cause ON cause.id = measure.cause_id
JOIN organisation ON organisation.id = measure.organisation_id
JOIN LATERAL (SELECT proposal.id, proposal.proposed_by, proposal.proposed_at FROM proposal
              WHERE proposal.measure_id = measure.id
              ORDER BY proposal.proposed_at DESC, proposal.id LIMIT 1) AS latest ON true
LEFT JOIN proposal_withdrawal ON proposal_withdrawal.proposal_id = latest.id
LEFT JOIN decision ON decision.proposal_id = latest.id
WHERE ($1 OR {reads("problem.id", "$2")})
"""
_OF_PROBLEM = _SELECT + " AND measure.problem_id = $3 ORDER BY measure.planned_at, measure.id"
_ALL = _SELECT + " ORDER BY measure.ends_on DESC, measure.planned_at DESC, measure.id LIMIT $3"


async def find_measures(*, by: Member, limit: int = 500) -> list[FoundMeasure]:
    """Every measure of every problem that `by` may see, those that end last first."""
    return _found(await fetch(_ALL, by.may(Permission.PROBLEM_READ_ALL), by.person_id, limit))


async def find_measures_of(problem_id: UUID, *, by: Member) -> list[FoundMeasure]:
    """The measures of one problem in the order that they were planned."""
    return _found(
        await fetch(_OF_PROBLEM, by.may(Permission.PROBLEM_READ_ALL), by.person_id, problem_id)
    )


def _found(rows: Sequence[Record]) -> list[FoundMeasure]:
    today = local_day()
    return [_measure(row, today) for row in rows]


def _measure(row: Record, today: date) -> FoundMeasure:
    status = status_of(
        withdrawn=row["withdrawn"] is not None,
        outcome=row["outcome"],
        starts_on=row["starts_on"],
        ends_on=row["ends_on"],
        followed_up=row["followed_up"],
        today=today,
    )
    return FoundMeasure(
        id=row["id"],
        problem_label=f"{row['year']}-{row['number']}",
        problem_title=row["problem_title"],
        cause=row["cause"],
        title=row["title"],
        kind=_(KINDS[row["kind"]]),
        description=row["description"],
        expected_effect=row["expected_effect"],
        horizon=_(HORIZONS[row["horizon"]]),
        indicator=row["indicator"],
        starts_on=row["starts_on"],
        ends_on=row["ends_on"],
        organisation=row["organisation"],
        partners=row["partners"],
        cost_kr=row["cost_kr"],
        hours=row["hours"],
        status=status,
        words=_(WORDS[status]),
        tag=TAGS.get(status, ""),
        diamond=DIAMONDS.get(status, ""),
        proposal_id=row["proposal_id"],
        proposed_by=row["proposed_by"],
        motive=row["withdrawn"] or row["decided"] or "",
        paragraph=f"§ {row['paragraph']}, {row['decided_year']}" if row["paragraph"] else "",
    )


@dataclass(frozen=True)
class FoundProposal:
    """A question to the steering group, and how it ended.

    `title` is the measure's, `priority` that of a priority; one of them is None. Counts of votes
    stand without anybody's name.
    """

    id: UUID
    kind: str
    title: str | None
    priority: str | None
    text: str
    proposed_by: UUID
    proposer: str
    proposed_at: datetime
    withdrawn_at: datetime | None
    withdrawal: str | None
    outcome: str | None
    motive: str | None
    year: int | None
    paragraph: int | None
    cost_kr: int | None
    hours: int | None
    votes_for: int | None
    votes_against: int | None
    abstained: int | None
    decided_at: datetime | None

    @property
    def waits(self) -> bool:
        return self.withdrawn_at is None and self.decided_at is None


async def find_proposals_of(problem_id: UUID) -> list[FoundProposal]:
    """Every proposal about a problem, the newest first. Whether it may be seen is asked before."""
    rows = await fetch(
        """SELECT proposal.id, proposal.kind, measure.title, proposal.priority, proposal.text,
                  proposal.proposed_by, person.name AS proposer, proposal.proposed_at,
                  proposal_withdrawal.withdrawn_at, proposal_withdrawal.motive AS withdrawal,
                  decision.outcome, decision.motive, decision.year, decision.paragraph,
                  decision.cost_kr, decision.hours, decision.votes_for, decision.votes_against,
                  decision.abstained, decision.decided_at
           FROM proposal
           JOIN person ON person.id = proposal.proposed_by
           LEFT JOIN measure ON measure.id = proposal.measure_id
           LEFT JOIN proposal_withdrawal ON proposal_withdrawal.proposal_id = proposal.id
           LEFT JOIN decision ON decision.proposal_id = proposal.id
           WHERE proposal.problem_id = $1
           ORDER BY proposal.proposed_at DESC, proposal.id""",
        problem_id,
    )
    return [FoundProposal(**dict(row)) for row in rows]
