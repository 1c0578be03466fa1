"""Exact predictive limits of a count: negative binomial after a gamma prior.

Where a rate with prior Gamma(a, b) gave Σy reports over ΣE effort-weeks, the next count over effort
e is negative binomial with size a + Σy and probability (b + ΣE)/(b + ΣE + e). Riebler 2004 with
a = 1/2, b = 0 and weeks as effort is `algo.bayes` of R's surveillance, the rule for the shortest
histories. Reference: temporal/nb_bayes.csv and nb_exposure_predictive.csv.
"""

import numpy as np
from numpy.typing import NDArray

from service.statistics import gamma_poisson
from service.statistics.gamma_poisson import Gamma

Array = NDArray[np.float64]
Ints = NDArray[np.intp]

JEFFREYS = Gamma(np.asarray(0.5), np.asarray(0.0))


def mean_and_size(rates: Gamma, exposure: Array) -> tuple[Array, Array]:
    """Mean and negative binomial size of the count that `rates` (a posterior) predict."""
    return np.asarray(rates.mean * exposure), np.asarray(rates.shape)


def upper_limit(
    counted: Array, effort: Array, exposure: Array, alpha: float, prior: Gamma = JEFFREYS
) -> Array:
    """Largest count of `exposure` effort-weeks that is still normal, any shape.

    `counted` reports over `effort` effort-weeks taught it. The (1 − alpha) quantile.
    """
    mean, size = mean_and_size(gamma_poisson.posterior(prior, counted, effort), exposure)
    return gamma_poisson.normal_at_most(mean, size, 1.0 - alpha)


def weekly_limit(
    counts: Array,
    weeks: Ints,
    alpha: float,
    last: int,
    years: int = 0,
    half_width: int = 0,
    a_year: int = 52,
) -> Array:
    """Upper limit of each of `weeks` (positions in `counts`) by a few weeks that it resembles.

    The `last` weeks before it and, for each of `years`, the same week `a_year` weeks earlier with
    `half_width` weeks on both sides. NaN where the series does not reach back so far.
    """
    back = list(range(1, last + 1))
    for year in range(1, years + 1):
        back += range(a_year * year - half_width, a_year * year + half_width + 1)
    limit = np.full(weeks.shape, np.nan)
    reached = weeks >= max(back)
    taught = counts[weeks[reached][:, None] - np.array(back)].sum(axis=1)
    limit[reached] = upper_limit(
        taught, np.full(taught.shape, float(len(back))), np.ones(taught.shape), alpha
    )
    return limit
