"""Farrington flexible: is this week's count above what earlier years let one expect?

Noufaily et al. 2013 (Statistics in Medicine 32), with the older method of Farrington et al. 1996 as
a setting. Follows R's `surveillance::farringtonFlexible`, whose rules that no paper tells stand in
the README of the reference results (temporal/farrington.csv).
"""

from collections import defaultdict
from dataclasses import dataclass, fields
from datetime import date
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri, stdtr

from service.statistics import gamma_poisson, quasi_poisson, reference_weeks
from service.statistics.quasi_poisson import Design, Fit

Array = NDArray[np.float64]
Ints = NDArray[np.intp]
Marks = NDArray[np.bool_]

POWERS = {"2/3": 2.0 / 3.0, "1/2": 0.5, "none": 1.0}
METHODS = ("delta", "nbPlugin", "muan")
# So many series-weeks are fitted together that their arrays stay in the processor's cache.
TOGETHER = 64


@dataclass(frozen=True)
class Settings:
    """The defaults are those of statistics.md 1.3."""

    years: int = 4
    half_width: int = 3
    a_year: int = 52
    periods: int = 10
    left_out: int = 26
    weights_threshold: float = 2.58
    trend_threshold: float = 0.05
    method: str = "nbPlugin"
    power: str = "2/3"
    alpha: float = 0.005
    cases: float = 5.0
    in_weeks: int = 4
    reweight: bool = True
    trend: bool = True
    offset: bool = False


@dataclass(frozen=True)
class Result:
    """One entry per week looked at. NaN: too few reports for a limit, or too short a history."""

    upper: Array
    alarm: Marks
    expected: Array
    p: Array
    phi: Array
    trend: Array  # the slope per week, NaN where none was kept

    @classmethod
    def empty(cls, weeks: int) -> "Result":
        nan = [np.full(weeks, np.nan) for _ in range(5)]
        return cls(nan[0], np.zeros(weeks, dtype=bool), *nan[1:])

    def put(self, chosen: Ints, other: "Result") -> None:
        for field in fields(self):
            getattr(self, field.name)[chosen] = getattr(other, field.name)


def farrington(
    counts: Array,
    weeks: Ints,
    settings: Settings,
    exposure: Array | None = None,
    dates: list[date] | None = None,
) -> Result:
    """Compare each of `weeks` (positions in `counts`, shape (T,)) with its own earlier years.

    `exposure` (T,) is used when the settings say so. With `dates` the references follow the
    calendar, without them the positions.
    """
    result = Result.empty(len(weeks))
    places = {day: place for place, day in enumerate(dates or ())}
    alike: defaultdict[tuple[int, ...], list[int]] = defaultdict(list)
    for index, week in enumerate(weeks.tolist()):
        if dates is None:
            found = reference_weeks.by_number(week, settings.years, settings.a_year)
        else:
            found = reference_weeks.by_date(dates, places, week, settings.years) or []
        if found and found[-1] >= settings.half_width:
            gaps = tuple(new - old for new, old in pairwise(found))
            alike[gaps[::-1]].append(index)
    time = np.arange(float(counts.size))
    if dates:
        # As R counts: in days, by the first step; months are not of one length.
        days = np.array([day.toordinal() for day in dates], dtype=float)
        time = (days - days[0]) / max(days[1] - days[0], 1.0)
    effort = np.ones(counts.size) if exposure is None or not settings.offset else exposure
    for gaps, members in alike.items():
        for begin in range(0, len(members), TOGETHER):
            chosen = np.array(members[begin : begin + TOGETHER])
            batch = _Batch(counts, time, effort, weeks[chosen], gaps, settings)
            result.put(chosen, batch.compare())
    return result


class _Batch:
    """Weeks whose references lie alike: one design serves them all."""

    def __init__(
        self,
        counts: Array,
        time: Array,
        effort: Array,
        weeks: Ints,
        gaps: tuple[int, ...],
        settings: Settings,
    ) -> None:
        season = reference_weeks.seasons(gaps, settings.half_width, settings.periods)
        season[max(season.size - settings.left_out - 1, 0) :] = -1
        used = np.flatnonzero(season >= 0)
        at = weeks[:, None] - season.size + 1 + used
        present, self.season = np.unique(season[used], return_inverse=True)
        self.settings = settings
        self.baseline = counts[at]
        self.observed = counts[weeks]
        recent = weeks[:, None] - np.arange(settings.in_weeks)
        self.enough = counts[recent].sum(axis=1) >= settings.cases
        # Centred, which keeps the sums of squares exact.
        middle = time[at].mean(axis=1, keepdims=True)
        times = time[at] - middle
        self.now = time[weeks] - middle[:, 0]
        if np.ptp(times, axis=0).max() < 1e-9:
            times = times[:1]
        offsets = np.log(effort[at]) if settings.offset else np.zeros((1, used.size))
        self.offset_now = np.log(effort[weeks])
        self.design = Design(np.eye(present.size)[self.season], times, offsets, settings.trend)

    def compare(self) -> Result:
        """Fit, drop the trend where it is not to be believed, and set the limit."""
        chosen, years = self.settings, self.settings.years
        slope = np.full(self.observed.shape, np.nan)
        if chosen.trend and years >= 3:
            fit, phi, spread = self._fit(self.baseline, self.design)
            log_mean, variance = self._predict(fit)
            with np.errstate(divide="ignore", invalid="ignore"):
                t = fit.slope / np.sqrt(spread * fit.slope_variance)
                p = 2.0 * stdtr(self._degrees(self.design), -np.abs(t))
            # A threshold of one means any trend, also one that is nought but for rounding.
            believed = (p < chosen.trend_threshold) | (chosen.trend_threshold >= 1.0)
            with np.errstate(divide="ignore"):
                kept = believed & (log_mean <= np.log(self.baseline.max(axis=1)))
            slope[kept] = fit.slope[kept]
        else:
            kept = np.zeros(self.observed.shape, dtype=bool)
            phi, spread, log_mean, variance = np.empty((4, self.observed.size))
        rest = np.flatnonzero(~kept)
        if rest.size:
            plain = self.design.without_trend().take(rest)
            fit, phi[rest], spread[rest] = self._fit(self.baseline[rest], plain)
            log_mean[rest], variance[rest] = self._predict(fit, rest)
        return self._limits(log_mean, np.sqrt(variance * spread), phi, slope)

    def _degrees(self, design: Design) -> int:
        return self.baseline.shape[1] - design.parameters

    def _predict(self, fit: Fit, chosen: Ints | slice = slice(None)) -> tuple[Array, Array]:
        # The present week lies in the last season, which the windows always fill.
        return fit.predict(-1, self.now[chosen], self.offset_now[chosen])

    def _fit(self, counts: Array, design: Design) -> tuple[Fit, Array, Array]:
        """The fit, its dispersion of at least 1, and the dispersion that scales its errors."""
        degrees = self._degrees(design)
        fit = quasi_poisson.fit(counts, design)
        spread = fit.residual_sum(counts, fit.weight) / degrees
        phi = np.maximum(spread, 1.0)
        if not self.settings.reweight:
            return fit, phi, spread
        weight = _reweight(counts, fit, fit.leverage(design), phi, self.settings.weights_threshold)
        fit = quasi_poisson.fit(counts, design, weight)
        phi = np.maximum(fit.residual_sum(counts, fit.weight) / degrees, 1.0)
        # The reference scales errors by the prior weights here, not by the working ones.
        return fit, phi, fit.residual_sum(counts, weight) / degrees

    def _limits(self, log_mean: Array, error: Array, phi: Array, slope: Array) -> Result:
        chosen = self.settings
        mean = np.exp(log_mean)
        if chosen.method == "delta":
            upper, p = _delta_limit(self.observed, mean, error * mean, phi, chosen)
        else:
            if chosen.method == "muan":
                with np.errstate(over="ignore"):
                    mean = np.exp(log_mean + ndtri(1.0 - chosen.alpha) * error)
            upper, p = _count_limit(self.observed, mean, phi, chosen.alpha, self.enough)
        upper = np.where(self.enough, upper, np.nan)
        return Result(
            upper=upper,
            alarm=self.enough & (self.observed > upper) & (self.observed > 0),
            expected=np.where(np.isnan(upper), np.nan, np.exp(log_mean)),
            p=p,
            phi=phi,
            trend=slope,
        )


def _reweight(counts: Array, fit: Fit, leverage: Array, phi: Array, threshold: float) -> Array:
    """Earlier outbreaks weigh less: s⁻² where the Anscombe residual s is over the threshold."""
    mean = fit.mean
    raw = 1.5 * (np.cbrt(counts) ** 2 * mean ** (-1.0 / 6.0) - np.sqrt(mean))
    with np.errstate(divide="ignore", invalid="ignore"):
        residual = raw / np.sqrt(phi[:, None] * (1.0 - leverage))
        weight = np.where(residual > threshold, residual**-2.0, 1.0)
    return np.asarray(weight * (counts.shape[1] / weight.sum(axis=1, keepdims=True)))


def _delta_limit(
    observed: Array, mean: Array, error: Array, phi: Array, settings: Settings
) -> tuple[Array, Array]:
    """Normal limit on the scale mean^power, and the p-value on it (Farrington 1996)."""
    power = POWERS[settings.power]
    tau = phi + error**2 / mean
    scale = power * np.sqrt(mean ** (2.0 * power - 1.0) * tau)
    centre = mean**power
    upper = (centre + ndtri(1.0 - settings.alpha) * scale) ** (1.0 / power)
    return upper, ndtr(-(observed**power - centre) / scale)


def _count_limit(
    observed: Array, mean: Array, phi: Array, alpha: float, enough: Marks
) -> tuple[Array, Array]:
    """Quantile of the negative binomial with variance phi·mean (Poisson at 1), and P(Y >= y)."""
    upper, p = np.full(mean.shape, np.nan), np.full(mean.shape, np.nan)
    for poisson in (True, False):
        kind = (phi <= 1.0) == poisson
        mu = mean[kind]
        size = None if poisson else mu / (phi[kind] - 1.0)
        with np.errstate(invalid="ignore"):
            tail = gamma_poisson.upper_tail(observed[kind], mu, size)
        # Beyond all floats there is no distribution left to ask.
        p[kind] = np.where(np.isfinite(mu), tail, np.nan)
        limited = enough[kind] & np.isfinite(mu)
        limit = np.full(mu.shape, np.nan)
        limit[limited] = gamma_poisson.normal_at_most(
            mu[limited], None if size is None else size[limited], 1.0 - alpha
        )
        upper[kind] = limit
    return upper, p
