"""Move a meeting or cancel it; everybody who was summoned gets a letter that says why."""

from datetime import datetime
from uuid import UUID

from service.council.meetings.call import TOPIC
from service.council.meetings.find import FoundMeeting, hold_meeting
from service.council.meetings.people import preparatory_group
from service.cycle.mapping.week import now
from service.letters.post import post_letter
from service.web.formats import clock, day
from service.web.language import _
from service.web.letters import link
from service.web.live import announce
from tenants import audit
from tenants.members import Member
from tenants.scope import execute, fetch, fetch_value

MOVED = "meeting.moved"
CANCELLED = "meeting.cancelled"


class AlreadyHeld(ValueError):
    """The meeting has begun: what is noted about it stays where it was noted."""


async def move_meeting(
    meeting_id: UUID, change_id: UUID, *, held_at: datetime, place: str, reason: str, by: Member
) -> bool:
    """Hold it at another time or place; `change_id` follows from the form.

    Sent twice it is moved once. Returns whether this was it. Raises NoSuchMeeting, AlreadyHeld or
    NothingChanges.
    """
    if await _changed(meeting_id, change_id, held_at, place, reason, by) is None:
        return False
    await execute(
        "UPDATE meeting SET held_at = $2, place = $3 WHERE id = $1", meeting_id, held_at, place
    )
    await _tell(
        meeting_id,
        change_id,
        kind=MOVED,
        subject=_("Beredningsgruppens möte är flyttat till %(day)s", day=day(held_at)),
        when=_("%(day)s klockan %(time)s", day=day(held_at), time=clock(held_at)),
        place=place,
        reason=reason,
        by=by,
    )
    return True


async def cancel_meeting(meeting_id: UUID, change_id: UUID, *, reason: str, by: Member) -> bool:
    """It is not held. Cancelled twice it is cancelled once. Raises as `move_meeting`."""
    meeting = await _changed(meeting_id, change_id, None, None, reason, by)
    if meeting is None:
        return False
    await execute("UPDATE meeting SET cancelled_at = now() WHERE id = $1", meeting_id)
    await _tell(
        meeting_id,
        change_id,
        kind=CANCELLED,
        subject=_("Beredningsgruppens möte %(day)s är inställt", day=day(meeting.held_at)),
        when=_("%(day)s klockan %(time)s", day=day(meeting.held_at), time=clock(meeting.held_at)),
        place=meeting.place,
        reason=reason,
        by=by,
    )
    return True


async def _changed(
    meeting_id: UUID,
    change_id: UUID,
    held_at: datetime | None,
    place: str | None,
    reason: str,
    by: Member,
) -> FoundMeeting | None:
    """Note the change; gives the meeting as it was, or None where this change is noted already."""
    await fetch_value("SELECT id FROM meeting WHERE id = $1 FOR UPDATE", meeting_id)
    if await fetch_value("SELECT EXISTS (SELECT FROM meeting_change WHERE id = $1)", change_id):
        return None
    meeting = await hold_meeting(meeting_id)
    if meeting.held_at <= now():
        raise AlreadyHeld(str(meeting_id))
    await execute(
        """INSERT INTO meeting_change (tenant_id, id, meeting_id, held_at, place, reason,
                                       changed_by)
           VALUES (ks.current_tenant(), $1, $2, $3, $4, $5, $6)""",
        change_id,
        meeting_id,
        held_at,
        place,
        reason,
        by.person_id,
    )
    return meeting


async def _tell(
    meeting_id: UUID,
    change_id: UUID,
    *,
    kind: str,
    subject: str,
    when: str,
    place: str,
    reason: str,
    by: Member,
) -> None:
    """A letter to the group as it is now and to whoever was summoned before."""
    summoned = await fetch("SELECT person_id FROM letter WHERE about = $1", meeting_id)
    people = {one.person_id for one in await preparatory_group()}
    people |= {row["person_id"] for row in summoned}
    for person_id in sorted(people):
        await post_letter(
            to=person_id,
            kind=kind,
            about=change_id,
            subject=subject,
            template="council/meetings/changed.txt",
            cancelled=kind == CANCELLED,
            name=by.municipality.name,
            when=when,
            place=place,
            reason=reason,
            address=link(f"/{by.municipality.slug}/moten/{meeting_id}"),
        )
    await audit.record(
        by=by,
        verb="meeting.cancel" if kind == CANCELLED else "meeting.move",
        object_kind="meeting",
        object_id=meeting_id,
    )
    await announce(TOPIC)
