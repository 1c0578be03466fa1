"""The agenda of a meeting fills itself from what has happened since the last approved minutes."""

from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from service.council.meetings.find import FoundMeeting
from service.cycle.followup.read import all_measures
from service.cycle.mapping.week import STOCKHOLM, now
from service.cycle.measures.tasks.read import TaskLine, stuck_tasks
from service.cycle.picture import explain
from service.cycle.picture.show import Numbers, read_picture
from service.web.formats import day
from service.web.language import _, later
from tenants.members import Member
from tenants.roles import PictureView
from tenants.scope import fetch, fetch_row

# How far a first meeting looks back.
FIRST_LOOK = timedelta(weeks=4)
OUTCOMES = {
    "approved": later("bifallet"),
    "rejected": later("avslaget"),
    "referred_back": later("återremitterat"),
}


# Points of the agenda in their order: title, and what is said when there is nothing.
POINTS = {
    "picture": (later("Nytt och stigande i lägesbilden"), later("Inget nytt i listan.")),
    "follow_ups": (later("Uppföljningar som ska göras"), later("Ingen uppföljning väntar.")),
    "tasks": (
        later("Försenade uppgifter och uppgifter utan ansvarig"),
        later("Ingen uppgift är försenad, och alla har en ansvarig."),
    ),
    "proposals": (
        later("Förslag till styrgruppen"),
        later("Inget förslag väntar, och inget är avgjort sedan sist."),
    ),
    "inquiries": (later("Frågor som ska vara besvarade"), later("Ingen fråga väntar på svar.")),
    "items": (later("Anmälda punkter"), later("Ingen har anmält något.")),
}


@dataclass(frozen=True)
class Line:
    """One matter. `path` lies below the municipality's address; empty when there is no page."""

    text: str
    note: str
    path: str = ""


@dataclass(frozen=True)
class Part:
    """One point of the agenda and its matters; `nothing` is said when there are none."""

    key: str
    title: str
    lines: list[Line]
    nothing: str


@dataclass(frozen=True)
class Agenda:
    """`places` is the list of priorities as it stood: area and category to place."""

    since: datetime
    parts: list[Part]
    places: dict[str, int]

    def as_content(self) -> list[dict[str, Any]]:
        return [asdict(part) for part in self.parts]


async def read_agenda(meeting: FoundMeeting, *, by: Member) -> Agenda:
    """What the agenda holds now, in the language of the request."""
    minutes = await fetch_row(
        """SELECT approved_at, content->'places' AS places FROM minutes
           JOIN meeting ON meeting.id = minutes.meeting_id
           WHERE meeting.id <> $1 ORDER BY approved_at DESC LIMIT 1""",
        meeting.id,
    )
    since = minutes["approved_at"] if minutes else now() - FIRST_LOOK
    then = msgspec.json.decode(minutes["places"]) if minutes and minutes["places"] else None
    until = max(now(), meeting.held_at).astimezone(STOCKHOLM).date()
    shown = await read_picture(PictureView.ALL)
    rising, places = risen((shown.wide if shown else None) or {}, then)
    found = {
        "picture": rising,
        "follow_ups": await _follow_ups(by),
        "tasks": await _stuck(by),
        "proposals": await _proposals(since),
        "inquiries": await _inquiries(until),
        "items": await _items(meeting.id),
    }
    return Agenda(since, parts_of(found), places)


def parts_of(found: dict[str, list[Line]]) -> list[Part]:
    """Every point of the agenda with its matters, in the language of the request."""
    return [
        Part(key, _(title), found.get(key, []), _(nothing))
        for key, (title, nothing) in POINTS.items()
    ]


def risen(wide: Numbers, then: dict[str, int] | None) -> tuple[list[Line], dict[str, int]]:
    """What is new or has risen since the places of `then`, or without them in four weeks."""
    lines, places = [], {}
    for row in wide.get("priorities", ()):
        area, category = wide["areas"][row["area"]], wide["categories"][row["category"]]
        key = f"{area['key']}/{category['key']}"
        places[key] = row["place"]
        before = row["earlier_place"] if then is None else then.get(key)
        moved = explain.movement(row | {"earlier_place": before})
        # A rise that lies within the uncertainty is none, and an uncertain basis says so itself.
        certain = moved.sign in ("plus", "arrow-up-right")
        unsure = moved.sign == "circle-dashed" and (before is None or before > row["place"])
        if certain or unsure:
            note = _(
                "Plats %(place)s. %(word)s, %(note)s.",
                place=row["place"],
                word=moved.word,
                note=moved.note,
            )
            lines.append(Line(explain.title(wide, row), note, "lagesbild"))
    return lines, places


async def _follow_ups(by: Member) -> list[Line]:
    return [
        Line(
            one.title,
            _("%(name)s, slutade %(day)s", name=one.organisation, day=day(one.ends_on)),
            f"problem/{one.problem}",
        )
        for one in await all_measures(by=by)
        if one.state == "due"
    ]


async def _stuck(by: Member) -> list[Line]:
    return [
        Line(task.title, _stuck_by(task), f"problem/{task.problem}/uppgift/{task.id}")
        for task in await stuck_tasks(by=by)
    ]


def _stuck_by(task: TaskLine) -> str:
    if task.ownerless:
        gone = task.organisation if task.organisation_left_on else task.person
        return _("%(name)s har lämnat, uppgiften måste lämnas över", name=gone)
    return _("%(name)s, skulle vara klar %(day)s", name=task.organisation, day=day(task.due_on))


async def _proposals(since: datetime) -> list[Line]:
    rows = await fetch(
        """SELECT proposal.id, coalesce(measure.title, problem.title) AS title, proposal.kind,
                  proposed_at, decision.year, paragraph, outcome
           FROM proposal
           JOIN problem ON problem.id = proposal.problem_id
           LEFT JOIN measure ON measure.id = proposal.measure_id
           LEFT JOIN decision ON decision.proposal_id = proposal.id
           WHERE NOT EXISTS (SELECT FROM proposal_withdrawal WHERE proposal_id = proposal.id)
             AND (decision.decided_at IS NULL OR decision.decided_at > $1)
           ORDER BY decision.decided_at NULLS FIRST, proposed_at""",
        since,
    )
    return [Line(_proposed(row), _decided(row), f"styrgrupp/forslag/{row['id']}") for row in rows]


def _proposed(row: Any) -> str:
    if row["kind"] == "priority":
        return _("Prioritering av %(title)s", title=row["title"])
    return str(row["title"])


def _decided(row: Any) -> str:
    if row["outcome"] is None:
        return _("väntar på beslut sedan %(day)s", day=day(row["proposed_at"]))
    return _(
        "%(outcome)s, § %(paragraph)s/%(year)s",
        outcome=_(OUTCOMES[row["outcome"]]),
        paragraph=row["paragraph"],
        year=row["year"],
    )


async def _inquiries(until: date) -> list[Line]:
    rows = await fetch(
        """SELECT problem.year || '-' || problem.number AS problem, question, due_on,
                  organisation.name
           FROM inquiry
           JOIN problem ON problem.id = inquiry.problem_id
           JOIN organisation ON organisation.id = inquiry.organisation_id
           WHERE due_on <= $1
             AND NOT EXISTS (SELECT FROM inquiry_answer WHERE inquiry_id = inquiry.id)
             AND NOT EXISTS (SELECT FROM problem_closure
                             WHERE problem_closure.problem_id = inquiry.problem_id)
           ORDER BY due_on, question""",
        until,
    )
    return [
        Line(
            row["question"],
            _("%(name)s, till %(day)s", name=row["name"], day=day(row["due_on"])),
            f"problem/{row['problem']}",
        )
        for row in rows
    ]


async def _items(meeting_id: UUID) -> list[Line]:
    rows = await fetch(
        """SELECT title, person.name FROM agenda_item JOIN person ON person.id = raised_by
           WHERE meeting_id = $1 ORDER BY raised_at""",
        meeting_id,
    )
    return [Line(row["title"], _("anmäld av %(name)s", name=row["name"])) for row in rows]
