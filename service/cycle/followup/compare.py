"""Counts before and after the start of a measure, in equal windows of whole weeks.

A description, not an evaluation: what came in, and from how many. Whether the measure was the
cause is another question, which this answers nothing of.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from asyncpg import Record

from service.cycle.mapping.week import midnight, now, week_of
from service.cycle.picture.close_period import close
from service.cycle.picture.closed_period import PERIOD_WEEKS, period_around
from service.cycle.picture.told_alone import told_alone
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
SELECT organisation_id, week FROM weekly_count WHERE week >= $1 AND week < $2
UNION SELECT organisation_id, week FROM zero_report WHERE week >= $1 AND week < $2
"""


async def compare(area_id: UUID, category_id: UUID, starts_on: date) -> Comparison:
    """The counts of a cell around `starts_on`, as they are known now.

    `weeks` is the length of each window: at most 12, as many as have passed since the start week,
    and as many as the municipality has history before it; 0 when there is nothing to compare.
    Otherwise `start` is the Monday where the windows meet, `counts` the 2 × `weeks` weekly counts,
    and `before` and `after` give `count`, `actors` (heard from anywhere) and `reporters` (of this
    cell); `same` counts only those actors who were heard from in both. `sums` is what may be told
    to who sees no cells: `weeks`, `start`, `before` and `after`, or None.
    """
    start = week_of(midnight(starts_on))
    weeks = await _length(start)
    found: Comparison = {"weeks": weeks, "start": start.isoformat()}
    if not weeks:
        return found
    first, end = start - timedelta(weeks=weeks), start + timedelta(weeks=weeks)
    around = _Around(
        start,
        await fetch(_COUNTS, area_id, category_id, first, end),
        await fetch(_HEARD, first, end),
    )
    counts = [0.0] * (2 * weeks)
    for row in around.rows:
        counts[(row["week"] - first).days // 7] += row["number"]
    both = around.heard(-weeks, 0) & around.heard(0, weeks)
    return found | {
        "counts": [round(one, 6) for one in counts],
        "before": around.window(-weeks, 0),
        "after": around.window(0, weeks),
        "same": {
            "actors": len(both),
            "before": around.sum(-weeks, 0, both),
            "after": around.sum(0, weeks, both),
        },
        "sums": await _sums(area_id, category_id, start),
    }


@dataclass(frozen=True)
class _Around:
    """The rows of `_COUNTS` and `_HEARD`; windows are in weeks from the Monday `start`."""

    start: date
    rows: list[Record]
    heard_rows: list[Record]

    def _within(self, rows: list[Record], first: int, end: int) -> list[Record]:
        return [row for row in rows if first <= (row["week"] - self.start).days // 7 < end]

    def heard(self, first: int, end: int) -> set[UUID]:
        return {row["organisation_id"] for row in self._within(self.heard_rows, first, end)}

    def sum(self, first: int, end: int, actors: set[UUID] | None = None) -> float:
        rows = self._within(self.rows, first, end)
        return round(
            sum(row["number"] for row in rows if actors is None or row["organisation_id"] in actors)
            + 0.0,
            6,
        )

    def window(self, first: int, end: int) -> dict[str, Any]:
        reporters = {row["organisation_id"] for row in self._within(self.rows, first, end)}
        return {
            "count": self.sum(first, end),
            "actors": len(self.heard(first, end)),
            "reporters": len(reporters),
        }


async def _sums(area_id: UUID, category_id: UUID, start: date) -> dict[str, Any] | None:
    """Whole closed periods before and from the start, as long as each tells the cell by itself.

    All measures share the periods of the picture, and what a period holds is frozen: whoever
    subtracts one follow-up from another, or from the picture, is left with a period that was told,
    never with a single week or with the report that came late.
    """
    told: list[tuple[_Period, _Period]] = []
    this_week = week_of(now())
    for step in range(MOST_WEEKS // PERIOD_WEEKS):
        before, after = period_around(start, -1 - step), period_around(start, step)
        if after[1] >= this_week:
            break
        pair = (
            await _period(area_id, category_id, *before),
            await _period(area_id, category_id, *after),
        )
        if pair[0] is None or pair[1] is None:
            break
        told.append((pair[0], pair[1]))
    if not told:
        return None
    return {
        "weeks": PERIOD_WEEKS * len(told),
        "start": start.isoformat(),
        "before": _together([pair[0] for pair in told]),
        "after": _together([pair[1] for pair in told]),
    }


@dataclass(frozen=True)
class _Period:
    first: date
    last: date
    count: float
    actors: int


async def _period(area_id: UUID, category_id: UUID, first: date, last: date) -> _Period | None:
    closed = await close(first, last)
    count = (await told_alone(closed)).get((area_id, category_id))
    return None if count is None else _Period(first, last, count, closed.organisations)


def _together(periods: list[_Period]) -> dict[str, Any]:
    return {
        "count": float(round(sum(period.count for period in periods))),
        "actors": max(period.actors for period in periods),
        "first": min(period.first for period in periods).isoformat(),
        "last": max(period.last for period in periods).isoformat(),
    }


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
