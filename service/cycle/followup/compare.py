"""Counts before and after the start of a measure, in equal windows of whole weeks.

A description, not an evaluation: what came in, and from how many. Whether the measure was the
cause is another question, which this answers nothing of.
"""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from service.cycle.mapping.week import midnight, now, week_of
from tenants.scope import fetch, fetch_row, fetch_value

MOST_WEEKS = 12
Comparison = dict[str, Any]

_COUNTS = """
SELECT week, organisation_id, sum(count) AS number FROM weekly_count
WHERE area_id = $1 AND category_id = $2 AND week >= $3 AND week < $4
GROUP BY week, organisation_id
"""
# Who was heard from anywhere in the municipality: silence and calm look alike in one cell.
_HEARD = """
SELECT DISTINCT organisation_id, week >= $2 AS later FROM (
    SELECT organisation_id, week FROM weekly_count WHERE week >= $1 AND week < $3
    UNION SELECT organisation_id, week FROM zero_report WHERE week >= $1 AND week < $3
) AS heard
"""


async def compare(area_id: UUID, category_id: UUID, starts_on: date) -> Comparison:
    """The counts of a cell around `starts_on`, as they are known now.

    `weeks` is the length of each window: at most 12, as many as have passed since the start week,
    and as many as the municipality has history before it; 0 when there is nothing to compare.
    Otherwise `start` is the Monday where the windows meet, `counts` the 2 × `weeks` weekly counts,
    and `before` and `after` give `count`, `actors` (heard from anywhere) and `reporters` (of this
    cell); `same` counts only those actors who were heard from in both.
    """
    start = week_of(midnight(starts_on))
    weeks = await _length(start)
    found: Comparison = {"weeks": weeks, "start": start.isoformat()}
    if not weeks:
        return found
    first, end = start - timedelta(weeks=weeks), start + timedelta(weeks=weeks)
    rows = await fetch(_COUNTS, area_id, category_id, first, end)
    heard = await fetch(_HEARD, first, start, end)
    earlier = {row["organisation_id"] for row in heard if not row["later"]}
    later = {row["organisation_id"] for row in heard if row["later"]}
    counts = [0.0] * (2 * weeks)
    sums = {"before": 0.0, "after": 0.0, "same_before": 0.0, "same_after": 0.0}
    reporters: dict[str, set[UUID]] = {"before": set(), "after": set()}
    for row in rows:
        window = "after" if row["week"] >= start else "before"
        counts[(row["week"] - first).days // 7] += row["number"]
        sums[window] += row["number"]
        reporters[window].add(row["organisation_id"])
        if row["organisation_id"] in earlier & later:
            sums[f"same_{window}"] += row["number"]
    return found | {
        "counts": [round(one, 6) for one in counts],
        "before": _window(sums["before"], earlier, reporters["before"]),
        "after": _window(sums["after"], later, reporters["after"]),
        "same": {
            "actors": len(earlier & later),
            "before": round(sums["same_before"], 6),
            "after": round(sums["same_after"], 6),
        },
    }


def _window(count: float, actors: set[UUID], reporters: set[UUID]) -> dict[str, Any]:
    return {"count": round(count, 6), "actors": len(actors), "reporters": len(reporters)}


async def _length(start: date) -> int:
    """Whole weeks of each window around the Monday `start`."""
    passed = (week_of(now()) - start).days // 7
    oldest = await fetch_value(
        "SELECT least((SELECT min(week) FROM weekly_count), (SELECT min(week) FROM zero_report))"
    )
    history = (start - oldest).days // 7 if oldest else 0
    return max(min(MOST_WEEKS, passed, history), 0)


async def compare_measure(measure_id: UUID) -> Comparison:
    """The comparison of a measure in the area and category of its problem."""
    row = await fetch_row(
        """SELECT area_id, category_id, starts_on FROM measure
           JOIN problem ON problem.id = measure.problem_id WHERE measure.id = $1""",
        measure_id,
    )
    assert row is not None
    return await compare(row["area_id"], row["category_id"], row["starts_on"])
