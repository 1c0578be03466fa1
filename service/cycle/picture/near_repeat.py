"""Near repeat: in which categories an event is soon followed by another close by.

Worked out each week from the points of a year's reports, which leave nothing behind but four
numbers a category. Only categories with enough located events are tried, and the threshold holds
for all that are tried together (Benjamini–Hochberg).
"""

import asyncio
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

import numpy as np
from asyncpg import Record

from service.cycle.mapping.week import midnight, now, week_of
from service.statistics import near_repeat
from service.statistics.multiplicity import benjamini_hochberg
from service.statistics.near_repeat import EVENTS_NEEDED, NEAR_DAYS, NEAR_METRES
from service.statistics.seeds import seed_for
from service.web.formats import number
from service.web.language import _
from service.web.live import announce
from tenants.scope import current_tenant, execute, execute_many, fetch

YEAR = timedelta(weeks=52)
FALSE_SHARE = 0.05
# The latest events of a category; the work grows with their square.
MOST_EVENTS = 400
MOST_AREAS = 12
METRES_A_DEGREE = 111_320.0

# A rejected report is no event, nor is one that is merged into another; what was merged into a
# rejected one is still one event, where the first of them tells of it.
_EVENTS = """
SELECT report.category_id, report.latitude, report.longitude,
       extract(epoch FROM report.occurred_from
               + (report.occurred_to - report.occurred_from) / 2)::float8 / 86400 AS day
FROM report
WHERE latitude IS NOT NULL AND report.occurred_from >= $1 AND report.occurred_from < $2
  AND NOT EXISTS (
      SELECT FROM report_merge AS merged
      LEFT JOIN review AS root ON root.report_id = merged.into_id
      WHERE merged.report_id = report.id AND (
          root.outcome IS DISTINCT FROM 'rejected' OR EXISTS (
              SELECT FROM report_merge AS other
              LEFT JOIN review AS seen ON seen.report_id = other.report_id
              WHERE other.into_id = merged.into_id AND other.report_id < merged.report_id
                AND seen.outcome IS DISTINCT FROM 'rejected')))
  AND NOT EXISTS (SELECT FROM review
                  WHERE review.report_id = report.id AND review.outcome = 'rejected')
ORDER BY report.category_id, report.occurred_from, report.id
"""


@dataclass(frozen=True)
class NearRepeat:
    """A category in which events follow each other; `areas` had one this week or the last."""

    category: str
    events: int
    observed: float
    expected: float
    p: float
    areas: list[str]

    @property
    def ratio(self) -> float:
        return self.observed / self.expected

    @property
    def sentence(self) -> str:
        return _(
            "Efter en händelse är risken för en till inom %(metres)s m och %(days)s dagar "
            "%(ratio)s gånger högre än annars. Åtgärda direkt på platsen.",
            metres=number(NEAR_METRES, 0),
            days=number(NEAR_DAYS, 0),
            ratio=number(self.ratio, 1),
        )

    @property
    def basis(self) -> str:
        return _(
            "%(pairs)s par mot väntade %(expected)s, av %(events)s händelser med plats på kartan "
            "under ett år (p = %(p)s).",
            pairs=number(self.observed, 0),
            expected=number(self.expected, 1),
            events=self.events,
            p=number(self.p, 3),
        )


async def work_out_near_repeat(week: date) -> int:
    """Try every category with enough events before `week`; gives how many were tried.

    Worked out again it gives the same.
    """
    rows = await fetch(_EVENTS, midnight(week - YEAR), midnight(week))
    by_category: dict[object, list[Record]] = {}
    for row in rows:
        by_category.setdefault(row["category_id"], []).append(row)
    seed = seed_for(current_tenant(), week)
    tried = []
    for category, events in by_category.items():
        if len(events) >= EVENTS_NEEDED:
            found = await asyncio.to_thread(_knox, events[-MOST_EVENTS:], seed)
            tried.append((category, min(len(events), MOST_EVENTS), *found))
    await execute("DELETE FROM near_repeat WHERE week = $1", week)
    await execute_many(
        """INSERT INTO near_repeat (tenant_id, week, category_id, events, observed, expected, p)
           VALUES (ks.current_tenant(), $1, $2, $3, $4, $5, $6)""",
        [(week, *one) for one in tried],
    )
    await announce("picture")
    return len(tried)


def _knox(events: list[Record], seed: int) -> tuple[float, float, float]:
    """Observed and expected pairs within the near distance and time, and the p of the first."""
    latitude = np.array([row["latitude"] for row in events])
    longitude = np.array([row["longitude"] for row in events])
    east = longitude * METRES_A_DEGREE * np.cos(np.radians(latitude.mean()))
    pairs = near_repeat.knox(
        np.column_stack([east, latitude * METRES_A_DEGREE]),
        np.array([row["day"] for row in events]),
        np.array([NEAR_METRES, np.inf]),
        np.array([NEAR_DAYS, np.inf]),
        seed,
    )
    return float(pairs.observed[0, 0]), float(pairs.expected[0, 0]), float(pairs.p[0, 0])


async def read_near_repeat() -> list[NearRepeat]:
    """The categories that the latest week's trial believes, the strongest first."""
    rows = await fetch(
        """SELECT category_id, category.label, events, observed, expected, p
           FROM near_repeat JOIN category ON category.id = near_repeat.category_id
           WHERE week = (SELECT max(week) FROM near_repeat) AND category.hidden_on IS NULL
           ORDER BY label"""
    )
    if not rows:
        return []
    sure = benjamini_hochberg(np.array([row["p"] for row in rows])) <= FALSE_SHARE
    believed = [
        row
        for row, one in zip(rows, sure.tolist(), strict=True)
        if one and row["observed"] > row["expected"] > 0
    ]
    areas = await _lately([row["category_id"] for row in believed])
    found = [
        NearRepeat(
            row["label"],
            row["events"],
            row["observed"],
            row["expected"],
            row["p"],
            areas.get(row["category_id"], []),
        )
        for row in believed
    ]
    return sorted(found, key=lambda one: (-one.ratio, one.category))


async def _lately(categories: list[UUID]) -> dict[UUID, list[str]]:
    """The areas in which each of the categories was counted this week or the last."""
    if not categories:
        return {}
    rows = await fetch(
        """SELECT DISTINCT category_id, area.name FROM weekly_count
           JOIN area ON area.id = weekly_count.area_id
           WHERE week >= $1 AND category_id = ANY($2::uuid[]) AND area.kind <> 'rest'
           ORDER BY area.name""",
        week_of(now()) - timedelta(weeks=1),
        categories,
    )
    found: dict[UUID, list[str]] = {}
    for row in rows:
        found.setdefault(row["category_id"], []).append(row["name"])
    return {category: names[:MOST_AREAS] for category, names in found.items()}
