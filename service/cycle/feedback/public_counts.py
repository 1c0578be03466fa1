"""The counts that the public may see: areas in a closed period, small ones merged."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from service.cycle.mapping.week import now, week_of
from service.cycle.picture.closed_period import closed_period
from service.statistics.disclosure import PUBLIC_THRESHOLD, merge_upwards
from tenants.scope import fetch, fetch_value

# What had come in when the period ended, so that the numbers of a period never change: two looks
# at the page cannot be subtracted.
_COUNTS = """
SELECT area.name, organisation_id, sum(count) AS reports
FROM weekly_count
JOIN area ON area.id = area_id
JOIN category ON category.id = category_id
WHERE week BETWEEN $1 AND $2 AND arrival_week <= $2 AND category.key <> 'planned_event'
GROUP BY area.name, organisation_id ORDER BY area.name
"""
_HEARD = """
SELECT count(*) FROM (
    SELECT organisation_id FROM weekly_count WHERE arrival_week BETWEEN $1 AND $2
    UNION SELECT organisation_id FROM zero_report WHERE week BETWEEN $1 AND $2) AS heard
"""


@dataclass(frozen=True)
class PublicCounts:
    """`areas` are (name, reports) in alphabetical order; `rest` all other areas together.

    None where nothing may be told; every number is of at least five reports from at least two
    organisations, and no two of them give a smaller one by subtraction.
    """

    first: date
    last: date
    areas: list[tuple[str, int]]
    rest: int | None
    organisations: int

    def as_content(self) -> dict[str, Any]:
        return {
            "first": self.first.isoformat(),
            "last": self.last.isoformat(),
            "areas": [[name, reports] for name, reports in self.areas],
            "rest": self.rest,
            "organisations": self.organisations,
        }


async def public_counts() -> PublicCounts:
    """The latest closed four weeks of the open scope's municipality."""
    first, last = closed_period(week_of(now()))
    rows = await fetch(_COUNTS, first, last)
    names = sorted({row["name"] for row in rows})
    actors = sorted({row["organisation_id"] for row in rows})
    counts = np.zeros((len(names), 1))
    who = np.zeros((len(names), 1, len(actors)), dtype=bool)
    for row in rows:
        area, actor = names.index(row["name"]), actors.index(row["organisation_id"])
        counts[area, 0] += row["reports"]
        who[area, 0, actor] = row["reports"] > 0
    groups = merge_upwards(counts.round(9), who, PUBLIC_THRESHOLD) if rows else []
    rest = sum(group.count for group in groups if group.area is None)
    return PublicCounts(
        first=first,
        last=last,
        areas=sorted(
            (names[group.area], round(group.count)) for group in groups if group.area is not None
        ),
        rest=round(rest) if rest else None,
        organisations=await fetch_value(_HEARD, first, last),
    )
