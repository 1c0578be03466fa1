"""What history lets one expect in each cell (area × category)."""

from dataclasses import dataclass
from math import exp, log

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.special import gammaln

from service.statistics import gamma_poisson, season
from service.statistics.gamma_poisson import Gamma

Array = NDArray[np.float64]

BASELINE_WEEKS = 104
GUARD_WEEKS = 4
# Under two months there is no history to speak of (statistics.md 1.2: works from about week 9).
HISTORY_NEEDED = 8
# How many effort-weeks a cell's own history may weigh in the rate of now. The upper bound lets
# what has never happened before be seen within a month; with the shape of all cells as prior, a
# thing that was rare for two years would stay rare whatever is reported.
MEMORY_BOUNDS = (1.0, 8.0)


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


def fit_memory(usual: Array, observed: Array, exposure: Array) -> float:
    """How many effort-weeks of its own history each cell's present rate leans on.

    rate now ~ Gamma(usual · b, b), so the window's count is negative binomial; b by maximum
    likelihood over all cells, within MEMORY_BOUNDS. Arrays of one shape: `usual` in reports per
    effort-week, `observed` counts, `exposure` in effort-weeks.
    """
    kept = (exposure > 0) & (usual > 0)
    rate, count, effort = usual[kept], observed[kept], exposure[kept]
    if count.size == 0:
        return MEMORY_BOUNDS[1]
    filled = count > 0
    rate_f, count_f, effort_f = rate[filled], count[filled], effort[filled]

    def loss(log_memory: float) -> float:
        b = exp(log_memory)
        all_cells = float((rate * b * np.log(b / (b + effort))).sum())
        filled_cells = (
            gammaln(count_f + rate_f * b)
            - gammaln(rate_f * b)
            + count_f * np.log(effort_f / (b + effort_f))
        )
        return -(all_cells + float(filled_cells.sum()))

    low, high = MEMORY_BOUNDS
    found = minimize_scalar(
        loss, bounds=(log(low), log(high)), method="bounded", options={"xatol": 1e-3}
    )
    return exp(float(found.x))


def present(base: Base, observed: Array, exposure: Array) -> Gamma:
    """Rates of the window "now", (A, C), reports per effort-week at season 1.

    `observed` counts and `exposure` effort × season of the window, both (A, C). With a history
    each cell leans on its own base rate, so that the increase is the shrunken excess over the
    expected: now − base = (observed − base · exposure) / (b + exposure). Without one the window
    itself says how alike the cells are.
    """
    if not base.enough:
        mean = independence_mean(observed, np.maximum(exposure, 1e-6))
        shape = gamma_poisson.fit_shape(observed, mean * exposure)
        return gamma_poisson.posterior(
            Gamma(np.full(mean.shape, shape), shape / mean), observed, exposure
        )
    usual = base.rates.mean
    memory = fit_memory(usual, observed, exposure)
    prior = Gamma(usual * memory, np.full(usual.shape, memory))
    return gamma_poisson.posterior(prior, observed, exposure)
