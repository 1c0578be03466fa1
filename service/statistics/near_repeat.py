"""Near repeat: is an event followed by another close by, soon, more often than chance would have?

Knox 1964. Pairs of events are sorted by distance and by days apart; were the two independent, each
cell would hold row · column / pairs. Reference: spatial/knox_A_*.csv.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Ints = NDArray[np.intp]

EVENTS_NEEDED = 30
NEAR_METRES, NEAR_DAYS = 200.0, 14.0
REPLICATES = 999


@dataclass(frozen=True)
class Pairs:
    """Pairs by distance (rows) and days apart (columns)."""

    observed: Array
    expected: Array
    p: Array  # share of permutations of the days with at least as many, own one included

    @property
    def ratio(self) -> Array:
        """Observed over expected; NaN where nothing is expected."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(self.expected > 0, self.observed / self.expected, np.nan)


def knox(
    places: Array,
    days: Array,
    metres: Array,
    apart: Array,
    seed: int,
    replicates: int = REPLICATES,
) -> Pairs:
    """The whole table. `places` (n, 2) in metres, `days` (n,).

    `metres` and `apart` are rising upper bounds, each including its bound; the last may be inf.
    Pairs beyond the last bound count in no cell but in the number of pairs.
    """
    first, second = np.triu_indices(len(days), k=1)
    distance = np.hypot(*(places[first] - places[second]).T)
    near = _class(metres, distance)
    soon = _class(apart, np.abs(days[first] - days[second]))
    shape = (metres.size + 1, apart.size + 1)
    observed = _table(near, soon, shape)
    pairs = max(first.size, 1)
    expected = np.outer(observed.sum(axis=1), observed.sum(axis=0)) / pairs
    random = np.random.default_rng(seed)
    # How soon two events follow each other, once; a permutation only looks up other pairs.
    between = _class(apart, np.abs(days[:, None] - days[None, :]))
    at_least = np.ones(shape)
    for _ in range(replicates):
        order = random.permutation(len(days))
        at_least += _table(near, between[order[first], order[second]], shape) >= observed
    inside = (slice(0, metres.size), slice(0, apart.size))
    return Pairs(observed[inside], expected[inside], (at_least / (1.0 + replicates))[inside])


def _class(bounds: Array, values: Array) -> Ints:
    return np.asarray(np.searchsorted(bounds, values, side="left"), dtype=np.intp)


def _table(near: Ints, soon: Ints, shape: tuple[int, int]) -> Array:
    at = near * shape[1] + soon
    return np.bincount(at, minlength=shape[0] * shape[1]).reshape(shape).astype(float)
