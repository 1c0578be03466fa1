"""A weekly series and the band in which it is expected to lie."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from service.statistics import gamma_poisson, season

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Band:
    """Expected counts per week, shape (T,): the mean and what is normal at least and at most."""

    expected: Array
    at_least: Array
    at_most: Array
    phi: float


def expected_band(
    counts: Array,
    effort: Array,
    weeks: Array,
    baseline: slice,
    probability: float = 0.95,
) -> Band:
    """Band around a yearly wave fitted to the baseline weeks, offset by effort.

    `counts`, `effort`, `weeks` all (T,); `baseline` the weeks that teach. Quasi-Poisson: the
    dispersion is Pearson's, clipped to 1–10, and the limits are those of a negative binomial with
    variance phi·mu. A week without effort expects nothing.
    """
    level, slopes = season.fit_wave(counts[baseline], effort[baseline], weeks[baseline])
    mean = np.exp(level[0]) * season.factors(slopes, weeks)[0] * effort
    taught = np.zeros(counts.shape, dtype=bool)
    taught[baseline] = True
    taught &= mean > 0
    degrees = int(taught.sum()) - 3
    phi = 1.0
    if degrees > 5:
        phi = float(((counts - mean)[taught] ** 2 / mean[taught]).sum() / degrees)
    phi = float(np.clip(phi, 1.0, 10.0))
    size = None if phi <= 1.0 + 1e-9 else np.maximum(mean, 1e-9) / (phi - 1.0)
    return Band(
        expected=mean,
        at_least=gamma_poisson.normal_at_least(mean, size, probability),
        at_most=gamma_poisson.normal_at_most(mean, size, probability),
        phi=phi,
    )
