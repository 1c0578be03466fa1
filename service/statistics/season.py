"""One wave a year, learnt from municipality totals and shrunk towards no wave at all."""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

YEAR_IN_WEEKS = 365.2425 / 7
RIDGE = 20.0
REPORTS_NEEDED = 100.0
WEEKS_NEEDED = 52


def wave(weeks: Array) -> Array:
    """Cosine and sine of the year, shape (T, 2), for week numbers counted from any fixed Monday."""
    angle = 2.0 * np.pi * weeks / YEAR_IN_WEEKS
    return np.column_stack([np.cos(angle), np.sin(angle)])


def fit_wave(counts: Array, effort: Array, weeks: Array) -> tuple[Array, Array]:
    """Level and wave of several series by penalised Poisson regression with log link.

    `counts` (n, T), `effort` (T,) or (n, T) as offset, `weeks` (T,). Weeks with no effort are left
    out. Gives log level (n,) per effort-week and coefficients (n, 2). The wave is zero for a
    series under 100 reports or a history under a year (statistics.md 1.2, step 1).
    """
    counts = np.atleast_2d(counts)
    offset = np.broadcast_to(effort, counts.shape)
    used = offset > 0
    y, e = np.where(used, counts, 0.0), np.where(used, offset, 0.0)
    total, exposure = y.sum(axis=1), e.sum(axis=1)
    level = np.log((total + 0.5) / np.maximum(exposure, 1e-9))
    slopes = np.zeros((counts.shape[0], 2))
    if counts.shape[1] < WEEKS_NEEDED:
        return level, slopes
    chosen = np.flatnonzero(total >= REPORTS_NEEDED)
    if chosen.size == 0:
        return level, slopes
    y, e = y[chosen], e[chosen]
    design = np.column_stack([np.ones(len(weeks)), wave(weeks)])
    # All products of two design columns once: the information matrix is then one product.
    products = (design[:, :, None] * design[:, None, :]).reshape(len(weeks), 9)
    penalty = np.diag([0.0, RIDGE, RIDGE])
    beta = np.column_stack([level[chosen], slopes[chosen]])
    for _ in range(25):
        mu = e * np.exp(beta @ design.T)
        gradient = (y - mu) @ design - beta @ penalty
        information = (mu @ products).reshape(-1, 3, 3) + penalty
        step = np.linalg.solve(information, gradient[:, :, None])[:, :, 0]
        beta = beta + np.clip(step, -1.0, 1.0)
        if np.abs(step).max() < 1e-8:
            break
    level[chosen], slopes[chosen] = beta[:, 0], beta[:, 1:]
    return level, slopes


def factors(slopes: Array, weeks: Array) -> Array:
    """Season factor per series and week, shape (n, T), around 1."""
    return np.asarray(np.exp(slopes @ wave(weeks).T), dtype=float)
