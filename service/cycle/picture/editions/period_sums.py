"""What a period held: sums by category and area, beside the same weeks of the year before.

Only who was heard in both periods is compared (the constant panel): who has stopped reporting is
not calm. The sums themselves hold everybody's reports.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from service.cycle.picture.counts import WEEKS, Counts
from service.cycle.picture.editions.kinds import Period
from service.cycle.picture.rounded import all_rounded, rounded
from service.statistics import panel, rate_ratio

Array = NDArray[np.float64]

YEAR = 52


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
    before = slice(weeks.start - YEAR, weeks.stop - YEAR)
    # A period that overlaps the one before it, or has none, is compared with nothing.
    overlaps = weeks.stop - weeks.start > YEAR
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


def _compare(by_week: Array, before: slice, after: slice) -> list[dict[str, Any] | None]:
    """The ratio of the two periods' counts, (…, T) each, and its 95 % interval by mid-p."""
    was = by_week[:, before].sum(axis=1).round()
    now = by_week[:, after].sum(axis=1).round()
    same = np.ones(was.shape)
    ratio = rate_ratio.mid(was, now, same, same)
    return [
        None
        if was[row] + now[row] == 0
        else {
            "before": rounded(was[row]),
            "now": rounded(now[row]),
            "ratio": _finite(ratio.ratio[row]),
            "low": _finite(ratio.low[row]),
            "high": _finite(ratio.high[row]),
        }
        for row in range(was.size)
    ]


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
