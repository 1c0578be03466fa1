"""Find a meeting, and hold it while something is written about it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tenants.scope import fetch, fetch_row, fetch_value


class NoSuchMeeting(LookupError):
    """The municipality has no such meeting."""


class NothingChanges(ValueError):
    """Nothing about the meeting changes any more."""


class MinutesApproved(NothingChanges):
    """The minutes are approved."""


class MeetingCancelled(NothingChanges):
    """The meeting is not held."""


@dataclass(frozen=True)
class FoundMeeting:
    id: UUID
    held_at: datetime
    place: str
    called_at: datetime
    called_by: str
    approved_at: datetime | None
    cancelled_at: datetime | None
    reason: str | None
    """Why it was moved last, or cancelled."""


_SELECT = """
SELECT meeting.id, held_at, place, called_at, person.name AS called_by, approved_at,
       cancelled_at, (
           SELECT reason FROM meeting_change WHERE meeting_id = meeting.id
           ORDER BY changed_at DESC LIMIT 1
       ) AS reason
FROM meeting
JOIN person ON person.id = called_by
LEFT JOIN minutes ON minutes.meeting_id = meeting.id
"""


async def find_meeting(meeting_id: UUID) -> FoundMeeting:
    """Raises NoSuchMeeting."""
    row = await fetch_row(_SELECT + " WHERE meeting.id = $1", meeting_id)
    if row is None:
        raise NoSuchMeeting(str(meeting_id))
    return FoundMeeting(**row)


async def find_meetings(limit: int = 60) -> list[FoundMeeting]:
    """The latest first, those to come before those that were."""
    rows = await fetch(_SELECT + " ORDER BY held_at DESC LIMIT $1", limit)
    return [FoundMeeting(**row) for row in rows]


async def hold_meeting(meeting_id: UUID) -> FoundMeeting:
    """The meeting, which nobody else writes about until this transaction ends.

    Raises NoSuchMeeting, or NothingChanges as what it is.
    """
    await fetch_value("SELECT id FROM meeting WHERE id = $1 FOR UPDATE", meeting_id)
    meeting = await find_meeting(meeting_id)
    if meeting.approved_at is not None:
        raise MinutesApproved(str(meeting_id))
    if meeting.cancelled_at is not None:
        raise MeetingCancelled(str(meeting_id))
    return meeting
