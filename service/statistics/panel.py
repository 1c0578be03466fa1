"""Has it become better or worse? Asked only of those who were heard both then and now.

Who has stopped reporting is not calm (statistics.md section 4). The ratio of the two periods' rates
is taken over the actors of both, by what each could be expected to report; its interval is widened
by the week-to-week dispersion.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from service.statistics import coverage
from service.statistics.multiplicity import benjamini_hochberg

Array = NDArray[np.float64]
Marks = NDArray[np.bool_]

# An actor belongs to the panel when it was heard in at least so large a part of both periods.
HEARD_IN_BOTH = 0.5
SURE = 1.96
FALSE_SHARE = 0.10  # of the areas that are called better, and of those called worse


@dataclass(frozen=True)
class Change:
    """After over before per area, (A,), beside a 95 % interval; NaN where nobody is left."""

    ratio: Array
    low: Array
    high: Array
    better: Marks  # may be claimed: beyond chance, and covered well enough in both periods
    worse: Marks
    actors: int  # of the panel


def members(heard: Marks, before: slice, after: slice) -> Marks:
    """Who was heard in both periods, shape (K,); `heard` (K, T)."""
    shares = [heard[:, period].mean(axis=1) for period in (before, after)]
    return np.asarray((shares[0] >= HEARD_IN_BOTH) & (shares[1] >= HEARD_IN_BOTH))


def compare(
    counts: Array,
    heard: Marks,
    covered: Array,
    season: Array,
    before: slice,
    after: slice,
) -> Change:
    """Compare two periods area by area.

    `counts` (K, A, T) reports per actor, `heard` (K, T), `covered` (A, T) coverage with NaN where
    nobody was asked, `season` (A, T) the season's factor in each area.
    """
    panel = members(heard, before, after)
    kept = counts[panel]
    shares = coverage.actor_shares(kept[:, :, before].sum(axis=2))
    exposure = coverage.effort(shares, heard[panel]) * season
    by_week = kept.sum(axis=0)
    y0, y1 = by_week[:, before].sum(axis=1), by_week[:, after].sum(axis=1)
    e0, e1 = exposure[:, before].sum(axis=1), exposure[:, after].sum(axis=1)
    known = (e0 > 0) & (e1 > 0) & (y0 + y1 > 0)
    phi = _dispersion(by_week[:, before], exposure[:, before])
    with np.errstate(divide="ignore", invalid="ignore"):
        # Half a report on both sides keeps a ratio where one of them is nought.
        middle = np.log((y1 + 0.5) / e1 * e0 / (y0 + 0.5))
        error = np.sqrt(phi * (1.0 / (y0 + 0.5) + 1.0 / (y1 + 0.5)))
        bounds = [np.exp(middle + z * error) for z in (0.0, -SURE, SURE)]
    ratio, low, high = (np.where(known, value, np.nan) for value in bounds)
    enough = np.minimum(*(_mean(covered[:, period]) for period in (before, after)))
    claimed = known & (enough >= coverage.UNCERTAIN_BELOW)
    return Change(
        ratio=ratio,
        low=low,
        high=high,
        better=_believed(middle / error, claimed),
        worse=_believed(-middle / error, claimed),
        actors=int(panel.sum()),
    )


def _believed(score: Array, claimed: Marks) -> Marks:
    """Areas whose standard score is low beyond chance, with regard to how many are asked."""
    found = np.zeros(claimed.shape, dtype=bool)
    found[claimed] = benjamini_hochberg(ndtr(score[claimed])) <= FALSE_SHARE
    return found


def _mean(covered: Array) -> Array:
    return coverage.over_window(covered, np.ones(covered.shape[1]))


def _dispersion(counts: Array, exposure: Array) -> float:
    """Pearson's dispersion of area-weeks around each area's rate, 1–3."""
    rate = counts.sum(axis=1) / np.maximum(exposure.sum(axis=1), 1e-9)
    fitted = rate[:, None] * exposure
    used = fitted > 0
    degrees = int(used.sum()) - counts.shape[0]
    if degrees < 10:
        return 1.0
    pearson = float(((counts - fitted)[used] ** 2 / fitted[used]).sum()) / degrees
    return float(np.clip(pearson, 1.0, 3.0))
