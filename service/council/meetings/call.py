"""Call the preparatory group to a meeting; everybody in it gets a letter."""

from datetime import datetime
from uuid import UUID

from service.council.meetings.people import preparatory_group
from service.letters.post import post_letter
from service.web.formats import clock, day
from service.web.language import _
from service.web.letters import link
from service.web.live import announce
from tenants import audit
from tenants.members import Member
from tenants.scope import fetch_value

TOPIC = "meeting"
"""What open pages are told when anything about a meeting has changed."""
LETTER = "meeting.summons"


async def call_meeting(meeting_id: UUID, *, held_at: datetime, place: str, by: Member) -> bool:
    """Call it; `meeting_id` follows from the form, so that sent twice it is called once.

    Returns whether it was new.
    """
    new = await fetch_value(
        """INSERT INTO meeting (tenant_id, id, held_at, place, called_by)
           VALUES (ks.current_tenant(), $1, $2, $3, $4)
           ON CONFLICT (tenant_id, id) DO NOTHING RETURNING true""",
        meeting_id,
        held_at,
        place,
        by.person_id,
    )
    if not new:
        return False
    for one in await preparatory_group():
        await post_letter(
            to=one.person_id,
            kind=LETTER,
            about=meeting_id,
            subject=_("Kallelse till beredningsgruppen %(day)s", day=day(held_at)),
            template="council/meetings/summons.txt",
            name=by.municipality.name,
            when=_("%(day)s klockan %(time)s", day=day(held_at), time=clock(held_at)),
            place=place,
            address=link(f"/{by.municipality.slug}/moten/{meeting_id}"),
        )
    await audit.record(by=by, verb="meeting.call", object_kind="meeting", object_id=meeting_id)
    await announce(TOPIC)
    return True
