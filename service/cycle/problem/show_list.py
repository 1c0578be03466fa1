"""The problems that somebody may see, each with how far it has come."""

from dataclasses import dataclass
from uuid import UUID

from service.cycle.analysis.find import FoundProblem, find_problems
from service.cycle.measures.find import FoundMeasure, find_measures
from service.cycle.measures.status import Status
from service.web.language import _, ngettext
from tenants.members import Member
from tenants.scope import fetch


@dataclass(frozen=True)
class Line:
    problem: FoundProblem
    place: int
    step: int
    note: str
    waits: bool


async def list_problems(*, by: Member) -> tuple[list[Line], list[Line]]:
    """Open problems and closed ones, the newest first."""
    problems = await find_problems(by=by)
    measures: dict[str, list[FoundMeasure]] = {}
    for one in await find_measures(by=by):
        measures.setdefault(one.problem_label, []).append(one)
    causes = await _causes([problem.id for problem in problems])
    lines = [
        _line(problem, measures.get(problem.label, []), causes.get(problem.id, 0))
        for problem in problems
    ]
    return (
        [line for line in lines if line.problem.closing is None],
        [line for line in lines if line.problem.closing is not None],
    )


async def _causes(ids: list[UUID]) -> dict[UUID, int]:
    rows = await fetch(
        "SELECT problem_id, count(*) AS n FROM cause WHERE problem_id = ANY($1) GROUP BY 1", ids
    )
    return {row["problem_id"]: row["n"] for row in rows}


def _line(problem: FoundProblem, measures: list[FoundMeasure], causes: int) -> Line:
    place = problem.evidence["line"]["place"]
    waiting = sum(one.status is Status.WAITS for one in measures)
    running = sum(one.status is Status.RUNS for one in measures)
    due = sum(one.status is Status.ENDED for one in measures)
    notes = []
    if waiting:
        notes.append(ngettext("ett förslag väntar", "%(num)s förslag väntar", waiting))
    if running:
        notes.append(ngettext("en insats pågår", "%(num)s insatser pågår", running))
    if due:
        notes.append(ngettext("en ska följas upp", "%(num)s ska följas upp", due))
    if not notes:
        notes.append(
            ngettext("en orsak", "%(num)s orsaker", causes) if causes else _("inga orsaker än")
        )
    return Line(problem, place, max(1, 6 - place), ", ".join(notes), bool(waiting or due))
