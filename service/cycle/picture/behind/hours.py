"""At which hours of the week: as few weeks as give enough, told how many they were."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from service.statistics import hot_hours
from service.statistics.hot_hours import Hot
from tenants.scope import fetch

Array = NDArray[np.float64]

STEPS = (8, 26, 52)
ENOUGH = 30.0

_HOURS = """
SELECT hour_of_week,
       sum(count) FILTER (WHERE week > $1::date - 7 * $4::int) AS first,
       sum(count) FILTER (WHERE week > $1::date - 7 * $5::int) AS second,
       sum(count) AS third
FROM hourly_count
JOIN area ON area.id = hourly_count.area_id
JOIN category ON category.id = hourly_count.category_id
WHERE week BETWEEN $6 AND $1::date AND ($2::text IS NULL OR area.key = $2)
  AND ($3::text IS NULL OR category.key = $3)
GROUP BY hour_of_week
"""


@dataclass(frozen=True)
class Hours:
    """Reports by hour of the week (168,), 0 is Monday 00–01; an unsure time is spread over it."""

    weeks: int
    counts: Array
    hot: Hot | None


async def read_hours(week: date, area: str | None, category: str | None) -> Hours:
    """Of the fewest weeks that hold thirty reports, else of a year. None is all."""
    found = np.zeros((len(STEPS), hot_hours.HOURS))
    first = week - timedelta(weeks=STEPS[-1] - 1)
    for row in await fetch(_HOURS, week, area, category, *STEPS[:2], first):
        found[:, row["hour_of_week"]] = [row[name] or 0.0 for name in ("first", "second", "third")]
    chosen = next(
        (step for step in range(len(STEPS)) if found[step].sum() >= ENOUGH), len(STEPS) - 1
    )
    counts = found[chosen].round(9)
    return Hours(STEPS[chosen], counts, hot_hours.hottest(counts[None, :])[0])
