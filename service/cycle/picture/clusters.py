"""Areas that lie together: which rise together, and which lie high together."""

from datetime import timedelta
from math import cos, radians
from typing import Any

import numpy as np
from numpy.typing import NDArray

from service.cycle.picture.counts import WEEKS, Counts
from service.cycle.picture.effort import NOW, WEEK_NUMBERS, Effort
from service.cycle.picture.rounded import rounded
from service.statistics import empirical_bayes, expectation, scan
from service.statistics import hot_spots as gi
from service.statistics.expectation import Base
from service.statistics.multiplicity import benjamini_hochberg

Array = NDArray[np.float64]
Marks = NDArray[np.bool_]

SCANNED_WEEKS = 8
REPORTS_NEEDED = 10.0  # of a category in those weeks
BELIEVED = 0.01
FALSE_SHARE = 0.10
NEIGHBOURS = 5
HOT_BELOW = 0.05
METRES_A_DEGREE = 111_320.0


def places(counts: Counts) -> Array:
    """Where the areas lie, in metres, shape (A, 2)."""
    latitude = np.array([area.latitude for area in counts.areas])
    longitude = np.array([area.longitude for area in counts.areas])
    east = longitude * cos(radians(float(latitude.mean())))
    return np.column_stack([east, latitude]) * METRES_A_DEGREE


def find(
    counts: Counts, cells: Array, effort: Effort, base: Base, ranked: Marks, seed: int
) -> list[dict[str, Any]]:
    """Categories that rise at once in several areas, or one, that lie together.

    Expectation-based scan per category with ten reports or more in eight weeks, against the
    cells' own base rates; Benjamini–Hochberg over the categories' best zones.
    """
    if not base.enough or len(counts.areas) < 2:
        return []
    window = cells[:, :, -SCANNED_WEEKS:]
    spoken = effort.spoken
    scanned = np.flatnonzero((window[spoken].sum(axis=(0, 2)) >= REPORTS_NEEDED) & ranked)
    if not scanned.size:
        return []
    zones = scan.neighbour_zones(places(counts), cells.sum(axis=(1, 2)) + 0.5)
    zones = zones[(zones[:, ~spoken] == 0).all(axis=1)]
    if not len(zones):
        return []
    found = []
    for category in scanned.tolist():
        expected = _expected(base, effort, category)
        risen = scan.scan(window[:, category], expected, zones, base.phi, seed + category, BELIEVED)
        found += [(category, cluster) for cluster in risen[:1]]
    adjusted = benjamini_hochberg(np.array([cluster.p for _category, cluster in found]))
    return [
        {
            "category": category,
            "areas": list(cluster.areas),
            "weeks": cluster.weeks,
            "since": (counts.week - timedelta(weeks=cluster.weeks - 1)).isoformat(),
            "count": rounded(cluster.counted),
            "expected": rounded(cluster.expected),
            "p": rounded(cluster.p),
        }
        for (category, cluster), p in zip(found, adjusted, strict=True)
        if cluster.p <= BELIEVED and p <= FALSE_SHARE
    ]


def _expected(base: Base, effort: Effort, category: int) -> Array:
    """Expected reports of a category, shape (A, SCANNED_WEEKS)."""
    weeks = WEEK_NUMBERS[-SCANNED_WEEKS:]
    exposure = np.stack(
        [
            expectation.window_effort(
                base, effort.by_area[:, at : at + 1], WEEK_NUMBERS[at : at + 1]
            )[:, category]
            for at in range(WEEKS - weeks.size, WEEKS)
        ],
        axis=1,
    )
    return np.asarray(base.rates.mean[:, category, None] * exposure)


def hot_spots(counts: Counts, cells: Array, effort: Effort) -> list[int] | None:
    """Areas that with their neighbours lie high, or None with too few areas for the measure.

    Gi* on smoothed rates of four weeks. For the map alone: it ignores what is usual.
    """
    spoken = np.flatnonzero(effort.spoken)
    if spoken.size < gi.AREAS_NEEDED:
        return None
    reports = cells[spoken][:, :, -NOW:].sum(axis=(1, 2))
    heard = np.maximum(effort.by_area[spoken, -NOW:].sum(axis=1), 0.05)
    rates = empirical_bayes.marshall(reports, heard).rates
    scores = gi.gi_star(rates, gi.nearest_neighbours(places(counts)[spoken], NEIGHBOURS))
    return spoken[gi.adjusted(scores) <= HOT_BELOW].tolist()
