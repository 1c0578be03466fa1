"""What is known beside the counts: announced events, holidays, and measures that have begun."""

from dataclasses import dataclass
from datetime import date, timedelta

from service.cycle.mapping.week import midnight, week_of
from service.cycle.picture.holidays import holiday_of
from service.web.language import _
from tenants.scope import fetch

AHEAD_WEEKS = 4
EVENT = "planned_event"

_EVENTS = """
SELECT weekly_count.week, sum(count) AS number
FROM weekly_count
JOIN area ON area.id = weekly_count.area_id
JOIN category ON category.id = weekly_count.category_id
WHERE category.key = $1 AND weekly_count.week BETWEEN $2 AND $3
  AND ($4::text IS NULL OR area.key = $4)
GROUP BY weekly_count.week HAVING sum(count) >= 0.5 ORDER BY weekly_count.week
"""
# Later stages' rows, read here as rows: what the council has said yes to, in this area or category.
_MEASURES = """
SELECT measure.title, measure.starts_on, problem.year, problem.number
FROM measure
JOIN problem ON problem.id = measure.problem_id
JOIN area ON area.id = problem.area_id
JOIN category ON category.id = problem.category_id
JOIN proposal ON proposal.measure_id = measure.id
JOIN decision ON decision.proposal_id = proposal.id
WHERE decision.outcome = 'approved' AND measure.starts_on BETWEEN $1 AND $2
  AND ($3::text IS NULL OR area.key = $3) AND ($4::text IS NULL OR category.key = $4)
ORDER BY measure.starts_on, measure.title
"""


@dataclass(frozen=True)
class Known:
    """Something that may explain a week: its Monday, what it is, and the problem it belongs to."""

    week: date
    text: str
    kind: str  # event | holiday | measure
    problem: str = ""


async def read_known(
    first: date, week: date, area: str | None, category: str | None
) -> list[Known]:
    """From the Monday `first` to four weeks after `week`, in order of time."""
    until = week + timedelta(weeks=AHEAD_WEEKS)
    found = [
        Known(monday, name, "holiday")
        for monday in (first + timedelta(weeks=n) for n in range((until - first).days // 7 + 1))
        if (name := holiday_of(monday))
    ]
    if category != EVENT:
        found += [
            Known(row["week"], _events(row["number"]), "event")
            for row in await fetch(_EVENTS, EVENT, first, until, area)
        ]
    found += [
        Known(
            week_of(midnight(row["starts_on"])),
            row["title"],
            "measure",
            f"{row['year']}-{row['number']}",
        )
        for row in await fetch(_MEASURES, first, until + timedelta(days=6), area, category)
    ]
    return sorted(found, key=lambda one: (one.week, one.kind, one.text))


def _events(number: float) -> str:
    count = round(number)
    if count == 1:
        return _("Ett anmält evenemang")
    return _("%(count)s anmälda evenemang", count=count)
