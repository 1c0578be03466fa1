"""EARS C1, C2 and C3: the week against the mean and spread of the few weeks before it.

Fricker, Hegler and Dunfee 2008 (Statistics in Medicine 27). Made for daily syndromic counts; kept
as what others use, not as what we rely on. Reference: temporal/ears.csv.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

Array = NDArray[np.float64]

ALPHA = {"C1": 0.001, "C2": 0.001, "C3": 0.025}
GAP = 2  # weeks that C2 and C3 leave out before the present one


@dataclass(frozen=True)
class Limits:
    """Per week of the series, shape (T,); NaN where there is none."""

    upper: Array
    expected: Array


def ears(counts: Array, variant: str, baseline: int = 7, least_sigma: float = 0.0) -> Limits:
    """Limits of every week of `counts` (T,) by `variant` C1, C2 or C3.

    `baseline` weeks teach; `least_sigma` keeps a run of equal weeks from having no spread. A week
    alarms when its count is above `upper`.
    """
    z = ndtri(1.0 - ALPHA[variant])
    if variant == "C1":
        mean, sigma = _before(counts, baseline, 0, least_sigma)
        return Limits(mean + z * sigma, mean)
    mean, sigma = _before(counts, baseline, GAP, least_sigma)
    if variant == "C2":
        return Limits(mean + z * sigma, mean)
    # Any rise over weeks without spread is infinitely many sigmas, none at all is undefined; both
    # go on as they are into the sum, as in the reference.
    with np.errstate(divide="ignore", invalid="ignore"):
        excess = np.maximum((counts - mean) / sigma - 1.0, 0.0)
        earlier = np.full(counts.shape, np.nan)
        earlier[GAP:] = excess[1:-1] + excess[:-2]
        upper = np.maximum(counts + sigma * (z - earlier), 0.0)
    return Limits(upper, np.full(counts.shape, np.nan))


def _before(counts: Array, weeks: int, gap: int, least: float) -> tuple[Array, Array]:
    """Mean and standard deviation of `weeks` weeks that end `gap` weeks before each week."""
    mean, sigma = np.full((2, counts.size), np.nan)
    if counts.size <= weeks + gap:
        return mean, sigma
    windows = np.lib.stride_tricks.sliding_window_view(counts, weeks)[: counts.size - weeks - gap]
    mean[weeks + gap :] = windows.mean(axis=1)
    sigma[weeks + gap :] = np.maximum(windows.std(axis=1, ddof=1), least)
    return mean, sigma
