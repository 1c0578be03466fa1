"""Who reported: the share of what one could have heard that was heard.

Silence is not calm. Every count is set against the effort behind it (statistics.md section 4).
"""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Marks = NDArray[np.bool_]

NOTHING_SAID_BELOW = 0.3
UNCERTAIN_BELOW = 0.7
SMOOTHING = 0.5


def actor_shares(reports: Array) -> Array:
    """Share of each area's reports that each actor stands for, shape (K, A), columns sum to 1.

    `reports` (K, A): each actor's count in each area over the last 52 weeks. Half a report is
    added everywhere, so that an actor with nothing to tell still counts as one to listen to.
    """
    smoothed = reports + SMOOTHING
    return np.asarray(smoothed / smoothed.sum(axis=0, keepdims=True), dtype=float)


def effort(shares: Array, heard: Marks) -> Array:
    """Effort per area and week, shape (A, T), 0–1, where 1 is all of today's actors heard.

    `shares` (K, A), `heard` (K, T): the actor reported, or said that there was nothing. An actor
    that had not yet joined counts as not heard: fewer listened then, so less could be expected.
    """
    return np.asarray(shares.T @ heard.astype(float), dtype=float)


def coverage(shares: Array, heard: Marks, asked: Marks) -> Array:
    """Share heard of those who were asked, shape (A, T), 0–1; NaN where nobody was asked.

    `asked` (K, T): the actor had joined and not left.
    """
    weight = shares.T @ asked.astype(float)
    got = shares.T @ (heard & asked).astype(float)
    return np.divide(got, weight, out=np.full(got.shape, np.nan), where=weight > 0)


def over_window(coverage_by_week: Array, elapsed: Array) -> Array:
    """Mean coverage of a window, shape (A,); weeks weigh by their elapsed share.

    `coverage_by_week` (A, L) may hold NaN (nobody asked), `elapsed` (L,) in 0–1. 0 if never asked.
    """
    known = ~np.isnan(coverage_by_week)
    weight = known * elapsed
    total = weight.sum(axis=1)
    value = (np.where(known, coverage_by_week, 0.0) * elapsed).sum(axis=1)
    return np.divide(value, total, out=np.zeros(total.shape), where=total > 0)
