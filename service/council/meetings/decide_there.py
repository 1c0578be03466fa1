"""Write down a decision that the preparatory group took at its meeting."""

from uuid import UUID

from service.council.meetings.call import TOPIC
from service.council.meetings.find import hold_meeting
from service.web.live import announce
from tenants import audit
from tenants.members import Member
from tenants.scope import execute, fetch_value


async def decide_there(
    meeting_id: UUID, decision_id: UUID, *, about: str, text: str, by: Member
) -> bool:
    """Write the decision; sent twice it is one. Returns whether it was new.

    Raises NoSuchMeeting or MinutesApproved.
    """
    await hold_meeting(meeting_id)
    if await fetch_value("SELECT EXISTS (SELECT FROM meeting_decision WHERE id = $1)", decision_id):
        return False
    await execute(
        """INSERT INTO meeting_decision (tenant_id, id, meeting_id, about, text, decided_by)
           VALUES (ks.current_tenant(), $1, $2, $3, $4, $5)""",
        decision_id,
        meeting_id,
        about,
        text,
        by.person_id,
    )
    await audit.record(
        by=by, verb="meeting.decide", object_kind="meeting_decision", object_id=decision_id
    )
    await announce(TOPIC)
    return True
