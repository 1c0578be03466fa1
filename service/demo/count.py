"""The counts of a world, by the very rule by which a handed-in report is counted."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from service.cycle.mapping.spread import spread_many
from service.demo.generate import Reports

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
PORTION = 50_000


class Weekly(NamedTuple):
    """Parallel arrays, one row per key; weeks as in `spread.Pieces`."""

    week: Ints
    area: Ints
    category: Ints
    organisation: Ints
    arrival_week: Ints
    amount: Floats


class Hourly(NamedTuple):
    """Parallel arrays, one row per key."""

    week: Ints
    area: Ints
    category: Ints
    hour: Ints
    amount: Floats


def count(reports: Reports) -> tuple[Weekly, Hourly]:
    """Both tables of counts, in key order."""
    arrival = spread_many(reports.received, reports.received).week
    weekly: list[tuple[Any, ...]] = []
    hourly: list[tuple[Any, ...]] = []
    for start in range(0, len(arrival), PORTION):
        part = slice(start, start + PORTION)
        pieces = spread_many(reports.occurred_from[part], reports.occurred_to[part])
        report = pieces.report + start
        cell = (reports.area[report], reports.category[report])
        weekly.append(
            (pieces.week, *cell, reports.organisation[report], arrival[report], pieces.fraction)
        )
        hourly.append((pieces.week, *cell, pieces.hour, pieces.fraction))
    return Weekly(*_summed(weekly)), Hourly(*_summed(hourly))


def _summed(portions: list[tuple[Any, ...]]) -> list[Any]:
    """Columns with their last one summed over equal values of the others."""
    *keys, fraction = (np.concatenate(columns) for columns in zip(*portions, strict=True))
    order = np.lexsort(keys[::-1])
    keys = [key[order] for key in keys]
    new = np.zeros(len(order), dtype=bool)
    new[:1] = True
    for key in keys:
        new[1:] |= key[1:] != key[:-1]
    first = np.flatnonzero(new)
    return [*(key[first] for key in keys), np.add.reduceat(fraction[order], first)]
