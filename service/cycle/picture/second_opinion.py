"""A second opinion on sums: Farrington flexible on every category's and every area's own years."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from service.cycle.picture.counts import WEEKS, Counts
from service.cycle.picture.effort import Effort
from service.cycle.picture.rounded import rounded
from service.statistics.farrington import Settings, farrington

Array = NDArray[np.float64]
Marks = NDArray[np.bool_]

YEARS = 2
# With two years each of ten seasons would be taught by some ten weeks only (statistics.md 1.3).
SETTINGS = Settings(years=YEARS, periods=4, offset=True)
# Weeks in which hardly anybody was heard weigh little, but no week can weigh nothing.
LEAST_EFFORT = 0.05


def find(
    counts: Counts, cells: Array, effort: Effort, ranked: Marks
) -> list[dict[str, Any]] | None:
    """Sums above their limit in the last whole week; None while the history is under two years."""
    last = WEEKS - 1
    if effort.begun > last - 1 - 52 * YEARS - SETTINGS.half_width:
        return None
    known = cells[:, ranked, :last]
    series = np.concatenate([cells[:, :, :last].sum(axis=0), known.sum(axis=1)])
    heard = np.concatenate(
        [np.tile(effort.pooled[:last], (cells.shape[1], 1)), effort.by_area[:, :last]]
    )
    # Laid end to end: no reference lies further back than its own series.
    ends = (np.arange(len(series)) + 1) * last - 1
    result = farrington(series.ravel(), ends, SETTINGS, np.maximum(heard, LEAST_EFFORT).ravel())
    found = []
    for index in np.flatnonzero(result.alarm).tolist():
        area = index - cells.shape[1]
        if area < 0 and not ranked[index]:
            continue
        if area >= 0 and not effort.spoken[area]:
            continue
        found.append(
            {
                "category": index if area < 0 else None,
                "area": area if area >= 0 else None,
                "week": counts.monday(last - 1).isoformat(),
                "count": rounded(series[index, -1]),
                "expected": rounded(result.expected[index]),
                "at_most": rounded(result.upper[index]),
                "years": YEARS,
            }
        )
    return found
