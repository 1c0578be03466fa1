"""Say something about a proposal; whoever may comment may, with or without a vote."""

from uuid import UUID, uuid4

from service.council.proposals.hold import hold
from service.council.topic import TOPIC
from service.web.live import announce
from tenants import audit
from tenants.members import Member
from tenants.scope import execute


async def comment(*, by: Member, proposal_id: UUID, text: str) -> None:
    """Add a comment, also after the decision. Raises NoSuchProposal."""
    await hold(proposal_id)
    await execute(
        """INSERT INTO comment (tenant_id, id, proposal_id, person_id, text)
           VALUES (ks.current_tenant(), $1, $2, $3, $4)""",
        uuid4(),
        proposal_id,
        by.person_id,
        text,
    )
    await audit.record(
        by=by, verb="proposal.comment", object_kind="proposal", object_id=proposal_id
    )
    await announce(TOPIC)
