"""The preparatory group's invented meetings: two with approved minutes, and one to come."""

from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from service.council.meetings.agenda import OUTCOMES, Line, parts_of, risen
from service.demo.cycle.course import Course
from service.demo.cycle.ledger import Ledger
from service.demo.cycle.people import PREPARING, Calendar, Cast
from service.demo.cycle.then import Then
from service.web.formats import day as day_words

PLACE = "Kommunhuset, sammanträdesrum 2"
ITEMS = ("Trygghetsvandring: val av sträcka och datum", "Rutin för rapporter på lov")
DECISIONS = (
    (
        "Trygghetsvandring",
        "Gruppen går sträckan i mörker inom tre veckor. Samordnaren bjuder in de som rapporterar.",
    ),
    (
        "Rapporter på lov",
        "Varje organisation utser en ersättare, så att veckan blir rapporterad också på lov.",
    ),
)


class Meetings:
    """Calls and minutes in the ledger; `courses` are what the meetings had before them."""

    def __init__(
        self, ledger: Ledger, cast: Cast, calendar: Calendar, courses: list[Course]
    ) -> None:
        self.ledger, self.cast, self.calendar, self.courses = ledger, cast, calendar, courses

    def call(self, day: int) -> tuple[UUID, datetime]:
        """The meeting's id and time; it was called two weeks before, or last week."""
        meeting, held_at = uuid4(), self.calendar.at(day, 13)
        by, at = self.cast.persons["samordnare"], self.calendar.at(min(day - 14, -3), 9)
        self.ledger.write(
            "meeting", id=meeting, held_at=held_at, place=PLACE, called_by=by, called_at=at
        )
        self.ledger.audit("meeting.call", "meeting", meeting, by=by, at=at)
        return meeting, held_at

    def raise_item(self, meeting: UUID, number: int, day: int) -> Line:
        """Somebody in the group wants to talk about something."""
        person, at = self.cast.persons["bered-skola"], self.calendar.at(day, 10)
        self.ledger.write(
            "agenda_item",
            id=uuid4(),
            meeting_id=meeting,
            title=ITEMS[number],
            raised_by=person,
            raised_at=at,
        )
        return Line(ITEMS[number], f"anmäld av {self.cast.names['bered-skola'][0]}")

    def hold(self, day: int, number: int, picture: Then, since: datetime) -> datetime:
        """A meeting with its minutes, approved the next day; returns when that was."""
        meeting, held_at = self.call(day)
        item = self.raise_item(meeting, number, day - 3)
        keys = [*PREPARING, "kommunchef"]
        absent = [keys.pop(number + 2)]
        for key in keys:
            self.ledger.write(
                "attendance",
                meeting_id=meeting,
                person_id=self.cast.persons[key],
                noted_by=self.cast.persons["samordnare"],
                noted_at=held_at,
            )
        decided = self._decide(meeting, number, day)
        rising, places = risen(picture.content["wide"], None)
        agenda = parts_of(
            {
                "picture": rising[:5],
                "follow_ups": self._follow_ups(held_at),
                "proposals": self._proposals(since, held_at),
                "items": [item],
            }
        )
        content = {
            "agenda": [asdict(part) for part in agenda],
            "present": [self._named(key) for key in keys],
            "absent": [self._named(key) for key in absent],
            "decisions": [decided],
            "places": places,
        }
        by, at = self.cast.persons["samordnare"], self.calendar.at(day + 1, 9, 15)
        self.ledger.write(
            "minutes", meeting_id=meeting, content=content, approved_by=by, approved_at=at
        )
        self.ledger.audit("meeting.approve_minutes", "meeting", meeting, by=by, at=at, decisions=1)
        return at

    def _decide(self, meeting: UUID, number: int, day: int) -> dict[str, Any]:
        about, text = DECISIONS[number]
        decision, by = uuid4(), self.cast.persons["samordnare"]
        at = self.calendar.at(day, 14, 20)
        self.ledger.write(
            "meeting_decision",
            id=decision,
            meeting_id=meeting,
            about=about,
            text=text,
            decided_by=by,
            decided_at=at,
        )
        self.ledger.audit("meeting.decide", "meeting_decision", decision, by=by, at=at)
        return {"number": 1, "about": about, "text": text, "by": self.cast.names["samordnare"][0]}

    def _named(self, key: str) -> dict[str, str]:
        name, organisation = self.cast.names[key]
        return {
            "person_id": str(self.cast.persons[key]),
            "name": name,
            "organisation": organisation,
        }

    def _follow_ups(self, held_at: datetime) -> list[Line]:
        """Approved measures that had ended at the meeting and were followed up later or not yet."""
        measures = {row["id"]: row for row in self.ledger.rows["measure"]}
        numbers = {row["id"]: row for row in self.ledger.rows["problem"]}
        lines = []
        for course in self.courses:
            for one in course.proposals:
                if one.measure is None or one.plan is None or one.outcome != "approved":
                    continue
                ends_on = measures[one.measure]["ends_on"]
                seen = course.followed_up.get(one.measure)
                if ends_on >= held_at.date() or (seen and seen < held_at):
                    continue
                name = self.cast.organisation_name(one.plan.organisation)
                label = "{year}-{number}".format(**numbers[course.id])
                note = f"{name}, slutade {day_words(ends_on)}"
                lines.append(Line(one.title, note, f"problem/{label}"))
        return lines

    def _proposals(self, since: datetime, held_at: datetime) -> list[Line]:
        """What waited at the meeting, and what had been decided since the one before."""
        paragraphs = {row["proposal_id"]: row for row in self.ledger.rows["decision"]}
        labels = {row["id"]: row for row in self.ledger.rows["problem"]}
        lines = []
        for course in self.courses:
            label = "{year}-{number}".format(**labels[course.id])
            for one in course.proposals:
                if one.at > held_at or (one.ended and one.ended < since):
                    continue
                if one.ended is None or one.ended > held_at:
                    note = f"väntar på beslut sedan {day_words(one.at)}"
                elif one.outcome in OUTCOMES:
                    row = paragraphs[one.id]
                    note = f"{OUTCOMES[one.outcome]}, § {row['paragraph']}/{row['year']}"
                else:
                    continue
                lines.append(Line(one.title, note, f"problem/{label}"))
        return lines
