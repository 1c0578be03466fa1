"""Put something on the agenda of a meeting, beside what it finds by itself."""

from uuid import UUID

from service.council.meetings.call import TOPIC
from service.council.meetings.find import hold_meeting
from service.web.live import announce
from tenants import audit
from tenants.members import Member
from tenants.scope import execute, fetch_row


class AlreadyWritten(ValueError):
    """The form was sent before with something else in it, which stands."""


async def raise_item(meeting_id: UUID, item_id: UUID, *, title: str, by: Member) -> bool:
    """Add the item; sent twice it is one. Returns whether it was new.

    Raises NoSuchMeeting, MinutesApproved or AlreadyWritten.
    """
    await hold_meeting(meeting_id)
    known = await fetch_row("SELECT meeting_id, title FROM agenda_item WHERE id = $1", item_id)
    if known is not None:
        if tuple(known) != (meeting_id, title):
            raise AlreadyWritten(str(item_id))
        return False
    await execute(
        """INSERT INTO agenda_item (tenant_id, id, meeting_id, title, raised_by)
           VALUES (ks.current_tenant(), $1, $2, $3, $4)""",
        item_id,
        meeting_id,
        title,
        by.person_id,
    )
    await audit.record(
        by=by, verb="meeting.raise_item", object_kind="agenda_item", object_id=item_id
    )
    await announce(TOPIC)
    return True
