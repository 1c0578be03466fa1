"""Say something about a proposal; whoever may comment may, with or without a vote."""

from uuid import UUID

from service.council.proposals.hold import hold
from service.council.topic import TOPIC
from service.web.live import announce
from tenants import audit
from tenants.members import Member
from tenants.scope import fetch_value


async def comment(*, by: Member, proposal_id: UUID, comment_id: UUID, text: str) -> None:
    """Add a comment, also after the decision. Raises NoSuchProposal.

    `comment_id` is the form's own: what is sent twice, by two presses or a retry, is said once.
    """
    await hold(proposal_id)
    said = await fetch_value(
        """INSERT INTO comment (tenant_id, id, proposal_id, person_id, text)
           VALUES (ks.current_tenant(), $1, $2, $3, $4)
           ON CONFLICT (tenant_id, id) DO NOTHING RETURNING true""",
        comment_id,
        proposal_id,
        by.person_id,
        text,
    )
    if not said:
        return
    await audit.record(
        by=by, verb="proposal.comment", object_kind="proposal", object_id=proposal_id
    )
    await announce(TOPIC)
