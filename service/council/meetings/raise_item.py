"""Put something on the agenda of a meeting, beside what it finds by itself."""

from uuid import UUID

from service.council.meetings.call import TOPIC
from service.council.meetings.find import hold_meeting
from service.web.live import announce
from tenants import audit
from tenants.members import Member
from tenants.scope import execute, fetch_value


async def raise_item(meeting_id: UUID, item_id: UUID, *, title: str, by: Member) -> bool:
    """Add the item; sent twice it is one. Returns whether it was new.

    Raises NoSuchMeeting or MinutesApproved.
    """
    await hold_meeting(meeting_id)
    if await fetch_value("SELECT EXISTS (SELECT FROM agenda_item WHERE id = $1)", item_id):
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
