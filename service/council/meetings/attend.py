"""Note who is present at a meeting, and take it back."""

from uuid import UUID

from service.council.meetings.call import TOPIC
from service.council.meetings.find import hold_meeting
from service.council.meetings.people import possible_attendants
from service.web.live import announce
from tenants import audit
from tenants.members import Member
from tenants.scope import fetch_value


class NoSuchAttendant(LookupError):
    """The person does not take part in the preparatory group's meetings."""


async def note_attendance(meeting_id: UUID, person_id: UUID, *, present: bool, by: Member) -> bool:
    """Note that the person is there, or is not; returns whether that was new.

    Raises NoSuchMeeting, MinutesApproved or NoSuchAttendant.
    """
    await hold_meeting(meeting_id)
    # Who has left the group since can still be taken off the list.
    if present and not any(one.person_id == person_id for one in await possible_attendants()):
        raise NoSuchAttendant(str(person_id))
    if present:
        changed = await fetch_value(
            """INSERT INTO attendance (tenant_id, meeting_id, person_id, noted_by)
               VALUES (ks.current_tenant(), $1, $2, $3)
               ON CONFLICT (tenant_id, meeting_id, person_id) DO NOTHING RETURNING true""",
            meeting_id,
            person_id,
            by.person_id,
        )
    else:
        changed = await fetch_value(
            "DELETE FROM attendance WHERE meeting_id = $1 AND person_id = $2 RETURNING true",
            meeting_id,
            person_id,
        )
    if changed:
        await audit.record(
            by=by,
            verb="meeting.note_present" if present else "meeting.note_absent",
            object_kind="meeting",
            object_id=meeting_id,
        )
        await announce(TOPIC)
    return bool(changed)
