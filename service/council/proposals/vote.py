"""Vote on a proposal from a voting seat; the vote may be changed until the decision."""

from uuid import UUID

from service.council.proposals.count import Choice
from service.council.proposals.hold import Refused, hold_waiting
from service.council.seats.holders import Holder, read_holders, voting_seat
from service.council.topic import TOPIC
from service.web.language import _
from service.web.live import announce
from tenants import audit
from tenants.members import Member
from tenants.scope import execute, fetch_row, fetch_value


class NoSeat(PermissionError):
    """Who acts holds no seat that allows it now."""


async def cast_vote(*, by: Member, proposal_id: UUID, choice: Choice, motive: str) -> None:
    """Give the vote of the seat that `by` holds now, in place of the one it gave before.

    One vote for a seat and a person. What a seat's former holder voted makes room for the present
    holder's vote. Raises NoSeat, NoSuchProposal, and Refused when the proposal has ended or
    somebody else who holds the seat too has voted.
    """
    await hold_waiting(proposal_id)
    holders = await read_holders()
    seat = voting_seat(holders, by.person_id)
    if seat is None:
        raise NoSeat
    if await _is_given(by, proposal_id, seat, choice, motive):
        return  # Sent twice, by two presses or a retry.
    await _make_room(by, proposal_id, seat, holders)
    await execute(
        """INSERT INTO vote (tenant_id, proposal_id, person_id, seat, choice, motive)
           VALUES (ks.current_tenant(), $1, $2, $3, $4, $5)""",
        proposal_id,
        by.person_id,
        seat.key,
        choice,
        motive,
    )
    await audit.record(
        by=by,
        verb="proposal.vote",
        object_kind="proposal",
        object_id=proposal_id,
        detail={"choice": choice, "seat": seat.key},
    )
    await announce(TOPIC)


async def _is_given(
    by: Member, proposal_id: UUID, seat: Holder, choice: Choice, motive: str
) -> bool:
    return await fetch_value(
        """SELECT EXISTS (SELECT FROM vote WHERE proposal_id = $1 AND person_id = $2 AND seat = $3
                          AND choice = $4 AND motive = $5)""",
        proposal_id,
        by.person_id,
        seat.key,
        choice,
        motive,
    )


async def _make_room(by: Member, proposal_id: UUID, seat: Holder, holders: list[Holder]) -> None:
    other = await fetch_row(
        """SELECT person_id, person.name FROM vote JOIN person ON person.id = vote.person_id
           WHERE proposal_id = $1 AND seat = $2 AND person_id <> $3""",
        proposal_id,
        seat.key,
        by.person_id,
    )
    sitting = {one.person_id for one in holders if one.key == seat.key}
    if other is not None and other["person_id"] in sitting:
        raise Refused(_("Platsens röst är redan lämnad av %(name)s.", name=other["name"]))
    await execute(
        "DELETE FROM vote WHERE proposal_id = $1 AND (person_id = $2 OR seat = $3)",
        proposal_id,
        by.person_id,
        seat.key,
    )
