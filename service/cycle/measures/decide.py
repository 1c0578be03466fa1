"""Write the decision on a proposal. Who may decide and how it was voted is the council's matter."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from service.cycle.analysis.open import TOPIC
from service.cycle.mapping.week import STOCKHOLM, now
from service.web.live import announce
from tenants import audit
from tenants.members import Member
from tenants.one_at_a_time import one_at_a_time
from tenants.scope import fetch_row, fetch_value

Outcome = Literal["approved", "rejected", "referred_back"]


class NoSuchProposal(LookupError):
    """The open scope's municipality has no such proposal."""


@dataclass(frozen=True)
class Decided:
    """The decision that was written: § `paragraph` of `year`."""

    proposal_id: UUID
    year: int
    paragraph: int


@dataclass(frozen=True)
class AlreadyDecided:
    """Somebody decided first; their decision stands and nothing was written."""

    proposal_id: UUID
    year: int
    paragraph: int


@dataclass(frozen=True)
class Withdrawn:
    """The proposal was withdrawn first; nothing was written."""

    proposal_id: UUID


async def write_decision(
    *,
    by: Member,
    proposal_id: UUID,
    outcome: Outcome,
    motive: str,
    cost_kr: int = 0,
    hours: int = 0,
    votes_for: int = 0,
    votes_against: int = 0,
    abstained: int = 0,
) -> Decided | AlreadyDecided | Withdrawn:
    """Decide a proposal once; of several at the same moment the first one stands.

    The proposal's row is held until the transaction ends, so that votes counted after a first
    `SELECT … FOR UPDATE` of it are the ones that were decided on. Resources are given by an
    approval alone. Raises NoSuchProposal.
    """
    proposal = await fetch_row("SELECT id FROM proposal WHERE id = $1 FOR UPDATE", proposal_id)
    if proposal is None:
        raise NoSuchProposal(str(proposal_id))
    ended = await _ended(proposal_id)
    if ended is not None:
        return ended
    year = now().astimezone(STOCKHOLM).year
    # Paragraphs are numbered without gaps, also when two proposals are decided at once.
    await one_at_a_time("decision")
    approved = outcome == "approved"
    paragraph = await fetch_value(
        """INSERT INTO decision (tenant_id, proposal_id, year, paragraph, outcome, motive, cost_kr,
                                 hours, votes_for, votes_against, abstained, decided_by)
           SELECT ks.current_tenant(), $1, $2,
                  (SELECT coalesce(max(paragraph), 0) + 1 FROM decision WHERE year = $2),
                  $3, $4, $5, $6, $7, $8, $9, $10
           RETURNING paragraph""",
        proposal_id,
        year,
        outcome,
        motive,
        cost_kr if approved else 0,
        hours if approved else 0,
        votes_for,
        votes_against,
        abstained,
        by.person_id,
    )
    await audit.record(
        by=by,
        verb="proposal.decide",
        object_kind="proposal",
        object_id=proposal_id,
        detail={"outcome": outcome, "paragraph": f"{year}-{paragraph}"},
    )
    await announce(TOPIC)
    return Decided(proposal_id, year, paragraph)


async def _ended(proposal_id: UUID) -> AlreadyDecided | Withdrawn | None:
    """How the proposal has ended; None while it waits. Asked only with its row held."""
    row = await fetch_row(
        "SELECT year, paragraph FROM decision WHERE proposal_id = $1", proposal_id
    )
    if row is not None:
        return AlreadyDecided(proposal_id, row["year"], row["paragraph"])
    withdrawn = await fetch_value(
        "SELECT EXISTS (SELECT FROM proposal_withdrawal WHERE proposal_id = $1)", proposal_id
    )
    return Withdrawn(proposal_id) if withdrawn else None
