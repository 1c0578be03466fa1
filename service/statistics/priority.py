"""Which cells to look at first, and how sure that order is (statistics.md section 3).

    S = w · [now + max(0, now − base)] · (1 − 0.5^n)

in "harm points per week": w is the severity weight, now and base are reports per week corrected
for effort, n the independent actors of eight weeks. The parts are always shown beside the score.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from service.statistics.gamma_poisson import Gamma

Array = NDArray[np.float64]
Indices = NDArray[np.intp]

SEVERITY_WEIGHT = {1: 1.0, 2: 4.0, 3: 16.0}
DRAWS = 1000
# Cells so far down that they never meet the shown ones are not drawn.
CONTENDERS = 120
SHARED_BELOW = 0.8


def certainty(actors: Array) -> Array:
    """1 − 0.5^n: one actor 0.5, two 0.75, three 0.875."""
    return np.asarray(1.0 - 0.5 ** np.asarray(actors, float), dtype=float)


def score(weight: Array, now: Array, base: Array, actors: Array) -> Array:
    """Priority in harm points per week; all arrays of one shape.

    A cell without a base (no history) is given base = now: level only, no increase.
    """
    return np.asarray(weight * (now + np.maximum(0.0, now - base)) * certainty(actors), dtype=float)


@dataclass(frozen=True)
class Ranking:
    """Cells in order of priority; every array has one entry per ranked cell."""

    cells: Indices  # index into the arrays given, best first
    score: Array
    low: NDArray[np.int64]  # likely places, 5 % and 95 % of the draws; 1 is the top
    high: NDArray[np.int64]
    in_top_five: Array  # share of the draws
    shared_with_next: NDArray[np.bool_]


def rank(
    weight: Array, now: Gamma, base: Gamma | None, actors: Array, seed: int, shown: int
) -> Ranking:
    """Order the cells by score and draw how sure the places are.

    All arrays (n,). Cells without an actor have no score and no place. The rates are drawn 1 000
    times from their posteriors with a generator seeded by `seed`, so that the same counts always
    give the same places; a place is shared with the next when P(above the next) < 0.8.
    """
    before = now.mean if base is None else base.mean
    points = score(weight, now.mean, before, actors)
    candidates = np.flatnonzero(points > 0)
    # Ties are broken by the cell's own order, so that the list never shuffles by itself.
    order = candidates[np.lexsort((candidates, -points[candidates]))]
    reach = points + 3.0 * weight * certainty(actors) * 2.0 * now.spread
    listed = order[:shown]
    others = order[shown:]
    others = others[np.argsort(-reach[others], kind="stable")][: max(0, CONTENDERS - listed.size)]
    drawn = np.concatenate([listed, others])

    random = np.random.default_rng(seed)
    size = (DRAWS, drawn.size)
    rates = random.standard_gamma(now.shape[drawn], size) / now.rate[drawn]
    if base is None:
        usual = rates
    else:
        usual = random.standard_gamma(base.shape[drawn], size) / base.rate[drawn]
    draws = score(weight[drawn], rates, usual, actors[drawn])

    places = np.empty((listed.size, DRAWS), dtype=np.int64)
    ordered = np.sort(draws, axis=1)
    for i in range(listed.size):
        above = (ordered > draws[:, i : i + 1]).sum(axis=1)
        places[i] = 1 + above
    above_next = (draws[:, : max(listed.size - 1, 0)] > draws[:, 1 : listed.size]).mean(axis=0)
    bounds = (
        np.quantile(places, [0.05, 0.95], axis=1, method="nearest")
        if listed.size
        else np.zeros((2, 0))
    ).astype(np.int64)
    own = np.arange(1, listed.size + 1)
    return Ranking(
        cells=listed,
        score=points[listed],
        # The place shown is always among the likely ones.
        low=np.minimum(bounds[0], own),
        high=np.maximum(bounds[1], own),
        in_top_five=(places <= 5).mean(axis=1) if listed.size else np.zeros(0),
        shared_with_next=np.append(above_next < SHARED_BELOW, [False] * (listed.size > 0)).astype(
            bool
        ),
    )
