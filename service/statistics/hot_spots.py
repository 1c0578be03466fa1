"""Gi*: does an area together with its neighbours lie high? For the map only, never an alarm.

Getis and Ord 1992, Ord and Getis 1995, binary weights. Reference: spatial/localG_*.csv.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from service.statistics.multiplicity import benjamini_hochberg

Array = NDArray[np.float64]

# The normal approximation needs as many areas (statistics.md section 2).
AREAS_NEEDED = 30


def with_self(neighbours: Array) -> Array:
    """Binary weights (A, A) that hold the area itself besides its `neighbours` (A, A)."""
    weights = (np.asarray(neighbours) > 0).astype(float)
    np.fill_diagonal(weights, 1.0)
    return weights


def gi_star(values: Array, neighbours: Array) -> Array:
    """Standard scores, shape (A,); `values` (A,) rates, `neighbours` (A, A) of ones and noughts.

    Where all values are the same nothing stands out and every score is 0.
    """
    weights = with_self(neighbours)
    areas, reach = values.size, weights.sum(axis=1)
    spread = values.std()
    scale = spread * np.sqrt(np.maximum(areas * reach - reach**2, 0.0) / max(areas - 1, 1))
    above = weights @ values - reach * values.mean()
    flat = scale <= 1e-12 * max(float(np.abs(values).max(initial=0.0)), 1e-300)
    return np.where(flat, 0.0, above / np.where(flat, 1.0, scale))


def adjusted(scores: Array) -> Array:
    """One-sided p-values of high scores, adjusted over all areas by Benjamini–Hochberg."""
    return benjamini_hochberg(ndtr(-scores))


def nearest_neighbours(places: Array, number: int) -> Array:
    """Neighbours (A, A): i and j are when either is among the other's `number` nearest."""
    distance = ((places[:, None, :] - places[None, :, :]) ** 2).sum(axis=2)
    np.fill_diagonal(distance, np.inf)
    nearest = np.argsort(distance, axis=1, kind="stable")[:, : min(number, len(places) - 1)]
    marks = np.zeros(distance.shape)
    np.put_along_axis(marks, nearest, 1.0, axis=1)
    return np.maximum(marks, marks.T)
