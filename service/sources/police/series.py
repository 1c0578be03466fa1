"""The police's events of one municipality by week and category, for a section of their own."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from service.sources.police.event_types import EVENT_TYPES, LeftOut
from tenants.scope import fetch, fetch_row

SPAN = """
SELECT min(published_at) AS first, max(published_at) AS last,
       date_trunc('week', min(occurred_at) AT TIME ZONE 'Europe/Stockholm')::date AS first_week,
       date_trunc('week', max(published_at) AT TIME ZONE 'Europe/Stockholm')::date AS last_week
FROM police_event
"""
COUNTS = """
SELECT event.category_key AS key, coalesce(category.label, event.category_key) AS label,
       date_trunc('week', event.occurred_at AT TIME ZONE 'Europe/Stockholm')::date AS week,
       count(*) AS number
FROM police_event AS event LEFT JOIN category ON category.key = event.category_key
WHERE event.occurred_at >= $1::date::timestamp AT TIME ZONE 'Europe/Stockholm'
  AND event.occurred_at < $2::date::timestamp AT TIME ZONE 'Europe/Stockholm'
GROUP BY 1, 2, 3
"""


@dataclass(frozen=True)
class CategoryWeeks:
    """One category's counts, a number a week; None where the data does not reach."""

    key: str
    label: str
    counts: list[int | None]
    total: int


@dataclass(frozen=True)
class PoliceSeries:
    """Municipality-wide weekly counts, the largest category first.

    `weeks` are Mondays. `first` and `last` are when the oldest and newest event that we hold was
    published, in this municipality; before the week of `first` and after that of `last` nothing is
    known, so that counts are None there and not nought.
    """

    weeks: list[date]
    categories: list[CategoryWeeks]
    totals: list[int | None]
    first: datetime | None
    last: datetime | None

    @property
    def left_out(self) -> list[str]:
        """Why kinds of events are not counted, in Swedish, each reason once."""
        return sorted({one.reason for one in EVENT_TYPES.values() if isinstance(one, LeftOut)})

    @property
    def total(self) -> int:
        """Events in all of the shown weeks."""
        return sum(count or 0 for count in self.totals)

    @property
    def empty(self) -> bool:
        """Whether the municipality holds no events at all."""
        return self.last is None


async def weekly_series(weeks: Sequence[date]) -> PoliceSeries:
    """Counts of the open scope's municipality for `weeks`, Mondays in Europe/Stockholm, rising."""
    span = await fetch_row(SPAN)
    if span is None or span["last"] is None or not weeks:
        return PoliceSeries(list(weeks), [], [None] * len(weeks), None, None)
    rows = await fetch(COUNTS, min(weeks), max(weeks) + timedelta(days=7))
    numbers: dict[tuple[str, str], dict[date, int]] = defaultdict(dict)
    sums: dict[date, int] = defaultdict(int)
    for row in rows:
        numbers[row["key"], row["label"]][row["week"]] = row["number"]
        sums[row["week"]] += row["number"]

    def over(by_week: dict[date, int]) -> list[int | None]:
        return [
            by_week.get(week, 0) if span["first_week"] <= week <= span["last_week"] else None
            for week in weeks
        ]

    categories = [
        CategoryWeeks(key, label, over(by_week), sum(by_week.values()))
        for (key, label), by_week in numbers.items()
    ]
    categories.sort(key=lambda category: (-category.total, category.label))
    return PoliceSeries(list(weeks), categories, over(sums), span["first"], span["last"])


async def latest_series(count: int = 52) -> PoliceSeries:
    """The `count` weeks up to the one in which the newest event was published."""
    span = await fetch_row(SPAN)
    if span is None or span["last"] is None:
        return PoliceSeries([], [], [], None, None)
    last = span["last_week"]
    return await weekly_series([last - timedelta(weeks=back) for back in reversed(range(count))])
