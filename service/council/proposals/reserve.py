"""Reserve oneself against a decision that one took part in and does not stand behind."""

from uuid import UUID

from service.council.proposals.hold import Refused, hold
from service.council.proposals.vote import NoSeat
from service.council.topic import TOPIC
from service.web.language import _
from service.web.live import announce
from tenants import audit
from tenants.members import Member
from tenants.scope import fetch_row, fetch_value


async def reserve(*, by: Member, proposal_id: UUID, text: str) -> None:
    """Write down who does not stand behind the decision, and why.

    Only who voted on the proposal, and not for what was decided. Raises NoSuchProposal, NoSeat
    when `by` took no part, and Refused before a decision or when it is not possible.
    """
    ending = await hold(proposal_id)
    if ending is None or ending.kind != "decided":
        raise Refused(_("Det finns inget beslut att reservera sig mot än."))
    vote = await fetch_row(
        "SELECT choice FROM vote WHERE proposal_id = $1 AND person_id = $2",
        proposal_id,
        by.person_id,
    )
    if vote is None:
        raise NoSeat
    if not may_reserve(vote["choice"], ending.outcome):
        raise Refused(_("Du röstade för det som beslutades. Då går det inte att reservera sig."))
    made = await fetch_value(
        """INSERT INTO reservation (tenant_id, proposal_id, person_id, text)
           VALUES (ks.current_tenant(), $1, $2, $3)
           ON CONFLICT (tenant_id, proposal_id, person_id) DO NOTHING RETURNING true""",
        proposal_id,
        by.person_id,
        text,
    )
    if not made:
        if await _is_written(by, proposal_id, text):
            return  # Sent twice, by two presses or a retry.
        raise Refused(_("Du har redan reserverat dig. Reservationen står kvar som den skrevs."))
    await audit.record(
        by=by, verb="proposal.reserve", object_kind="proposal", object_id=proposal_id
    )
    await announce(TOPIC)


async def _is_written(by: Member, proposal_id: UUID, text: str) -> bool:
    return await fetch_value(
        """SELECT EXISTS (SELECT FROM reservation
                          WHERE proposal_id = $1 AND person_id = $2 AND text = $3)""",
        proposal_id,
        by.person_id,
        text,
    )


def may_reserve(choice: str, outcome: str) -> bool:
    """Whether a vote of `choice` is not one for what was decided."""
    return (choice, outcome) not in {("for", "approved"), ("against", "rejected")}
