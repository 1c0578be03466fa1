"""A meeting as its page shows it: as it stands, or as its approved minutes froze it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from service.council.meetings.agenda import read_agenda
from service.council.meetings.find import FoundMeeting
from service.council.meetings.people import possible_attendants
from tenants.members import Member
from tenants.scope import fetch, fetch_row


@dataclass(frozen=True)
class Shown:
    """`agenda` is a list of parts with key, title, lines and nothing; `present` and `absent` of
    person_id (while it can change), name and organisation; `decisions` of number, about, text, by.
    """

    meeting: FoundMeeting
    agenda: list[dict[str, Any]]
    present: list[dict[str, Any]]
    absent: list[dict[str, Any]]
    decisions: list[dict[str, Any]]
    approved_by: str | None
    approved_at: datetime | None


async def read_meeting(meeting: FoundMeeting, *, by: Member) -> Shown:
    """The meeting as it stands now, or for ever."""
    minutes = await fetch_row(
        """SELECT content, person.name, approved_at FROM minutes
           JOIN person ON person.id = approved_by WHERE meeting_id = $1""",
        meeting.id,
    )
    content = msgspec.json.decode(minutes["content"]) if minutes else await draft(meeting, by=by)
    return Shown(
        meeting=meeting,
        agenda=content["agenda"],
        present=content["present"],
        absent=content["absent"],
        decisions=content["decisions"],
        approved_by=minutes["name"] if minutes else None,
        approved_at=minutes["approved_at"] if minutes else None,
    )


async def draft(meeting: FoundMeeting, *, by: Member) -> dict[str, Any]:
    """What the minutes would freeze now; `places` is for the next meeting's comparison."""
    agenda = await read_agenda(meeting, by=by)
    there = await _present(meeting.id)
    everybody = {one.person_id: (one.name, one.organisation) for one in await possible_attendants()}
    # Who was there and has since left the group was there all the same.
    people = everybody | there
    rows = [
        {"person_id": str(key), "name": name, "organisation": organisation}
        for key, (name, organisation) in sorted(people.items(), key=lambda one: one[1])
    ]
    present = {str(key) for key in there}
    return {
        "agenda": agenda.as_content(),
        "present": [row for row in rows if row["person_id"] in present],
        "absent": [row for row in rows if row["person_id"] not in present],
        "decisions": await _decisions(meeting.id),
        "places": agenda.places,
    }


async def _present(meeting_id: UUID) -> dict[UUID, tuple[str, str]]:
    rows = await fetch(
        """SELECT person.id, person.name, coalesce((
                      SELECT min(organisation.name) FROM membership
                      JOIN organisation ON organisation.id = membership.organisation_id
                      WHERE membership.person_id = person.id), '') AS organisation
           FROM attendance JOIN person ON person.id = attendance.person_id
           WHERE meeting_id = $1""",
        meeting_id,
    )
    return {row["id"]: (row["name"], row["organisation"]) for row in rows}


async def _decisions(meeting_id: UUID) -> list[dict[str, Any]]:
    rows = await fetch(
        """SELECT about, text, person.name FROM meeting_decision
           JOIN person ON person.id = decided_by WHERE meeting_id = $1 ORDER BY decided_at""",
        meeting_id,
    )
    return [
        {"number": number, "about": row["about"], "text": row["text"], "by": row["name"]}
        for number, row in enumerate(rows, start=1)
    ]
