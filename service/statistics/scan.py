"""Space–time scan: which areas that lie together rise together, and since when?

Zones are sets of areas, windows end with the present week. Expectation-based (Neill 2005): counts C
against a baseline B that is known, so that only a rise scores and not what is always busy. The
population and permutation forms (Kulldorff 1997, 2005) serve histories too short for a baseline.
References: spatial/*_scores_*.csv, scan_satscan.csv, kulldorff_pennLC.csv.

In shapes A, Z and L are areas, zones and window lengths; `zones` (Z, A) holds ones and noughts.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import xlogy

Array = NDArray[np.float64]

NEIGHBOURS = 9
MOST_OF_REPORTS = 0.5
REPLICATES = 999
ENOUGH_ABOVE = 15
EULER = 0.5772156649015329
# Replicates that are summed to zones at a time, so that they stay in the processor's cache.
TOGETHER = 32
# From so many reports expected in a cell it is quicker to draw the cells than the reports.
FULL = 5.0
# So many reports together are still told apart in single precision.
SINGLE_BELOW = 2e4


def neighbour_zones(places: Array, weight: Array, neighbours: int = NEIGHBOURS) -> Array:
    """Zones (Z, A): each area alone and with its 1, 2, … nearest neighbours, each set once.

    `places` (A, 2) in any unit of length, `weight` (A,) each area's reports; a zone of more than
    half of them is no zone, but an area alone always is.
    """
    areas = len(places)
    distance = ((places[:, None, :] - places[None, :, :]) ** 2).sum(axis=2)
    np.fill_diagonal(distance, -1.0)
    nearest = np.argsort(distance, axis=1, kind="stable")[:, : neighbours + 1]
    most = MOST_OF_REPORTS * weight.sum()
    found: dict[frozenset[int], None] = {}
    for row in nearest.tolist():
        for size in range(1, len(row) + 1):
            if size == 1 or weight[row[:size]].sum() <= most:
                found[frozenset(row[:size])] = None
    zones = np.zeros((len(found), areas))
    for index, members in enumerate(found):
        zones[index, list(members)] = 1.0
    return zones


def window_sums(values: Array, zones: Array) -> Array:
    """Sums over zones and the last 1 … L weeks, shape (Z, L); `values` (A, L), newest last."""
    return np.asarray(np.cumsum((zones @ values)[:, ::-1], axis=1), dtype=float)


def expectation_score(counted: Array, baseline: Array) -> Array:
    """C ln(C/B) + B − C where C > B, else 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        score = counted * (np.log(counted / baseline) - 1.0) + baseline
    return np.where((counted > baseline) & (baseline > 0), score, 0.0)


def share_score(counted: Array, expected: Array, total: float) -> Array:
    """Kulldorff's C ln(C/E) + (N − C) ln((N − C)/(N − E)) where C > E, else 0.

    `expected` sums to `total` over everything: by population, or row · column / N in the
    permutation form.
    """
    outside = total - counted
    with np.errstate(divide="ignore", invalid="ignore"):
        score = xlogy(counted, counted / expected) + xlogy(outside, outside / (total - expected))
    return np.where((counted > expected) & (expected > 0), score, 0.0)


def by_population(counts: Array, population: Array) -> Array:
    """Expected counts (A, L) when only the population tells areas apart."""
    share = population / population.sum()
    return np.asarray(np.outer(share, np.full(counts.shape[1], counts.sum() / counts.shape[1])))


def by_permutation(counts: Array) -> Array:
    """Expected counts (A, L) when area and week are independent: row · column / N."""
    total = max(float(counts.sum()), 1e-12)
    return np.asarray(np.outer(counts.sum(axis=1), counts.sum(axis=0)) / total)


def negative_binomial_score(counts: Array, baseline: Array, zones: Array, size: float) -> Array:
    """Score test of a rise that lasts, shape (Z, L), for counts with variance b + b²/size.

    Σ(y − b)/(1 + b/size) / sqrt(Σ b/(1 + b/size)) (Tango et al. 2011).
    """
    scale = 1.0 + baseline / size
    above = window_sums((counts - baseline) / scale, zones)
    spread = window_sums(baseline / scale, zones)
    return np.asarray(above / np.sqrt(spread), dtype=float)


@dataclass(frozen=True)
class Cluster:
    """A zone that rises: `areas` are indices, `weeks` the length of the window up to now."""

    areas: tuple[int, ...]
    weeks: int
    counted: float
    expected: float
    score: float
    p: float  # share of replicates with a score at least as large anywhere, own one included
    p_tail: float  # the same from a Gumbel distribution fitted to the replicates


def scan(
    counts: Array,
    baseline: Array,
    zones: Array,
    phi: float,
    seed: int,
    believed: float = 0.01,
    replicates: int = REPLICATES,
) -> list[Cluster]:
    """Clusters of the last weeks, the clearest first; none shares an area with a clearer one.

    `counts` and `baseline` (A, L), newest week last; chance is replayed `replicates` times by
    negative binomial counts with variance phi · baseline (Poisson at 1) from a generator seeded
    by `seed`. The best zone is always given, others when p <= `believed`.
    """
    counted, expected = window_sums(counts, zones), window_sums(baseline, zones)
    score = expectation_score(counted, expected)
    top = float(score.max(initial=0.0))
    if top <= 0:
        return []
    chance = largest_by_chance(baseline, zones, phi, seed, replicates, top)
    place, width = _gumbel(chance)
    found: list[Cluster] = []
    taken = np.zeros(counts.shape[0], dtype=bool)
    best = score.max(axis=1)
    for zone in np.argsort(-best, kind="stable"):
        members = zones[zone] > 0
        p = (1.0 + float((chance >= best[zone] - 1e-12).sum())) / (1.0 + chance.size)
        if best[zone] <= 0 or (found and p > believed):
            break
        if taken[members].any():
            continue
        taken |= members
        length = int(score[zone].argmax())
        found.append(
            Cluster(
                areas=tuple(np.flatnonzero(members).tolist()),
                weeks=length + 1,
                counted=float(counted[zone, length]),
                expected=float(expected[zone, length]),
                score=float(best[zone]),
                p=p,
                p_tail=float(-np.expm1(-np.exp(-(best[zone] - place) / width))),
            )
        )
    return found


def largest_by_chance(
    baseline: Array, zones: Array, phi: float, seed: int, replicates: int, top: float = np.inf
) -> Array:
    """The largest score of each replicate when nothing happens, shape (replicates,) or fewer.

    Once ENOUGH_ABOVE of them have reached `top` there is no cluster to be sure of, and no more
    are drawn (Besag and Clifford 1991).
    """
    random = np.random.default_rng(seed)
    # Single precision: a replicate's score is only set against others, and twice as many fit in
    # the processor's cache. Of great counts it would leave more error than there is score.
    kind: Any = np.float32 if baseline.sum() < SINGLE_BELOW else np.float64
    expected = window_sums(baseline, zones).astype(kind).T
    level = np.log(np.maximum(expected, kind(1e-30))) + kind(1.0)
    reach = zones.T.astype(kind)
    largest = np.zeros(replicates)
    for begin in range(0, replicates, TOGETHER):
        size = min(TOGETHER, replicates - begin)
        # (size, L, A), newest week first
        drawn = _draw(random, baseline, phi, size).astype(kind)
        counted = (drawn.reshape(-1, len(baseline)) @ reach).reshape(size, *expected.shape)
        for week in range(1, counted.shape[1]):
            counted[:, week] += counted[:, week - 1]
        score = np.log(np.maximum(counted, kind(0.5)))
        score -= level
        score *= counted
        score += expected
        score *= counted > expected
        largest[begin : begin + size] = score.max(axis=(1, 2))
        if (largest[: begin + size] >= top).sum() >= ENOUGH_ABOVE:
            return largest[: begin + size]
    return largest


def _draw(random: np.random.Generator, baseline: Array, phi: float, size: int) -> Array:
    """Negative binomial counts with variance phi · baseline, shape (size, L, A).

    Drawn as what they are, Poisson many clusters of logarithmic size (Quenouille 1949): most cells
    are empty, and only what is in a cell is drawn. Where cells are full, cell by cell.
    """
    mean = baseline.T[::-1].ravel()
    if mean.mean() > FULL:
        shape = (size, baseline.shape[1], baseline.shape[0])
        each = np.maximum(np.broadcast_to(mean, (size, mean.size)), 1e-12)
        rate = random.standard_gamma(each / (phi - 1.0)) * (phi - 1.0) if phi > 1.0 else each
        return np.asarray(random.poisson(rate), dtype=float).reshape(shape)
    clusters = mean * (np.log(phi) / (phi - 1.0) if phi > 1.0 else 1.0)
    edges = np.cumsum(clusters)
    number = random.poisson(edges[-1] * size)
    cell = np.searchsorted(edges, random.random(number) * edges[-1], side="right")
    at = random.integers(size, size=number) * mean.size + np.minimum(cell, mean.size - 1)
    many = random.logseries(1.0 - 1.0 / phi, number) if phi > 1.0 else None
    counts = np.bincount(at, many, minlength=size * mean.size)
    return counts.astype(float).reshape(size, baseline.shape[1], baseline.shape[0])


def _gumbel(values: Array) -> tuple[float, float]:
    """Place and width of the Gumbel distribution with the values' mean and variance."""
    width = max(float(values.std(ddof=1)) * np.sqrt(6.0) / np.pi, 1e-9)
    return float(values.mean()) - EULER * width, width
