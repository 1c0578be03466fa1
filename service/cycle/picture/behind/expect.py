"""Week by week what a choice of cells gave, beside what was to be expected of it.

The same base rates, effort and season as in the picture; worked out anew from the counts when
somebody asks, so that nothing of it has to be stored.
"""

from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
from numpy.typing import NDArray

from service.cycle.picture.counts import WEEKS, Counts
from service.cycle.picture.effort import WEEK_NUMBERS, Effort, learn, measure
from service.statistics import coverage, gamma_poisson, season
from service.statistics.expectation import Base

Array = NDArray[np.float64]
Marks = NDArray[np.bool_]

SHOWN_WEEKS = 52


@dataclass(frozen=True)
class Series:
    """Reports of the last weeks, shape (T,); NaN where nothing can be expected."""

    counts: Array
    expected: Array
    at_least: Array
    at_most: Array
    coverage: Array

    def last(self, weeks: int) -> float:
        return float(self.counts[-weeks:].sum())

    def expected_of(self, weeks: int) -> float:
        """What the last `weeks` were expected to give; NaN where it is unknown of one of them."""
        return float(self.expected[-weeks:].sum())


class Expectations:
    """What each cell was expected to give in each of the last weeks, and sums of them."""

    def __init__(self, counts: Counts, at: datetime) -> None:
        """`at` is when the picture was compiled that the numbers are to agree with."""
        cells = counts.cells()
        self.counts = counts
        self.effort: Effort = measure(counts, cells, at)
        self.base: Base = learn(cells, self.effort)
        shown = slice(WEEKS - SHOWN_WEEKS, WEEKS)
        self.cells: Array = cells[:, :, shown]
        self._heard = self.effort.by_area[:, shown]
        self._covered = np.nan_to_num(self.effort.by_week_and_area[:, shown])
        self._weight = cells.sum(axis=(1, 2)) + 0.5
        wave = season.factors(self.base.slopes, WEEK_NUMBERS[shown])
        self._mean = self.base.rates.mean[:, :, None] * self._heard[:, None, :] * wave[None]
        # phi · mean + mean²/A, less the mean: what a negative binomial has beyond Poisson.
        self._excess = (self.base.phi - 1.0) * self._mean + self._mean**2 / (
            self.base.rates.shape[:, :, None]
        )

    @property
    def weeks(self) -> list[date]:
        """Mondays, oldest first."""
        return [self.counts.monday(index) for index in range(WEEKS - SHOWN_WEEKS, WEEKS)]

    def area(self, key: str) -> int | None:
        return next((i for i, one in enumerate(self.counts.areas) if one.key == key), None)

    def category(self, key: str) -> int | None:
        return next((i for i, one in enumerate(self.counts.categories) if one.key == key), None)

    def categories(self) -> list[tuple[str, str]]:
        """Key and label of each category that was reported in the weeks shown."""
        some = self.cells.sum(axis=(0, 2)) >= 1
        listed = zip(self.counts.categories, some, strict=True)
        return [(one.key, one.label) for one, reported in listed if reported]

    def of(self, area: int | None, category: int | None) -> Series:
        """The series of a cell, of an area over categories, or of a category over areas."""
        chosen = (
            slice(None) if area is None else slice(area, area + 1),
            slice(None) if category is None else slice(category, category + 1),
        )
        return self._series(chosen, self._coverage(area))

    def by_area(self, category: int | None) -> list[Series]:
        return [self.of(area, category) for area in range(len(self.counts.areas))]

    def by_category(self, area: int) -> list[Series]:
        return [self.of(area, category) for category in range(len(self.counts.categories))]

    def _coverage(self, area: int | None) -> Array:
        if area is not None:
            return np.asarray(self._covered[area])
        return np.asarray(self._weight @ self._covered / self._weight.sum())

    def _series(self, chosen: tuple[slice, slice], covered: Array) -> Series:
        mean = self._mean[chosen].sum(axis=(0, 1))
        excess = self._excess[chosen].sum(axis=(0, 1))
        size = mean**2 / np.maximum(excess, 1e-12)
        known = (covered >= coverage.NOTHING_SAID_BELOW) & self.base.enough

        def where_known(values: Array) -> Array:
            return np.where(known, values, np.nan)

        return Series(
            counts=self.cells[chosen].sum(axis=(0, 1)),
            expected=where_known(mean),
            at_least=where_known(gamma_poisson.normal_at_least(mean, size)),
            at_most=where_known(gamma_poisson.normal_at_most(mean, size)),
            coverage=covered,
        )
