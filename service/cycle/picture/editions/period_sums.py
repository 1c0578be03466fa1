"""What a period held: sums by category and area, beside the same weeks of the year before.

Only who was heard in both periods is compared (the constant panel): who has stopped reporting is
not calm. The sums themselves hold everybody's reports.
"""

from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from service.cycle.picture.counts import WEEKS, Counts
from service.cycle.picture.editions.kinds import Period
from service.cycle.picture.rounded import all_rounded, rounded
from service.statistics import panel, rate_ratio

Array = NDArray[np.float64]

YEAR = 52
"""Weeks; what is longer overlaps the same weeks of the year before."""
LEAST_FREE = 6
"""Weeks beyond the two means that a dispersion is told by; fewer tell nothing."""


class OutOfReach(ValueError):
    """The period does not lie within the 156 weeks of the counts."""


def sum_period(counts: Counts, period: Period) -> dict[str, Any]:
    """The period's sums; `before` and what is compared are None without the year before.

    A period reaches at most 156 weeks back from the week of the counts. Raises OutOfReach.
    """
    first, last = _index(counts, period.first), _index(counts, period.last)
    if not 0 <= first <= last < WEEKS:
        raise OutOfReach(f"{period.first}-{period.last} of {counts.week}")
    weeks = slice(first, last + 1)
    cells = counts.cells()
    whole = cells[:, :, weeks]
    kept = (counts.at_week >= weeks.start) & (counts.at_week <= last)
    late = kept & (counts.arrived > last)
    total = float(whole.sum())
    heard = counts.reported() | counts.said_nothing
    asked = counts.asked()[:, weeks]
    result: dict[str, Any] = {
        "first": period.first.isoformat(),
        "last": period.last.isoformat(),
        "weeks": period.weeks,
        "total": rounded(total),
        "by_week": all_rounded(whole.sum(axis=(0, 1))),
        "by_category": all_rounded(whole.sum(axis=(0, 2))),
        "by_area": all_rounded(whole.sum(axis=(1, 2))),
        "actors": int(heard[:, weeks].any(axis=1).sum()),
        "answered": rounded((heard[:, weeks] & asked).sum() / max(int(asked.sum()), 1)),
        "late": rounded(counts.number[late].sum() / total if total else 0.0),
        "before": None,
    }
    back = weeks_back(period.first)
    before = slice(weeks.start - back, weeks.stop - back)
    # A period that overlaps the one before it, or has none, is compared with nothing.
    overlaps = weeks.stop - weeks.start > back
    if before.start < 0 or overlaps or not heard[:, before].any():
        return result
    both = panel.members(heard, before, weeks)
    by_actor = counts.by_actor_and_week()[both]
    return result | {
        "before": rounded(float(cells[:, :, before].sum())),
        "panel": int(both.sum()),
        "change": _compare(by_actor.sum(axis=(0, 1))[None], before, weeks)[0],
        "by_area_change": _compare(by_actor.sum(axis=0), before, weeks),
        "by_category_change": _compare(_by_category(counts, both), before, weeks),
    }


def weeks_back(monday: date) -> int:
    """How many weeks before lies the week of that number a year earlier: 52, or 53 past a 53rd."""
    year, number, _day = monday.isocalendar()
    last = date(year - 1, 12, 28).isocalendar().week
    return (monday - date.fromisocalendar(year - 1, min(number, last), 1)).days // 7


def _compare(by_week: Array, before: slice, after: slice) -> list[dict[str, Any] | None]:
    """The ratio of the two periods' counts, (…, T) each, and its 95 % interval.

    By mid-p, and on the log scale wider by the square root of the dispersion from week to week:
    reports come in bursts, and a plain interval would claim too much.
    """
    was = by_week[:, before].sum(axis=1).round()
    now = by_week[:, after].sum(axis=1).round()
    same = np.ones(was.shape)
    ratio = rate_ratio.mid(was, now, same, same)
    wider = np.sqrt(_dispersion(by_week.sum(axis=0), before, after))
    return [
        None
        if was[row] + now[row] == 0
        else {
            "before": rounded(was[row]),
            "now": rounded(now[row]),
            "ratio": _finite(ratio.ratio[row]),
            "low": _finite(_away(ratio.ratio[row], ratio.low[row], wider)),
            "high": _finite(_away(ratio.ratio[row], ratio.high[row], wider)),
        }
        for row in range(was.size)
    ]


def _dispersion(total: Array, before: slice, after: slice) -> float:
    """Pearson's, of the weeks (T,) around the mean of their own period, at least 1."""
    parts = [total[before], total[after]]
    squares = sum(((part - part.mean()) ** 2).sum() / max(part.mean(), 0.5) for part in parts)
    free = sum(part.size - 1 for part in parts)
    return max(float(squares) / free, 1.0) if free >= LEAST_FREE else 1.0


def _away(ratio: float, bound: float, times: float) -> float:
    """The bound so many times as far from the ratio on the log scale."""
    if not (np.isfinite(ratio) and np.isfinite(bound) and ratio > 0 and bound > 0):
        return float(bound)
    return float(ratio * (bound / ratio) ** times)


def _finite(value: float) -> float | None:
    return rounded(value) if np.isfinite(value) else None


def _by_category(counts: Counts, both: NDArray[np.bool_]) -> Array:
    kept = both[counts.at_organisation]
    size = (len(counts.categories), WEEKS)
    at = np.ravel_multi_index((counts.at_category[kept], counts.at_week[kept]), size)
    dense = np.bincount(at, weights=counts.number[kept], minlength=int(np.prod(size)))
    return np.asarray(dense, dtype=float).round(9).reshape(size)


def _index(counts: Counts, monday: Any) -> int:
    return WEEKS - 1 - (counts.week - monday).days // 7
