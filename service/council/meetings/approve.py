"""Approve the minutes of a meeting: agenda, attendance and decisions are frozen as they stand."""

from uuid import UUID

import msgspec

from service.council.meetings.call import TOPIC
from service.council.meetings.find import MeetingCancelled, MinutesApproved, hold_meeting
from service.council.meetings.read import draft
from service.cycle.mapping.week import now
from service.web.language import _
from service.web.live import announce
from tenants import audit
from tenants.members import Member
from tenants.scope import execute


class CannotApprove(ValueError):
    """The minutes are not finished; the message says what is missing."""


async def approve_minutes(meeting_id: UUID, *, by: Member) -> bool:
    """Freeze the minutes; approved twice they are approved once. Returns whether this was it.

    What somebody writes at the same moment is either in them or refused. Raises NoSuchMeeting or
    CannotApprove.
    """
    try:
        meeting = await hold_meeting(meeting_id)
    except MinutesApproved:
        return False
    except MeetingCancelled:
        raise CannotApprove(_("Mötet är inställt.")) from None
    if meeting.held_at > now():
        raise CannotApprove(_("Mötet har inte hållits än. Protokollet kan godkännas efteråt."))
    content = await draft(meeting, by=by)
    if not content["present"]:
        raise CannotApprove(_("Notera först vilka som är närvarande."))
    await execute(
        """INSERT INTO minutes (tenant_id, meeting_id, content, approved_by)
           VALUES (ks.current_tenant(), $1, $2::jsonb, $3)""",
        meeting_id,
        msgspec.json.encode(content).decode(),
        by.person_id,
    )
    await audit.record(
        by=by,
        verb="meeting.approve_minutes",
        object_kind="meeting",
        object_id=meeting_id,
        detail={"decisions": len(content["decisions"])},
    )
    await announce(TOPIC)
    return True
