"""Quasi-Poisson regression of many series at once: a level per season and, if asked for, a trend.

    log mu = level[season] + slope · time + log(exposure)

Seasons are disjoint, so the normal equations are diagonal but for the slope's row, and each round
of iteratively reweighted least squares has a closed form. The rounds begin, and end, as R's glm
does, since where all is zero the estimate is where the rounds stopped. Weights and hat values are
those of the last round's beginning, also as in glm.
"""

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Marks = NDArray[np.bool_]

ROUNDS = 25
ENOUGH = 1e-8
LEAST = float(np.finfo(float).eps)  # No mean is smaller, as in glm.


@dataclass(frozen=True)
class Design:
    """What N series are explained by, over the same n weeks in p seasons."""

    seasons: Array  # (n, p), one in the week's season
    time: Array  # (N, n) or (1, n); all zero for no trend
    offset: Array  # (N, n) or (1, n), log exposure
    trend: bool

    @property
    def parameters(self) -> int:
        return self.seasons.shape[1] + self.trend

    def take(self, chosen: NDArray[np.intp] | Marks) -> "Design":
        """The same for some of the series."""
        time, offset = (
            part if part.shape[0] == 1 else part[chosen] for part in (self.time, self.offset)
        )
        return Design(self.seasons, time, offset, self.trend)

    def without_trend(self) -> "Design":
        return Design(self.seasons, self.time, self.offset, trend=False)


@dataclass(frozen=True)
class Fit:
    """Estimates of N series; what a series lacks is NaN."""

    level: Array  # (N, p), at time 0 and exposure 1
    slope: Array  # (N,), per unit of time; 0 without a trend
    mean: Array  # (N, n)
    weight: Array  # (N, n), working weights
    level_weight: Array  # (N, p), their sums by season
    level_time: Array  # (N, p), weighted mean time of each season
    slope_variance: Array  # (N,), in units of the dispersion; 0 without a trend

    def put(self, chosen: NDArray[np.intp], other: "Fit") -> None:
        """Write the estimates of some series over ours."""
        for field in fields(self):
            getattr(self, field.name)[chosen] = getattr(other, field.name)

    def leverage(self, design: Design) -> Array:
        """Diagonal of the hat matrix, shape (N, n)."""
        seasons = design.seasons.T
        gap = design.time - self.level_time @ seasons
        inverse = (1.0 / self.level_weight) @ seasons
        return np.asarray(self.weight * (inverse + gap**2 * self.slope_variance[:, None]))

    def residual_sum(self, counts: Array, weight: Array) -> Array:
        """Weighted sum of squared working residuals (y − mu)/mu, shape (N,)."""
        return np.asarray((weight * ((counts - self.mean) / self.mean) ** 2).sum(axis=1))

    def predict(self, season: int, time: Array, offset: Array) -> tuple[Array, Array]:
        """Log mean at a new week and its variance in units of the dispersion, both (N,)."""
        log_mean = self.level[:, season] + self.slope * time + offset
        gap = time - self.level_time[:, season]
        return log_mean, 1.0 / self.level_weight[:, season] + gap**2 * self.slope_variance


def fit(counts: Array, design: Design, prior: Array | None = None) -> Fit:
    """Fit N series, `counts` (N, n), with prior weights `prior` (N, n) or all one."""
    series, weeks = counts.shape
    seasons = design.seasons.shape[1]
    prior = np.ones((1, weeks)) if prior is None else prior
    result = Fit(
        level=np.empty((series, seasons)),
        slope=np.zeros(series),
        mean=np.empty(counts.shape),
        weight=np.empty(counts.shape),
        level_weight=np.empty((series, seasons)),
        level_time=np.zeros((series, seasons)),
        slope_variance=np.zeros(series),
    )
    left = np.arange(series)
    y, weight, part = counts, np.broadcast_to(prior, counts.shape), design
    with np.errstate(divide="ignore", invalid="ignore"):
        own = np.where(y > 0, y * np.log(y), 0.0) - y
    log_mean, mean = np.log(y + 0.1), y + 0.1
    deviance = _deviance(own, y, log_mean, mean, weight)
    for turn in range(ROUNDS):
        estimate = _solve(y, weight, log_mean, mean, part)
        log_mean = estimate.mean + part.offset
        mean = np.maximum(np.exp(log_mean), LEAST)
        before, deviance = deviance, _deviance(own, y, log_mean, mean, weight)
        done = np.abs(deviance - before) < ENOUGH * (np.abs(deviance) + 0.1)
        if turn == ROUNDS - 1:
            done[:] = True
        if done.any():
            ended = np.flatnonzero(done)
            result.put(left[ended], _rows(estimate, ended, mean))
            going = ~done
            if not going.any():
                break
            left, y, own = left[going], y[going], own[going]
            weight, log_mean, mean = weight[going], log_mean[going], mean[going]
            deviance, part = deviance[going], part.take(going)
    return result


def _deviance(own: Array, y: Array, log_mean: Array, mean: Array, weight: Array) -> Array:
    return np.asarray(2.0 * (weight * (own - y * log_mean + mean)).sum(axis=1))


def _solve(y: Array, prior: Array, log_mean: Array, mean: Array, design: Design) -> Fit:
    """One round of weighted least squares; `mean` of the result is the linear predictor."""
    weight = prior * mean
    target = log_mean - design.offset + (y - mean) / mean
    by_season = weight @ design.seasons
    level = ((weight * target) @ design.seasons) / by_season
    back = design.seasons.T
    if not design.trend:
        nothing = np.zeros(y.shape[0])
        return Fit(level, nothing, level @ back, weight, by_season, np.zeros_like(level), nothing)
    weighted_time = weight * design.time
    at = (weighted_time @ design.seasons) / by_season
    gap = design.time - at @ back
    pull = weight * gap
    information = (pull * gap).sum(axis=1)
    slope = (pull * target).sum(axis=1) / information
    level = level - slope[:, None] * at
    linear = level @ back + slope[:, None] * design.time
    return Fit(level, slope, linear, weight, by_season, at, 1.0 / information)


def _rows(estimate: Fit, chosen: NDArray[np.intp], mean: Array) -> Fit:
    values = {field.name: getattr(estimate, field.name)[chosen] for field in fields(estimate)}
    return Fit(**(values | {"mean": mean[chosen]}))
