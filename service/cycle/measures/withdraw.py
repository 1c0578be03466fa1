"""Withdraw a proposal that waits; what was decided stays decided."""

from uuid import UUID

from service.cycle.analysis.open import TOPIC
from service.cycle.measures.decide import NoSuchProposal
from service.cycle.measures.policy import may_withdraw
from service.web.live import announce
from tenants import audit
from tenants.members import Member
from tenants.scope import fetch_row, fetch_value


class WasDecided(ValueError):
    """The steering group decided first."""


class MayNotWithdraw(PermissionError):
    """The proposal is somebody else's."""


async def withdraw_proposal(
    *, by: Member, problem_id: UUID, proposal_id: UUID, motive: str
) -> None:
    """Withdraw once. Raises NoSuchProposal, MayNotWithdraw or WasDecided."""
    # Whoever ends the proposal first, by a decision or here, holds its row; the other waits.
    proposal = await fetch_row(
        """SELECT kind, proposed_by FROM proposal
           WHERE id = $1 AND problem_id = $2 FOR UPDATE""",
        proposal_id,
        problem_id,
    )
    if proposal is None:
        raise NoSuchProposal(str(proposal_id))
    if not may_withdraw(by, kind=proposal["kind"], proposed_by=proposal["proposed_by"]):
        raise MayNotWithdraw(str(proposal_id))
    if await fetch_value(
        "SELECT EXISTS (SELECT FROM decision WHERE proposal_id = $1)", proposal_id
    ):
        raise WasDecided(str(proposal_id))
    new = await fetch_value(
        """INSERT INTO proposal_withdrawal (tenant_id, proposal_id, motive, withdrawn_by)
           SELECT ks.current_tenant(), $1, $2, $3
           ON CONFLICT (tenant_id, proposal_id) DO NOTHING RETURNING proposal_id""",
        proposal_id,
        motive,
        by.person_id,
    )
    if new is None:
        return
    await audit.record(
        by=by, verb="proposal.withdraw", object_kind="proposal", object_id=proposal_id
    )
    await announce(TOPIC)
