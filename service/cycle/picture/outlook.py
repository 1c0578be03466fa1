"""Counts beside what was expected: cell by cell, and in sums of cells."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from service.cycle.picture.counts import WEEKS, Counts
from service.cycle.picture.effort import NOW, WEEK_NUMBERS, Effort
from service.cycle.picture.rounded import all_rounded, rounded, where_known
from service.statistics import coverage, expectation, gamma_poisson
from service.statistics.expectation import Base

Array = NDArray[np.float64]

ACTOR_WEEKS = 8


class Outlook:
    """Counts beside what was expected, cell by cell and in sums of cells."""

    def __init__(self, counts: Counts, cells: Array, effort: Effort, base: Base) -> None:
        self.counts, self.effort, self.base = counts, effort, base
        self.week = cells[:, :, -1]
        self.window = cells[:, :, -NOW:].sum(axis=2)
        self.who = counts.actors(WEEKS - ACTOR_WEEKS, WEEKS - 1)
        self.spoken = effort.spoken
        exposure = expectation.window_effort(base, effort.by_area[:, -NOW:], WEEK_NUMBERS[-NOW:])
        self.mean, self.size = expectation.predict(base.rates, exposure, base.phi)
        this_week = expectation.window_effort(base, effort.by_area[:, -1:], WEEK_NUMBERS[-1:])
        self.week_mean, self.week_size = expectation.predict(base.rates, this_week, base.phi)

    def _sum(self, axis: int | None, known: NDArray[np.bool_]) -> dict[str, Any]:
        """Counts of the running week in sums over an axis, beside the limits of the expected."""
        mean = self.week_mean.sum(axis=axis)
        # Without a history there is no size, and nothing is said below.
        spread = np.divide(
            self.week_mean**2,
            self.week_size,
            out=np.zeros_like(self.week_mean),
            where=self.week_size > 0,
        )
        variance = (self.week_mean + spread).sum(axis=axis)
        size = mean**2 / np.maximum(variance - mean, 1e-9)
        mean, size = np.atleast_1d(mean), np.atleast_1d(size)
        low = gamma_poisson.normal_at_least(mean, size)
        high = gamma_poisson.normal_at_most(mean, size)
        known = np.broadcast_to(known & self.base.enough, mean.shape)
        return {
            "week": all_rounded(np.atleast_1d(self.week.sum(axis=axis))),
            "four": all_rounded(np.atleast_1d(self.window.sum(axis=axis))),
            "expected": where_known(mean, known),
            "at_least": where_known(low, known),
            "at_most": where_known(high, known),
        }

    def total(self) -> dict[str, Any]:
        known = np.array([self.effort.by_week[-1] >= coverage.NOTHING_SAID_BELOW])
        return {key: value[0] for key, value in self._sum(None, known).items()}

    def by_area(self) -> dict[str, Any]:
        return self._sum(1, self.spoken) | {
            "coverage": all_rounded(self.effort.coverage),
            "actors": self.who.any(axis=1).sum(axis=1).tolist(),
        }

    def by_category(self) -> dict[str, Any]:
        whole = np.array(float(self.effort.coverage.mean()) >= coverage.NOTHING_SAID_BELOW)
        return self._sum(0, whole) | {"actors": self.who.any(axis=0).sum(axis=1).tolist()}

    def cells(self) -> dict[str, Any]:
        """Every cell with a report in the last eight weeks, as columns."""
        area, category = np.nonzero(self.who.any(axis=2))
        mean, size = self.mean[area, category], self.size[area, category]
        known = self.spoken[area] & self.base.enough
        window = self.window[area, category]
        return {
            "area": area.tolist(),
            "category": category.tolist(),
            "week": all_rounded(self.week[area, category]),
            "four": all_rounded(window),
            "expected": where_known(mean, known),
            "at_most": where_known(gamma_poisson.normal_at_most(mean, size), known),
            "change": where_known(window - mean, known),
            "actors": self.who[area, category].sum(axis=1).tolist(),
        }

    def unspoken(self) -> list[dict[str, Any]]:
        """Areas where too few were heard to say anything, with what was reported all the same."""
        found = np.flatnonzero(~self.spoken & self.who.any(axis=(1, 2)))
        return [
            {
                "area": int(a),
                "four": rounded(self.window[a].sum()),
                "categories": np.flatnonzero(self.who[a].any(axis=1)).tolist(),
            }
            for a in found
        ]
