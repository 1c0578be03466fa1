"""Rates of areas drawn towards a common level, the fewer people the more: for maps.

Marshall 1991 by moments, over all areas or each area's neighbourhood; Clayton and Kaldor 1987 for
relative risks. For rankings see gamma_poisson. Reference: ranking/eb_*.csv.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Smoothed:
    """Rates (A,), and the level m and variance a that they were drawn by, one each or (A,)."""

    rates: Array
    level: Array
    variance: Array


def marshall(counts: Array, effort: Array) -> Smoothed:
    """Rates per unit of `effort` (A,) (people, effort-weeks), drawn towards the mean of all."""
    together = np.ones((counts.size, counts.size))
    local = marshall_local(counts, effort, together)
    return Smoothed(local.rates, local.level[:1], local.variance[:1])


def marshall_local(counts: Array, effort: Array, weights: Array) -> Smoothed:
    """The same towards the mean of each area's neighbourhood; `weights` (A, A) hold itself."""
    people = weights @ effort
    level = (weights @ counts) / people
    raw = counts / effort
    # Each neighbour is set against the mean of its own neighbourhood, as in the reference.
    spread = weights @ (effort * (raw - level) ** 2) / people
    variance = np.maximum(spread - level / (people / weights.sum(axis=1)), 0.0)
    noise = variance + level / effort
    pull = np.divide(variance, noise, out=np.zeros(noise.shape), where=noise > 0)
    return Smoothed(level + pull * (raw - level), level, variance)


def clayton_kaldor(observed: Array, expected: Array, enough: float = 1e-4) -> Array:
    """Relative risks (A,) under a gamma prior whose two parameters are found by turns."""
    nu = alpha = 1.0
    areas = observed.size
    for _ in range(1000):
        risk = (observed + nu) / (expected + alpha)
        mean = risk.mean()
        variance = float(((1.0 + alpha / expected) * (risk - mean) ** 2).sum()) / (areas - 1)
        before = (nu, alpha)
        alpha = mean / variance
        nu = mean * alpha
        if max(abs(nu - before[0]), abs(alpha - before[1])) < enough:
            break
    return np.asarray((observed + nu) / (expected + alpha))
