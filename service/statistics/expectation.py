"""What history lets one expect in each cell (area × category)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from service.statistics import gamma_poisson, season
from service.statistics.gamma_poisson import Gamma

Array = NDArray[np.float64]

BASELINE_WEEKS = 104
GUARD_WEEKS = 4
# Under two months there is no history to speak of (statistics.md 1.2: works from about week 9).
HISTORY_NEEDED = 8


def independence_mean(counts: Array, effort: Array) -> Array:
    """Prior mean per cell, shape (A, C), reports per effort-week: area rate × category share.

    `counts` (A, C), `effort` (A, C) in effort-weeks. Half a report is added to each margin.
    """
    by_area = (counts.sum(axis=1) + 0.5) / np.maximum(effort.mean(axis=1), 1e-9)
    by_category = counts.sum(axis=0) + 0.5
    return np.asarray(np.outer(by_area, by_category / by_category.sum()), dtype=float)


def dispersion(totals: Array, effort: Array, fitted: Array) -> float:
    """Week-to-week dispersion phi by Pearson's statistic, clipped to 1–3.

    `totals` and `fitted` (n, T): counts per category and week and their means; `effort` (T,)
    tells which weeks had any.
    """
    used = (fitted > 0) & (effort > 0)
    degrees = int(used.sum()) - 3 * totals.shape[0]
    if degrees < 10:
        return 1.0
    pearson = ((totals - fitted)[used] ** 2 / fitted[used]).sum() / degrees
    return float(np.clip(pearson, 1.0, 3.0))


@dataclass(frozen=True)
class Base:
    """The base rates of all cells and what is needed to predict with them."""

    prior: Gamma  # (A, C)
    rates: Gamma  # (A, C), reports per effort-week at season 1
    slopes: Array  # (C, 2)
    phi: float
    weeks: int  # weeks of history behind it

    @property
    def enough(self) -> bool:
        return self.weeks >= HISTORY_NEEDED


def learn(counts: Array, effort: Array, weeks: Array) -> Base:
    """Base rates from the baseline weeks.

    `counts` (A, C, T) and `effort` (A, T) of the baseline only, `weeks` (T,) week numbers. Weeks
    before the first effort do not count as history. Method: statistics.md 1.2, steps 1–3.
    """
    heard = np.flatnonzero(effort.sum(axis=0) > 0)
    known = int(counts.shape[2] - heard[0]) if heard.size else 0
    counts, effort, weeks = (
        part[..., counts.shape[2] - known :] for part in (counts, effort, weeks)
    )
    totals = counts.sum(axis=0)
    by_area = counts.sum(axis=(1, 2)) + 0.5
    pooled = by_area @ effort / by_area.sum()
    level, slopes = season.fit_wave(totals, pooled, weeks)
    wave = season.factors(slopes, weeks)
    exposure = effort @ wave.T
    observed = counts.sum(axis=2)
    mean = independence_mean(observed, exposure)
    shape = gamma_poisson.fit_shape(observed, mean * exposure)
    prior = Gamma(np.full(mean.shape, shape), shape / mean)
    fitted = np.exp(level)[:, None] * wave * pooled
    return Base(
        prior=prior,
        rates=gamma_poisson.posterior(prior, observed, exposure),
        slopes=slopes,
        phi=dispersion(totals, pooled, fitted),
        weeks=known,
    )


def window_effort(base: Base, effort: Array, weeks: Array) -> Array:
    """Effort × season of a window, shape (A, C), in effort-weeks; `effort` (A, L), `weeks` (L,)."""
    return np.asarray(effort @ season.factors(base.slopes, weeks).T, dtype=float)


def predict(rates: Gamma, exposure: Array, phi: float) -> tuple[Array, Array]:
    """Mean and negative binomial size of a window's count, given base rates and its exposure.

    Variance phi·mu + mu²/A with A the posterior shape (statistics.md 1.2, step 4).
    """
    mean = rates.mean * exposure
    excess = (phi - 1.0) * mean + mean**2 / rates.shape
    return mean, np.asarray(mean**2 / np.maximum(excess, 1e-12), dtype=float)
