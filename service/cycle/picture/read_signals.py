"""Read the raised signals with their marks, and how often they were right."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from asyncpg import Record

from service.statistics.rate_ratio import jeffreys_share
from tenants.scope import fetch

YEAR = 52

_SIGNALS = """
SELECT signal.id, signal.first_week, signal.last_week, signal.weeks, signal.counted,
       signal.expected, area.key AS area_key, area.name AS area, category.key AS category_key,
       category.label AS category, mark.verdict, mark.marked_at, person.name AS marked_by
FROM signal
JOIN area ON area.id = signal.area_id
JOIN category ON category.id = signal.category_id
LEFT JOIN LATERAL (
    SELECT verdict, marked_at, marked_by FROM signal_mark
    WHERE signal_mark.signal_id = signal.id ORDER BY marked_at DESC LIMIT 1
) AS mark ON true
LEFT JOIN person ON person.id = mark.marked_by
WHERE signal.last_week >= $1
ORDER BY signal.last_week DESC, signal.first_week DESC, area.name, category.label
"""


@dataclass(frozen=True)
class RaisedSignal:
    id: UUID
    first_week: date
    last_week: date
    weeks: int
    counted: float
    expected: float
    area: str
    category: str
    cell: tuple[str, str]  # keys of area and category
    verdict: str | None
    marked_at: datetime | None
    marked_by: str | None


@dataclass(frozen=True)
class HitRate:
    """Signals of a year that began to stand out in it, by what people made of them."""

    raised: int
    relevant: int
    known: int
    wrong: int
    weeks: int  # since the first of them, at most a year

    @property
    def marked(self) -> int:
        return self.relevant + self.known + self.wrong

    @property
    def a_week(self) -> float:
        return self.raised / max(self.weeks, 1)

    @property
    def right(self) -> float:
        """Share of the marked that told of something real, new or known."""
        return (self.relevant + self.known) / max(self.marked, 1)

    @property
    def likely(self) -> tuple[float, float]:
        """Where that share probably lies (90 %), after so few marks."""
        low, high = jeffreys_share(self.relevant + self.known, self.marked, 0.10)
        return float(low), float(high)


async def signals_of(week: date) -> dict[tuple[str, str], RaisedSignal]:
    """The signals that stand out in the week, by cell."""
    return {one.cell: one for one in await signals_since(week)}


async def signals_since(week: date) -> list[RaisedSignal]:
    """Signals that stood out in or after the week, the latest first."""
    return [_raised(row) for row in await fetch(_SIGNALS, week)]


def hit_rate(signals: list[RaisedSignal], week: date) -> HitRate:
    """Of the 52 weeks that end with `week`."""
    since = week - timedelta(weeks=YEAR - 1)
    counted = [one for one in signals if one.first_week >= since]
    by = {verdict: sum(one.verdict == verdict for one in counted) for verdict in (
        "relevant", "known", "wrong")}  # fmt: skip
    first = min((one.first_week for one in counted), default=week)
    return HitRate(raised=len(counted), weeks=(week - first).days // 7 + 1, **by)


def _raised(row: Record) -> RaisedSignal:
    values = dict(row)
    return RaisedSignal(cell=(values.pop("area_key"), values.pop("category_key")), **values)
