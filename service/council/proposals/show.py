"""What the page of a proposal shows: the proposal itself, and how it stands."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
from asyncpg import Record

from service.council.proposals.count import Choice, Count
from service.council.proposals.decide import count_votes
from service.council.proposals.hold import NoSuchProposal
from service.council.proposals.reserve import may_reserve
from service.council.seats.holders import Holder, read_holders, voting_seat
from service.web.formats import number
from service.web.language import _, later, ngettext
from tenants.members import Member
from tenants.roles import Permission
from tenants.scope import fetch, fetch_row

PRIORITIES = {
    "first": later("Arbetas med först"),
    "ordinary": later("Arbetas med i vanlig ordning"),
    "watch": later("Bevakas"),
}
CHOICE_WORDS: dict[Choice, str] = {
    "for": later("För"),
    "against": later("Emot"),
    "abstain": later("Avstår"),
}


@dataclass(frozen=True)
class ShownProposal:
    """A proposal as it was put forward; `cause` and what follows are a measure's.

    `left` names those of its organisations that have left the work by now.
    """

    id: UUID
    kind: str
    title: str
    problem: str
    problem_title: str
    evidence: str
    text: str
    priority: str
    proposed_by: str
    proposed_at: datetime
    cause: str
    description: str
    expected_effect: str
    indicator: str
    starts_on: date | None
    ends_on: date | None
    organisation: str
    partners: tuple[str, ...]
    left: tuple[str, ...]
    cost_kr: int
    hours: int


@dataclass(frozen=True)
class ShownDecision:
    outcome: str
    year: int
    paragraph: int
    motive: str
    cost_kr: int
    hours: int
    votes_for: int
    votes_against: int
    abstained: int
    by: str
    at: datetime


@dataclass(frozen=True)
class ShownVote:
    """`counts` is false for a vote whose giver no longer holds the seat."""

    person_id: UUID
    name: str
    seat: str
    choice: Choice
    word: str
    motive: str
    at: datetime
    counts: bool


@dataclass(frozen=True)
class Said:
    """A comment or a reservation."""

    name: str
    text: str
    at: datetime
    person_id: UUID | None = None


@dataclass(frozen=True)
class Standing:
    """How a proposal stands now, the same for everybody who may read it."""

    decision: ShownDecision | None
    withdrawn: Said | None
    votes: list[ShownVote]
    count: Count
    comments: list[Said]
    reservations: list[Said]
    holders: list[Holder]

    @property
    def waits(self) -> bool:
        return self.decision is None and self.withdrawn is None


_PROPOSAL = """
SELECT proposal.id, proposal.kind, proposal.priority, proposal.text, proposal.proposed_at,
       person.name AS proposed_by, problem.year, problem.number, problem.title AS problem_title,
       problem.evidence, measure.title, measure.description, measure.expected_effect,
       measure.indicator, measure.starts_on, measure.ends_on, measure.cost_kr, measure.hours,
       cause.letter, cause.title AS cause, organisation.name AS organisation,
       array(SELECT partner.name FROM measure_partner
             JOIN organisation AS partner ON partner.id = measure_partner.organisation_id
             WHERE measure_partner.measure_id = measure.id ORDER BY partner.name) AS partners,
       array(SELECT gone.name FROM organisation AS gone
             WHERE gone.left_on <= ks.today()
               AND (gone.id = measure.organisation_id OR EXISTS (
                    SELECT FROM measure_partner WHERE measure_partner.measure_id = measure.id
                    AND measure_partner.organisation_id = gone.id)) ORDER BY gone.name) AS left_by
FROM proposal
JOIN problem ON problem.id = proposal.problem_id
JOIN person ON person.id = proposal.proposed_by
LEFT JOIN measure ON measure.id = proposal.measure_id
LEFT JOIN cause ON cause.id = measure.cause_id
LEFT JOIN organisation ON organisation.id = measure.organisation_id
WHERE proposal.id = $1
"""
_DECISION = """
SELECT outcome, year, paragraph, motive, cost_kr, hours, votes_for, votes_against, abstained,
       person.name AS by, decided_at AS at
FROM decision JOIN person ON person.id = decision.decided_by WHERE proposal_id = $1
"""
_WITHDRAWAL = """
SELECT person.name, motive AS text, withdrawn_at AS at FROM proposal_withdrawal
JOIN person ON person.id = proposal_withdrawal.withdrawn_by WHERE proposal_id = $1
"""
_VOTES = """
SELECT vote.person_id, person.name, vote.seat, seat.label, choice, motive, cast_at
FROM vote JOIN seat ON seat.key = vote.seat JOIN person ON person.id = vote.person_id
WHERE proposal_id = $1 ORDER BY seat.position
"""
_COMMENTS = """
SELECT person.name, text, said_at AS at FROM comment
JOIN person ON person.id = comment.person_id WHERE proposal_id = $1 ORDER BY said_at
"""
_RESERVATIONS = """
SELECT person.name, text, made_at AS at, reservation.person_id FROM reservation
JOIN person ON person.id = reservation.person_id WHERE proposal_id = $1 ORDER BY made_at
"""


async def read_proposal(proposal_id: UUID) -> ShownProposal:
    """The proposal as it was put forward. Raises NoSuchProposal."""
    row = await fetch_row(_PROPOSAL, proposal_id)
    if row is None:
        raise NoSuchProposal(str(proposal_id))
    return ShownProposal(
        id=row["id"],
        kind=row["kind"],
        title=proposal_title(row["title"], row["priority"]),
        problem=f"{row['year']}-{row['number']}",
        problem_title=row["problem_title"],
        evidence=evidence_line(msgspec.json.decode(row["evidence"])),
        text=row["text"],
        priority=_(PRIORITIES[row["priority"]]) if row["priority"] else "",
        proposed_by=row["proposed_by"],
        proposed_at=row["proposed_at"],
        cause=f"{row['letter']}. {row['cause']}" if row["cause"] else "",
        description=row["description"] or "",
        expected_effect=row["expected_effect"] or "",
        indicator=row["indicator"] or "",
        starts_on=row["starts_on"],
        ends_on=row["ends_on"],
        organisation=row["organisation"] or "",
        partners=tuple(row["partners"]),
        left=tuple(row["left_by"]),
        cost_kr=row["cost_kr"] or 0,
        hours=row["hours"] or 0,
    )


def proposal_title(measure: str | None, priority: str | None) -> str:
    """The measure's title, or ``Prioritering: bevakas``."""
    if measure is not None or priority is None:
        return measure or ""
    return _("Prioritering: %(priority)s", priority=_(PRIORITIES[priority]).lower())


def evidence_line(evidence: dict[str, Any]) -> str:
    """One line of what the problem was opened on: place in the list, level, the usual, actors."""
    line = evidence.get("line", {})
    if "place" not in line:
        return ""
    usual = line.get("usual")
    return ngettext(
        "Plats %(place)s i lägesbilden när problemet öppnades: %(level)s rapporter i veckan, "
        "vanligt är %(usual)s, %(num)s aktör.",
        "Plats %(place)s i lägesbilden när problemet öppnades: %(level)s rapporter i veckan, "
        "vanligt är %(usual)s, %(num)s aktörer.",
        line.get("actors") or 0,
        place=number(line["place"], 0),
        level=number(line.get("level"), 1),
        usual=_("okänt") if usual is None else number(usual, 1),
    )


async def read_standing(proposal_id: UUID) -> Standing:
    """Votes, decision, comments and reservations as they are now."""
    holders = await read_holders()
    count, counted = await count_votes(proposal_id, holders)
    decision = await fetch_row(_DECISION, proposal_id)
    withdrawn = await fetch_row(_WITHDRAWAL, proposal_id)
    return Standing(
        decision=ShownDecision(**decision) if decision else None,
        withdrawn=Said(**withdrawn) if withdrawn else None,
        # What was counted in a decision stays counted, whoever has left a seat since.
        votes=[
            _vote(row, decision is not None or row["person_id"] in counted)
            for row in await fetch(_VOTES, proposal_id)
        ],
        count=count,
        comments=[Said(**row) for row in await fetch(_COMMENTS, proposal_id)],
        reservations=[Said(**row) for row in await fetch(_RESERVATIONS, proposal_id)],
        holders=holders,
    )


def _vote(row: Record, counts: bool) -> ShownVote:
    return ShownVote(
        person_id=row["person_id"],
        name=row["name"],
        seat=row["label"],
        choice=row["choice"],
        word=_(CHOICE_WORDS[row["choice"]]),
        motive=row["motive"],
        at=row["cast_at"],
        counts=counts,
    )


@dataclass(frozen=True)
class Part:
    """What one reader may do with a proposal as it stands."""

    seat: Holder | None
    vote: ShownVote | None
    comments: bool
    reserves: bool

    @property
    def presides(self) -> bool:
        return self.seat is not None and self.seat.presides


def part_of(member: Member, standing: Standing) -> Part:
    """The forms that the page has for `member`."""
    decides = member.may(Permission.PROPOSAL_DECIDE)
    vote = next((one for one in standing.votes if one.person_id == member.person_id), None)
    return Part(
        seat=voting_seat(standing.holders, member.person_id) if decides else None,
        vote=vote,
        comments=member.may(Permission.PROPOSAL_COMMENT),
        reserves=decides
        and vote is not None
        and standing.decision is not None
        and may_reserve(vote.choice, standing.decision.outcome)
        and all(one.person_id != member.person_id for one in standing.reservations),
    )
