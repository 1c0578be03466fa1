"""One problem from its opening to where it stands: findings, causes, measures, group and tasks."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from service.cycle.analysis.name_cause import LETTERS
from service.cycle.analysis.open import LONGEST_TITLE, evidence_of
from service.cycle.mapping.week import STOCKHOLM
from service.demo.cycle.ledger import Ledger
from service.demo.cycle.people import Calendar, Cast
from service.demo.cycle.stories import Asked, Planned, Story
from service.demo.cycle.then import Ids, Then


@dataclass(frozen=True)
class Cell:
    """A line of a past picture's list of priorities, and the story that it got."""

    then: Then
    area: int
    category: int
    story: Story

    @property
    def keys(self) -> tuple[str, str]:
        wide = self.then.content["wide"]
        return (wide["areas"][self.area]["key"], wide["categories"][self.category]["key"])


@dataclass
class Asking:
    """A proposal as the minutes tell of it."""

    id: UUID
    problem: UUID
    title: str
    text: str
    at: datetime
    measure: UUID | None
    plan: Planned | None
    ended: datetime | None = None
    outcome: str | None = None


class Course:
    """Writes one problem's acts into the ledger, each at its time.

    Days are counted from today, so that -12 is twelve days ago.
    """

    def __init__(self, ledger: Ledger, cast: Cast, calendar: Calendar, ids: Ids, cell: Cell):
        self.ledger, self.cast, self.calendar, self.ids, self.cell = (
            ledger,
            cast,
            calendar,
            ids,
            cell,
        )
        self.story = cell.story
        self.opened_at = cell.then.at + timedelta(hours=1)
        self.opened = (self.opened_at.astimezone(STOCKHOLM).date() - calendar.today).days
        self.id = uuid4()
        self.causes: list[UUID] = []
        self.proposals: list[Asking] = []
        self.followed_up: dict[UUID, datetime] = {}
        evidence = evidence_of(cell.then.shown, *cell.keys)
        self.title = f"{evidence['category_label']}, {evidence['area_name']}"[:LONGEST_TITLE]
        by = cast.persons["samordnare"]
        area, category = ids.areas[cell.area], ids.categories[cell.category]
        self.row: dict[str, Any] = {
            "id": self.id,
            "year": self.opened_at.astimezone(STOCKHOLM).year,
            "number": 0,
            "title": self.title,
            "description": self.story.description,
            "area_id": area,
            "category_id": category,
            "evidence": evidence,
            "opened_by": by,
            "opened_at": self.opened_at,
        }
        ledger.write("problem", **self.row)
        ledger.audit("problem.open", "problem", self.id, by=by, at=self.opened_at)

    def person(self, key: str) -> UUID:
        return self.cast.persons[key]

    def analyse(self, *, asked: int, due: int) -> None:
        """Findings and causes in the first week; one answered inquiry, and one asked and open."""
        start = self.opened
        noting = ("kommunpolis", "bered-social", "bered-skola")
        for number, known in enumerate(self.story.known):
            kind = "known" if known.source else "assumed"
            finding, by = uuid4(), self.person(noting[number % 3])
            at = self.calendar.at(start + 4, 9 + number, 10)
            self.ledger.write(
                "finding",
                id=finding,
                problem_id=self.id,
                kind=kind,
                text=known.text,
                source=known.source,
                noted_by=by,
                noted_at=at,
            )
            self.ledger.audit("finding.note", "finding", finding, by=by, at=at, kind=kind)
        for number in range(len(self.story.causes)):
            self._name_cause(number)
        self._ask(self.story.answered, start + 4, self.calendar.day(start + 11), start + 7)
        self._ask(self.story.asked, asked, self.calendar.day(due), None)

    def _name_cause(self, number: int) -> None:
        likely, cause, by = self.story.causes[number], uuid4(), self.person("bered-social")
        at = self.calendar.at(self.opened + 5, 10, 5 * number)
        self.causes.append(cause)
        self.ledger.write(
            "cause",
            id=cause,
            problem_id=self.id,
            letter=LETTERS[number],
            side=likely.side,
            title=likely.title,
            description=likely.description,
            named_by=by,
            named_at=at,
        )
        self.ledger.audit("cause.name", "cause", cause, by=by, at=at, side=likely.side)
        self._assess(cause, likely.then, "", at)
        if likely.now:
            self._assess(cause, likely.now, likely.why, self.calendar.at(self.opened + 9, 11))

    def _assess(self, cause: UUID, support: str, motive: str, at: datetime) -> None:
        by = self.person("samordnare")
        self.ledger.write(
            "cause_assessment",
            id=uuid4(),
            cause_id=cause,
            support=support,
            motive=motive,
            assessed_by=by,
            assessed_at=at,
        )
        self.ledger.audit("cause.assess", "cause", cause, by=by, at=at, support=support)

    def _ask(self, asked: Asked, day: int, due_on: date, answered: int | None) -> None:
        inquiry, by, at = uuid4(), self.person("samordnare"), self.calendar.at(day, 13)
        self.ledger.write(
            "inquiry",
            id=inquiry,
            problem_id=self.id,
            question=asked.question,
            organisation_id=self.cast.organisation(asked.organisation),
            due_on=due_on,
            asked_by=by,
            asked_at=at,
        )
        self.ledger.audit("inquiry.ask", "inquiry", inquiry, by=by, at=at)
        if answered is None:
            return
        at, by = self.calendar.at(answered, 14), self.person("bered-kultur")
        self.ledger.write(
            "inquiry_answer",
            inquiry_id=inquiry,
            text=asked.answer,
            answered_by=by,
            answered_at=at,
        )
        self.ledger.audit("inquiry.answer", "inquiry", inquiry, by=by, at=at)

    def prioritise(self, priority: str, text: str, day: int) -> Asking:
        """Propose how the problem is to go before others."""
        return self._propose(day, f"Prioritering av {self.title}", text, priority=priority)

    def plan(self, number: int, day: int, starts: int, ends: int) -> Asking:
        """Plan the story's measure and propose it."""
        plan, measure, by = self.story.measures[number], uuid4(), self.person("bered-kultur")
        at = self.calendar.at(day, 9, 30)
        self.ledger.write(
            "measure",
            id=measure,
            problem_id=self.id,
            cause_id=self.causes[plan.cause],
            title=plan.title,
            kind=plan.kind,
            description=plan.description,
            expected_effect=plan.effect,
            horizon="short" if plan.kind == "situational" else "long",
            indicator=plan.indicator,
            starts_on=self.calendar.day(starts),
            ends_on=self.calendar.day(ends),
            organisation_id=self.cast.organisation(plan.organisation),
            cost_kr=plan.cost_kr,
            hours=plan.hours,
            planned_by=by,
            planned_at=at,
        )
        self.ledger.write(
            "measure_partner",
            measure_id=measure,
            organisation_id=self.cast.organisation(plan.partner),
        )
        self.ledger.audit("measure.plan", "measure", measure, by=by, at=at)
        return self._propose(day, plan.title, "", measure=measure, plan=plan)

    def again(self, first: Asking, text: str, day: int) -> Asking:
        """Propose a measure anew."""
        return self._propose(day, first.title, text, measure=first.measure, plan=first.plan)

    def _propose(
        self,
        day: int,
        title: str,
        text: str,
        *,
        priority: str | None = None,
        measure: UUID | None = None,
        plan: Planned | None = None,
    ) -> Asking:
        at, by = self.calendar.at(day, 9, 40), self.person("samordnare")
        one = Asking(uuid4(), self.id, title, text, at, measure, plan)
        kind = "measure" if measure else "priority"
        self.ledger.write(
            "proposal",
            id=one.id,
            problem_id=self.id,
            measure_id=measure,
            kind=kind,
            priority=priority,
            text=text,
            proposed_by=by,
            proposed_at=at,
        )
        detail = {"kind": kind} | ({"priority": priority} if priority else {})
        self.ledger.audit("proposal.make", "proposal", one.id, by=by, at=at, **detail)
        self.proposals.append(one)
        return one

    def withdraw(self, asking: Asking, motive: str, day: int) -> None:
        at, by = self.calendar.at(day, 15), self.person("samordnare")
        asking.ended, asking.outcome = at, "withdrawn"
        self.ledger.write(
            "proposal_withdrawal",
            proposal_id=asking.id,
            motive=motive,
            withdrawn_by=by,
            withdrawn_at=at,
        )
        self.ledger.audit("proposal.withdraw", "proposal", asking.id, by=by, at=at)

    def hold(self) -> None:
        """The problem is open: nobody else opens its cell."""
        self.ledger.write(
            "open_problem",
            area_id=self.row["area_id"],
            category_id=self.row["category_id"],
            problem_id=self.id,
        )

    def close(self, day: int) -> None:
        at, by = self.calendar.at(day, 16), self.person("samordnare")
        self.ledger.write(
            "problem_closure",
            problem_id=self.id,
            motive=self.story.closing,
            closed_by=by,
            closed_at=at,
        )
        self.ledger.audit("problem.close", "problem", self.id, by=by, at=at)
