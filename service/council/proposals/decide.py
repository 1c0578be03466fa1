"""Decide a proposal by the votes of the seats, or refer it back."""

from typing import Literal
from uuid import UUID

from service.council.proposals.count import Choice, Count, outcome_of
from service.council.proposals.hold import NoSuchProposal, Refused, hold_waiting
from service.council.proposals.vote import NoSeat
from service.council.seats.holders import Holder, read_holders, voting_seat
from service.council.topic import TOPIC
from service.cycle.measures.decide import Decided, Outcome, write_decision
from service.web.language import _, ngettext
from service.web.live import announce
from tenants.members import Member
from tenants.scope import fetch

Way = Literal["by_votes", "referred_back"]


async def count_votes(proposal_id: UUID, holders: list[Holder]) -> tuple[Count, dict[UUID, Choice]]:
    """The votes of who still holds the seat that it was given from, and whose choice was which."""
    sitting = {(one.person_id, one.key) for one in holders if one.votes and one.person_id}
    rows = await fetch(
        "SELECT person_id, seat, choice FROM vote WHERE proposal_id = $1", proposal_id
    )
    choices: dict[UUID, Choice] = {
        row["person_id"]: row["choice"]
        for row in rows
        if (row["person_id"], row["seat"]) in sitting
    }
    given = list(choices.values())
    seats = len({seat for _person, seat in sitting})
    count = Count(given.count("for"), given.count("against"), given.count("abstain"), seats)
    return count, choices


async def decide(
    *, by: Member, proposal_id: UUID, way: Way, motive: str, cost_kr: int, hours: int
) -> Decided:
    """Close the vote: the majority's outcome, or `referred_back`, with what is granted.

    Raises NoSeat unless `by` holds a presiding seat now, NoSuchProposal, and Refused when the
    proposal has ended, too few have voted, or a tie waits for the presiding person's own vote.
    """
    # From here on no vote can come in between the count and the decision.
    await hold_waiting(proposal_id)
    holders = await read_holders()
    seat = voting_seat(holders, by.person_id)
    if seat is None or not seat.presides:
        raise NoSeat
    count, choices = await count_votes(proposal_id, holders)
    if not count.enough:
        raise Refused(too_few(count))
    voted = outcome_of(count, choices.get(by.person_id))
    outcome: Outcome | None = "referred_back" if way == "referred_back" else voted
    if outcome is None:
        raise Refused(
            _(
                "Rösterna väger lika. Då avgör din egen röst (KL 5 kap. 54 §): "
                "rösta för eller emot och besluta sedan."
            )
        )
    written = await write_decision(
        by=by,
        proposal_id=proposal_id,
        outcome=outcome,
        motive=motive,
        cost_kr=cost_kr,
        hours=hours,
        votes_for=count.votes_for,
        votes_against=count.votes_against,
        abstained=count.abstained,
    )
    if not isinstance(written, Decided):  # Its row has been in hand since it was seen to wait.
        raise NoSuchProposal(str(proposal_id))
    await announce(TOPIC)
    return written


def too_few(count: Count) -> str:
    """``2 av 6 har röstat. Beslutet kräver minst 4 röster.``"""
    return ngettext(
        "%(cast)s av %(num)s plats har röstat. Beslutet kräver minst %(needed)s röster.",
        "%(cast)s av %(num)s platser har röstat. Beslutet kräver minst %(needed)s röster.",
        count.seats,
        cast=count.cast,
        needed=count.needed,
    )
