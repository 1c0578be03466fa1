"""Two counts compared: how many times as many, and between what bounds.

Given both counts together, the later one is binomial, so the bounds are exact (Clopper–Pearson) or
mid-p. Reference: evaluation/exact_rate_ratio.csv and poisson_intervals.csv.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc, betaincinv, gammaincinv, gammaln, xlog1py, xlogy

Array = NDArray[np.float64]
Marks = NDArray[np.bool_]


@dataclass(frozen=True)
class Ratio:
    """after/before per effort, with the bounds of an interval; arrays of one shape."""

    ratio: Array
    low: Array
    high: Array
    p: Array  # two-sided, of no change


def exact(before: Array, after: Array, effort_before: Array, effort_after: Array) -> Ratio:
    """Clopper–Pearson bounds at 95 % and the exact two-sided test. All counts are whole.

    Nothing counted at all says nothing: NaN.
    """
    scale, total = effort_after / effort_before, before + after
    with np.errstate(divide="ignore", invalid="ignore"):
        low = np.where(after > 0, betaincinv(np.maximum(after, 1), before + 1, 0.025), 0.0)
        high = np.where(before > 0, betaincinv(after + 1, np.maximum(before, 1), 0.975), 1.0)
        p = _exact_p(after, total, scale / (1.0 + scale))
        return _as_ratio(before, after, scale, low, high, p)


def mid(before: Array, after: Array, effort_before: Array, effort_after: Array) -> Ratio:
    """The same with mid-p, which is shorter and right on average."""
    scale, total = effort_after / effort_before, before + after
    null = scale / (1.0 + scale)
    low = _bisect(lambda share: _mid_above(after, total, share) < 0.025, after.shape)
    high = _bisect(lambda share: _mid_below(after, total, share) > 0.025, after.shape)
    low, high = np.where(after > 0, low, 0.0), np.where(before > 0, high, 1.0)
    sides = np.minimum(_mid_above(after, total, null), _mid_below(after, total, null))
    return _as_ratio(before, after, scale, low, high, np.minimum(2.0 * sides, 1.0))


def garwood(count: Array, alpha: float = 0.05) -> tuple[Array, Array]:
    """Exact bounds of a Poisson mean after one count."""
    low = np.where(count > 0, gammaincinv(np.maximum(count, 1e-12), alpha / 2), 0.0)
    return low, np.asarray(gammaincinv(count + 1.0, 1.0 - alpha / 2))


def jeffreys(count: Array, alpha: float = 0.05) -> tuple[Array, Array]:
    """Bounds of a Poisson mean by Jeffreys' prior; shorter than the exact ones."""
    low = np.where(count > 0, gammaincinv(count + 0.5, alpha / 2), 0.0)
    return low, np.asarray(gammaincinv(count + 0.5, 1.0 - alpha / 2))


def jeffreys_share(successes: float, trials: float, alpha: float) -> tuple[float, float]:
    """Bounds of a share after `successes` of `trials`, by Jeffreys' prior."""
    failures = trials - successes
    low = float(betaincinv(successes + 0.5, failures + 0.5, alpha / 2)) if successes else 0.0
    high = float(betaincinv(successes + 0.5, failures + 0.5, 1 - alpha / 2)) if failures else 1.0
    return low, high


def _as_ratio(
    before: Array, after: Array, scale: Array, low: Array, high: Array, p: Array
) -> Ratio:
    none = before + after == 0
    with np.errstate(divide="ignore", invalid="ignore"):
        values = (after / before / scale, low / (1 - low) / scale, high / (1 - high) / scale)
    ratio, lower, upper = (np.where(none, np.nan, value) for value in values)
    return Ratio(ratio, lower, upper, np.where(none, np.nan, p))


def _mid_above(count: Array, total: Array, share: Array) -> Array:
    """P(Y > count) + P(Y = count) / 2."""
    return 0.5 * (_at_least(count, total, share) + _at_least(count + 1, total, share))


def _mid_below(count: Array, total: Array, share: Array) -> Array:
    """The same downwards: as many of the others."""
    return _mid_above(total - count, total, 1.0 - share)


def _at_least(count: Array, total: Array, share: Array) -> Array:
    """P(Y >= count) of a binomial count."""
    inside = (count > 0) & (count <= total)
    tail = betainc(np.where(inside, count, 1.0), np.where(inside, total - count + 1, 1.0), share)
    return np.where(inside, tail, np.where(count <= 0, 1.0, 0.0))


def _bisect(is_left: Callable[[Array], Marks], shape: tuple[int, ...]) -> Array:
    """Where a share in 0–1 stops being too small, to the last bit."""
    low, high = np.zeros(shape), np.ones(shape)
    for _ in range(60):
        middle = (low + high) / 2.0
        left = is_left(middle)
        low, high = np.where(left, middle, low), np.where(left, high, middle)
    return (low + high) / 2.0


def _exact_p(count: Array, total: Array, share: Array) -> Array:
    """Probability of every count that is no likelier than the one seen."""
    result = np.empty(count.shape)
    for at in np.ndindex(count.shape):
        n, q = float(total[at]), float(share[at])
        k = np.arange(n + 1.0)
        log_p = (
            gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1) + xlogy(k, q) + xlog1py(n - k, -q)
        )
        seen = log_p[int(count[at])]
        # Counts that are as likely but for rounding belong.
        result[at] = min(float(np.exp(log_p[log_p <= seen + 1e-7]).sum()), 1.0)
    return result
