"""How far the work with a problem has come, from its rows: stages, what waits, and what is next."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from service.cycle.analysis.find import FoundProblem
from service.cycle.analysis.show_analysis import ShownCause, may_analyse, read_causes
from service.cycle.measures.find import (
    FoundMeasure,
    FoundProposal,
    find_measures_of,
    find_proposals_of,
)
from service.cycle.measures.status import Status
from service.cycle.measures.words import PRIORITIES
from service.statistics.coverage import UNCERTAIN_BELOW
from service.web.formats import day, week
from service.web.language import _, ngettext
from tenants.members import Member
from tenants.roles import Permission

Stage = tuple[str, str, str]
"""Label, note, and state: done, now or coming."""


@dataclass(frozen=True)
class Course:
    causes: list[ShownCause]
    measures: list[FoundMeasure]
    proposals: list[FoundProposal]

    def of(self, *statuses: Status) -> list[FoundMeasure]:
        return [one for one in self.measures if one.status in statuses]

    @property
    def waiting(self) -> list[FoundProposal]:
        return [one for one in self.proposals if one.waits]

    @property
    def priority(self) -> str | None:
        """What the steering group last decided about how the problem goes before others."""
        decided = [
            one for one in self.proposals if one.kind == "priority" and one.outcome == "approved"
        ]
        last = max(decided, key=lambda one: (one.year, one.paragraph), default=None)
        return last.priority if last else None


async def read_course(problem: FoundProblem, *, by: Member) -> Course:
    return Course(
        await read_causes(problem.id),
        await find_measures_of(problem.id, by=by),
        await find_proposals_of(problem.id),
    )


async def head_section(problem: FoundProblem, *, by: Member) -> dict[str, Any]:
    """The context of `cycle/problem/_head.html`."""
    course = await read_course(problem, by=by)
    line = problem.evidence["line"]
    return {
        "place": line["place"],
        "step": max(1, 6 - line["place"]),
        "unsure": line["coverage"] < UNCERTAIN_BELOW or line["actors"] == 1,
        "priority": _(PRIORITIES[course.priority]) if course.priority else "",
        "opened_week": date.fromisoformat(problem.evidence["week"]),
        "stages": stages(problem, course),
        "may_propose": problem.closing is None and by.may(Permission.MEASURE_PROPOSE),
        "may_close": may_analyse(problem, by),
        "sees_picture": by.may(Permission.PICTURE_READ),
    }


async def next_section(problem: FoundProblem, *, by: Member) -> dict[str, Any]:
    """The context of `cycle/problem/_next.html`."""
    return {"next_steps": next_steps(problem, await read_course(problem, by=by))}


def stages(problem: FoundProblem, course: Course) -> list[Stage]:
    """The stages of the wheel, each with what has been done there."""
    tried = [cause for cause in course.causes if cause.assessments]
    begun = course.of(Status.APPROVED, Status.RUNS, Status.ENDED, Status.FOLLOWED_UP)
    followed = course.of(Status.FOLLOWED_UP)
    notes = [
        (
            _("Kartläggning"),
            week(date.fromisoformat(problem.evidence["week"])).capitalize(),
            True,
        ),
        (
            _("Analys"),
            ngettext("En orsak prövad", "%(num)s orsaker prövade", len(tried))
            if tried
            else _("Inga orsaker än"),
            bool(course.measures),
        ),
        (_("Insatser"), _measures_note(course), bool(begun) and len(followed) == len(begun)),
        (_("Uppföljning"), _follow_up_note(course), bool(begun) and len(followed) == len(begun)),
        (
            _("Återkoppling"),
            _("Avslutat %(day)s", day=day(problem.closing.at))
            if problem.closing
            else _("Efter uppföljningen"),
            problem.closing is not None,
        ),
    ]
    found: list[Stage] = []
    for label, note, done in notes:
        reached = all(state == "done" for _label, _note, state in found)
        state = "done" if done or problem.closing else "now" if reached else "coming"
        found.append((label, note, state))
    return found


def _measures_note(course: Course) -> str:
    running = course.of(Status.RUNS)
    if running:
        return _("%(some)s av %(all)s pågår", some=len(running), all=len(course.measures))
    waiting = course.of(Status.WAITS)
    if waiting:
        return ngettext("En väntar på beslut", "%(num)s väntar på beslut", len(waiting))
    if course.measures:
        return ngettext("En insats", "%(num)s insatser", len(course.measures))
    return _("Ingen föreslagen än")


def _follow_up_note(course: Course) -> str:
    due = course.of(Status.ENDED)
    if due:
        return ngettext("En ska följas upp nu", "%(num)s ska följas upp nu", len(due))
    coming = [one.ends_on for one in course.of(Status.APPROVED, Status.RUNS)]
    if coming:
        return day(min(coming))
    followed = course.of(Status.FOLLOWED_UP)
    if followed:
        return ngettext("En uppföljd", "%(num)s uppföljda", len(followed))
    return _("När en insats är slut")


def next_steps(problem: FoundProblem, course: Course) -> list[str]:
    """What the work waits for, most pressing first, in sentences."""
    if problem.closing:
        return [_("Problemet är avslutat. Kommer det tillbaka öppnas det som ett nytt.")]
    steps = [
        _("Styrgruppen beslutar om %(title)s.", title=one.title)
        if one.title
        else _("Styrgruppen beslutar om prioritet.")
        for one in course.waiting
    ]
    steps += [
        _("%(title)s är slut och ska följas upp.", title=one.title)
        for one in course.of(Status.ENDED)
    ]
    steps += [
        _("%(title)s är återremitterad och kan föreslås igen.", title=one.title)
        for one in course.of(Status.REFERRED_BACK)
    ]
    coming = sorted(course.of(Status.APPROVED, Status.RUNS), key=lambda one: one.ends_on)
    if coming and not steps:
        steps.append(
            _(
                "%(title)s följs upp när den är slut, %(day)s.",
                title=coming[0].title,
                day=day(coming[0].ends_on),
            )
        )
    if not steps and course.of(Status.FOLLOWED_UP):
        steps.append(_("Insatserna är uppföljda. Föreslå fler, eller avsluta problemet."))
    if not steps and any(not cause.rejected for cause in course.causes):
        steps.append(_("Föreslå en insats mot en av orsakerna."))
    return steps or [_("Beredningsgruppen namnger troliga orsaker.")]
