"""Fill the cycle of one invented municipality, from its own pictures as they once stood."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from service.cycle.feedback.public_counts import public_counts
from service.cycle.followup.compare import compare
from service.cycle.mapping.week import midnight, week_of
from service.cycle.picture.editions.approve import code_version, hashed
from service.cycle.picture.editions.draft import content_of
from service.cycle.picture.editions.frozen_counts import pack
from service.cycle.picture.editions.kinds import Period, ended_periods
from service.cycle.picture.work_out import METHOD
from service.demo.count import Weekly
from service.demo.cycle.council import Council, number_by_year
from service.demo.cycle.course import Asking, Cell, Course
from service.demo.cycle.group import assemble, set_tasks
from service.demo.cycle.ledger import Ledger
from service.demo.cycle.meetings import Meetings
from service.demo.cycle.people import Calendar, Cast
from service.demo.cycle.stories import story_of
from service.demo.cycle.then import Ids, Then, picture_then
from service.demo.generate import CATEGORIES, GROUP_OF, World
from tenants.scope import current_tenant, execute

FULLEST = "2182"
# Weeks ago. The pictures are what problems are opened on, and each is an approved edition.
OLDEST, OLD, YOUNG = 27, 13, 2
WEEKS_OF_ALL = (OLD, YOUNG)
WEEKS_OF_FULLEST = (OLDEST, OLD, 5, 4, 3, YOUNG, 1)
ENOUGH_ACTORS = 2
PAST = timedelta(weeks=160)
DRAFTED = "statutory"
LONG_EDITIONS: dict[str, dict[str, str]] = {
    "monthly": {
        "summary": "Färre rapporter från centrum än i oktober förra året, fler från stationen.",
        "assessment": "Täckningen är god. Samlingarna vid stationen följs vecka för vecka.",
    },
    "tertial": {
        "summary": "Tre problem har arbetats med. Ett är avslutat.",
        "assessment": "Mörka gångvägar återkommer i rapporter från flera aktörer.",
        "needs": "Störst behov vid stationen, störst möjlighet att påverka längs gångvägarna.",
    },
    DRAFTED: {
        "mapping": "Kartläggningen bygger på två års rapporter och på polisens öppna händelser.",
        "extent": "Omfattningen står i siffrorna för perioden.",
    },
}
COMMENT = "Konsekvenserna för skolorna behöver stå med."
CAPACITIES = (("safety_coordinator", "samordnare"), ("municipal_police", "kommunpolis"))


@dataclass(frozen=True)
class FollowedUp:
    """A follow-up that is to be written once the counts can be read."""

    course: Course
    asking: Asking
    outcome: str
    text: str
    starts: int
    done: int
    at: int


async def fill_cycle(world: World, weekly: Weekly, ids: Ids, cast: Cast) -> None:
    """Write the invented group's work; part of the transaction that writes the municipality."""
    calendar, municipality = Calendar(world.now), current_tenant()
    weeks = WEEKS_OF_FULLEST if world.code == FULLEST else WEEKS_OF_ALL
    pictures = await asyncio.to_thread(_pictures, world, weekly, ids, municipality, weeks)
    year = _Year(world, ids, cast, calendar, pictures)
    year.tell()
    await execute("UPDATE membership SET valid_from = $1", world.now - PAST)
    await year.ledger.store()
    for one in year.followed_up:
        await _follow_up(one, cast, calendar)
    await _publish(year, cast, calendar)


def _pictures(
    world: World, weekly: Weekly, ids: Ids, municipality: UUID, weeks: tuple[int, ...]
) -> dict[int, Then]:
    """Compiled on the Friday of each week, some weeks ago."""
    this_week = week_of(world.now)
    found = {}
    for back in weeks:
        friday = midnight(this_week - timedelta(weeks=back) + timedelta(days=4))
        moment = friday + timedelta(hours=13, minutes=30)
        found[back] = picture_then(world, weekly, ids, municipality, moment)
    return found


class _Year:
    """Everything that one municipality's people have written down."""

    def __init__(
        self, world: World, ids: Ids, cast: Cast, calendar: Calendar, pictures: dict[int, Then]
    ) -> None:
        self.world, self.ids, self.cast = world, ids, cast
        self.calendar, self.pictures = calendar, pictures
        self.ledger = Ledger()
        self.council = Council(self.ledger, cast, calendar)
        self.courses: list[Course] = []
        self.followed_up: list[FollowedUp] = []
        self.taken: set[tuple[int, int]] = set()

    def tell(self) -> None:
        self._editions()
        if OLDEST in self.pictures:
            self._closed(self._open(OLDEST))
        self._worked_on(self._open(OLD))
        self._disputed(self._open(OLD))
        if 5 in self.pictures:
            self._begun(self._open(5))
        self._young(self._open(YOUNG))
        self.council.number()
        number_by_year(self.ledger, "problem", "opened_at", "number")
        self._frames()
        self._meetings()

    def _open(self, back: int) -> Course:
        course = Course(
            self.ledger, self.cast, self.calendar, self.ids, self._cell(self.pictures[back])
        )
        self.courses.append(course)
        return course

    def _cell(self, then: Then) -> Cell:
        """The highest line that several actors stand behind, of a kind not worked on yet."""
        lines = [
            (row["area"], row["category"], row["actors"])
            for row in then.content["wide"]["priorities"]
            if (row["area"], row["category"]) not in self.taken
        ]
        stories = {course.story for course in self.courses}

        def fit(line: tuple[int, int, int]) -> tuple[bool, bool]:
            story = story_of(GROUP_OF[CATEGORIES[line[1]]])
            return (line[2] < ENOUGH_ACTORS, story in stories)

        area, category, _actors = min(lines, key=fit)
        self.taken.add((area, category))
        return Cell(then, area, category, story_of(GROUP_OF[CATEGORIES[category]]))

    def _editions(self) -> None:
        for then in self.pictures.values():
            self._edition(then, "weekly", Period(then.week, then.week), then.content, {})
        if OLDEST in self.pictures:
            self._long_editions(self.pictures[1])

    def _long_editions(self, then: Then) -> None:
        """A month and a tertial that are frozen, and the law's picture that is being written."""
        by, said_by = self.cast.persons["samordnare"], self.cast.persons["kommunpolis"]
        for kind, sections in LONG_EDITIONS.items():
            period = ended_periods(kind, then.week)[0]
            content = content_of(then.counts, period, then.at, current_tenant())
            content["wide"]["work"] = {"decisions": [], "follow_ups": []}
            if kind != DRAFTED:
                self._edition(then, kind, period, content, sections)
                continue
            draft = uuid4()
            self.ledger.write(
                "edition_draft",
                id=draft,
                kind=kind,
                week=period.first,
                last_week=period.last,
                drawn_at=then.at,
                method=METHOD,
                content=content,
                counts=pack(then.counts),
                sections=sections,
                begun_by=by,
                begun_at=then.at,
                changed_by=by,
                changed_at=then.at + timedelta(hours=1),
            )
            self.ledger.audit("edition.draft", "edition_draft", draft, by=by, at=then.at)
            at = then.at + timedelta(hours=3)
            self.ledger.write(
                "edition_comment",
                id=uuid4(),
                draft_id=draft,
                text=COMMENT,
                person_id=said_by,
                written_at=at,
            )
            self.ledger.audit("edition.comment", "edition_draft", draft, by=said_by, at=at)

    def _edition(
        self,
        then: Then,
        kind: str,
        period: Period,
        content: dict[str, Any],
        sections: dict[str, str],
    ) -> None:
        edition = uuid4()
        self.ledger.write(
            "edition",
            id=edition,
            kind=kind,
            week=period.first,
            last_week=period.last,
            compiled_at=then.at,
            method=METHOD,
            content=content,
            sections=sections,
            counts=pack(then.counts),
            code=code_version(),
            hash=hashed(
                kind=kind,
                period=period,
                version=1,
                method=METHOD,
                content=content,
                sections=sections,
            ),
            frozen_at=then.at + timedelta(minutes=20),
        )
        for number, (capacity, key) in enumerate(CAPACITIES):
            at = then.at + timedelta(minutes=20 + 25 * number)
            by = self.cast.persons[key]
            self.ledger.write(
                "edition_approval",
                edition_id=edition,
                capacity=capacity,
                person_id=by,
                approved_at=at,
            )
            self.ledger.audit(
                "edition.approve", "edition", edition, by=by, at=at, capacity=capacity
            )

    def _worked_on(self, course: Course) -> None:
        """The problem that has come furthest: done, running, late and coming measures."""
        begun = course.opened
        course.hold()
        course.analyse(asked=-12, due=8)
        first = course.prioritise("first", "Läget har bestått i flera perioder.", begun + 4)
        self.council.decide(first, "approved", begun + 11)
        done = course.plan(0, begun + 14, begun + 24, -24)
        runs = course.plan(1, begun + 14, begun + 31, 38)
        late = course.plan(2, begun + 14, begun + 34, -9)
        self.council.comment(done, begun + 18)
        for one in (done, runs, late):
            self.council.decide(one, "approved", begun + 21)
        coming = course.plan(3, -30, 12, 75)
        self.council.decide(coming, "approved", -20)
        unanswered = "rektor" if self.world.code == FULLEST else None
        assemble(course, begun + 25, unanswered=unanswered)
        set_tasks(course, [done.measure, runs.measure, late.measure, coming.measure], begun + 29)
        self._follow(course, done, "done", course.story.outcome, begun + 24, -27, -5)

    def _disputed(self, course: Course) -> None:
        """Rejected, referred back and proposed again, withdrawn, and one that runs."""
        begun = course.opened
        course.hold()
        course.analyse(asked=-16, due=-2)
        rejected = course.plan(3, begun + 20, begun + 45, 60)
        self.council.decide(rejected, "rejected", begun + 34)
        back = course.plan(1, begun + 20, 14, 90)
        self.council.decide(back, "referred_back", begun + 34)
        again = course.again(back, "Driften efter insatsens slut är nu klarlagd med ägaren.", -8)
        self.council.begin(again, -4)
        self.council.comment(again, -5)
        withdrawn = course.plan(2, begun + 40, 10, 80)
        course.withdraw(withdrawn, "Ryms i den löpande verksamheten och behöver inget beslut.", -30)
        runs = course.plan(0, begun + 40, begun + 58, 30)
        self.council.decide(runs, "approved", begun + 49)

    def _young(self, course: Course) -> None:
        """Opened two weeks ago: analysed, with a measure and a priority that wait."""
        course.hold()
        course.analyse(asked=-4, due=6)
        waits = course.plan(0, -4, 15, 90)
        self.council.begin(waits, -3)
        course.prioritise("ordinary", "Nytt i listan; fler rapporter behövs.", -3)

    def _begun(self, course: Course) -> None:
        """Referred back and not yet proposed again, and one that runs."""
        course.hold()
        course.analyse(asked=-20, due=4)
        back = course.plan(1, -24, 20, 100)
        self.council.decide(back, "referred_back", -13)
        runs = course.plan(0, -24, -8, 50)
        self.council.decide(runs, "approved", -13)

    def _closed(self, course: Course) -> None:
        """Closed: one measure was done, the other was not."""
        begun = course.opened
        course.analyse(asked=begun + 6, due=begun + 20)
        done = course.plan(0, begun + 14, begun + 30, begun + 90)
        undone = course.plan(2, begun + 14, begun + 35, begun + 100)
        for one in (done, undone):
            self.council.decide(one, "approved", begun + 24)
        self._follow(course, done, "done", course.story.outcome, begun + 30, begun + 88, -48)
        text = "Insatsen blev inte av. Personalen behövdes i ordinarie verksamhet."
        self._follow(course, undone, "not_done", text, begun + 35, 0, -47)
        course.close(-45)

    def _follow(
        self,
        course: Course,
        asking: Asking,
        outcome: str,
        text: str,
        starts: int,
        done: int,
        at: int,
    ) -> None:
        assert asking.measure is not None
        course.followed_up[asking.measure] = self.calendar.at(at, 10, 30)
        self.followed_up.append(FollowedUp(course, asking, outcome, text, starts, done, at))

    def _frames(self) -> None:
        """A frame for every year in which something was decided."""
        large = max(1, round(len(self.world.organisations) / 14))
        for year in sorted({row["year"] for row in self.ledger.rows["decision"]}):
            at = midnight(self.calendar.today.replace(year=year, month=1, day=8))
            self.council.frame(year, 900_000 * large, 1_600 * large, at + timedelta(hours=10))

    def _meetings(self) -> None:
        meetings = Meetings(self.ledger, self.cast, self.calendar, self.courses)
        since = self.calendar.at(-70, 9)
        since = meetings.hold(-42, 0, self.pictures[OLD], since)
        meetings.hold(-8, 1, self.pictures[YOUNG], since)
        coming, _held_at = meetings.call(6)
        meetings.raise_item(coming, 0, -2)


async def _follow_up(one: FollowedUp, cast: Cast, calendar: Calendar) -> None:
    """The comparison is what the counts give, as when a person follows up."""
    course, plan = one.course, one.asking.plan
    assert plan is not None
    starts_on, undone = calendar.day(one.starts), one.outcome == "not_done"
    row = course.row
    comparison = await compare(row["area_id"], row["category_id"], starts_on)
    by, at = cast.persons["bered-social"], calendar.at(one.at, 10, 30)
    ledger = Ledger()
    ledger.write(
        "follow_up",
        id=uuid4(),
        measure_id=one.asking.measure,
        outcome=one.outcome,
        done_on=None if undone else calendar.day(one.done),
        text=one.text,
        used_kr=0 if undone else plan.cost_kr * 9 // 10,
        used_hours=0 if undone else plan.hours,
        comparison=comparison,
        followed_up_by=by,
        followed_up_at=at,
    )
    measure = one.asking.measure
    assert measure is not None
    ledger.audit("measure.follow_up", "measure", measure, by=by, at=at, outcome=one.outcome)
    await ledger.store()


async def _publish(year: _Year, cast: Cast, calendar: Calendar) -> None:
    """What the public is shown: the latest closed four weeks, and measures that were decided."""
    counts = await public_counts()
    measures = {row["id"]: row for row in year.ledger.rows["measure"]}
    approved = [
        one
        for course in year.courses
        for one in course.proposals
        if one.outcome == "approved" and one.measure is not None
    ]
    content = counts.as_content() | {
        "measures": [
            {
                "title": measures[one.measure]["title"],
                "ends_on": measures[one.measure]["ends_on"].isoformat(),
                "ended": measures[one.measure]["ends_on"] < calendar.today,
            }
            for one in approved[-4:]
            if one.measure is not None
        ]
    }
    # Never before the period that it tells of had ended.
    closed = midnight(counts.last + timedelta(days=7))
    at = min(max(calendar.at(-3, 11), closed + timedelta(hours=9)), calendar.now)
    by, publication, ledger = cast.persons["samordnare"], uuid4(), Ledger()
    ledger.write(
        "publication",
        id=publication,
        headline="Så arbetar vi tillsammans för en tryggare kommun",
        text=(
            "Flera organisationer berättar varje vecka vad de ser. Gruppen går igenom rapporterna, "
            "söker orsaker och föreslår insatser som styrgruppen beslutar om. "
            "Här visas hur mycket som har rapporterats och vad som är beslutat."
        ),
        content=content,
        published_by=by,
        published_at=at,
    )
    ledger.audit(
        "publication.publish",
        "publication",
        publication,
        by=by,
        at=at,
        measures=len(content["measures"]),
        areas=len(counts.areas.parts),
    )
    await ledger.store()
