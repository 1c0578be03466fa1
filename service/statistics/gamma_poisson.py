"""Gamma-Poisson rates: counts borrow strength from each other.

A count O with expectation E follows Poisson(rate * E), the rates follow Gamma(shape, rate b).
The marginal of O is negative binomial, so the prior is found by maximum likelihood, and the
posterior of each rate is Gamma(shape + O, b + E). Counts may be fractional (a report without a
known time is spread over its interval); the formulas hold by continuity.
"""

from dataclasses import dataclass
from math import exp, log

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize, minimize_scalar
from scipy.special import betainc, digamma, gammainc, gammaincc, gammaincinv, gammaln

Array = NDArray[np.float64]

# Outside these bounds the prior either ignores the pool or ignores the cell (statistics.md 1.2).
SHAPE_BOUNDS = (0.14, 55.0)


@dataclass(frozen=True)
class Gamma:
    """Gamma distributions: `shape` without unit, `rate` in effort-weeks, any equal shapes."""

    shape: Array
    rate: Array

    @property
    def mean(self) -> Array:
        """Reports per effort-week."""
        return np.asarray(self.shape / self.rate, dtype=float)

    @property
    def spread(self) -> Array:
        """Standard deviation, reports per effort-week."""
        return np.asarray(np.sqrt(self.shape) / self.rate, dtype=float)

    def quantile(self, probability: float) -> Array:
        return np.asarray(gammaincinv(self.shape, probability) / self.rate, dtype=float)

    def exceeds(self, threshold: float | Array) -> Array:
        """P(rate > threshold)."""
        return np.asarray(gammaincc(self.shape, threshold * self.rate), dtype=float)

    def take(self, chosen: NDArray[np.intp]) -> "Gamma":
        return Gamma(np.take(self.shape, chosen), np.take(self.rate, chosen))


def marginal_loglik(observed: Array, expected: Array, shape: float | Array, rate: Array) -> float:
    """Log likelihood of the counts when their rates are Gamma(shape, rate); expected > 0."""
    total = rate + expected
    terms = (
        gammaln(observed + shape)
        - gammaln(shape)
        - gammaln(observed + 1)
        + shape * np.log(rate / total)
        + observed * np.log(expected / total)
    )
    return float(terms.sum())


def fit_prior(observed: Array, expected: Array) -> Gamma:
    """Gamma prior of the relative rate O/E by marginal maximum likelihood, both parameters free.

    `observed` counts and `expected` counts, shape (n,), expected > 0. Reference:
    ranking/gamma_poisson_*.csv (columns prior_shape_a, prior_rate_b).
    """
    observed, expected = np.asarray(observed, float), np.asarray(expected, float)

    def loss(point: Array) -> tuple[float, Array]:
        shape, rate = exp(point[0]), exp(point[1])
        total = rate + expected
        by_shape = (digamma(observed + shape) - digamma(shape) + np.log(rate / total)).sum()
        by_rate = (shape / rate - (shape + observed) / total).sum()
        value = marginal_loglik(observed, expected, shape, np.asarray(rate))
        return -value, np.array([-by_shape * shape, -by_rate * rate])

    centre = max(observed.sum() / expected.sum(), 1e-6)
    ratio = observed / expected
    spread = max(float(np.average((ratio - centre) ** 2, weights=expected)), 1e-6)
    noise = centre / float(expected.mean())
    start = float(np.clip(centre**2 / max(spread - noise, 0.02 * spread), *SHAPE_BOUNDS))
    found = minimize(
        loss,
        np.array([log(start), log(start / centre)]),
        jac=True,
        method="BFGS",
        options={"gtol": 1e-7},
    )
    shape, rate = np.exp(found.x)
    return Gamma(np.asarray(shape), np.asarray(rate))


def fit_shape(observed: Array, expected: Array) -> float:
    """Prior shape k when each cell's prior mean is known: rate_i ~ Gamma(k, k) times expected_i.

    `observed` and `expected` counts of any equal shape (expected already holds the prior mean and
    the effort). One-dimensional maximum likelihood within SHAPE_BOUNDS (statistics.md 1.2).
    """
    kept = expected > 0
    counts, means = observed[kept], expected[kept]
    if counts.size == 0:
        return 1.0
    # Most cells are empty; for those the likelihood is one logarithm, so the gamma functions
    # are only taken where something was reported.
    filled = counts > 0
    some, some_means, empty_means = counts[filled], means[filled], means[~filled]

    def loss(log_shape: float) -> float:
        shape = exp(log_shape)
        empty = -shape * float(np.log1p(empty_means / shape).sum())
        full = (
            gammaln(some + shape)
            - gammaln(shape)
            - shape * np.log1p(some_means / shape)
            - some * np.log(shape + some_means)
        )
        return -(empty + float(full.sum()))

    low, high = SHAPE_BOUNDS
    found = minimize_scalar(
        loss, bounds=(log(low), log(high)), method="bounded", options={"xatol": 1e-4}
    )
    return float(exp(found.x))


def posterior(prior: Gamma, observed: Array, effort: Array) -> Gamma:
    """Conjugate update: `observed` counts over `effort` (effort-weeks, or expected counts)."""
    return Gamma(prior.shape + observed, prior.rate + effort)


def expected_rank(rates: Gamma) -> Array:
    """Expected rank with 1 the highest: 1 + sum over j of P(rate_j > rate_i), exact, shape (n,)."""
    shape, rate = rates.shape, rates.rate
    share = rate[:, None] / (rate[:, None] + rate[None, :])
    above = betainc(shape[:, None], shape[None, :], share)
    np.fill_diagonal(above, 0.0)
    return np.asarray(1.0 + above.sum(axis=1), dtype=float)


def upper_tail(observed: Array, mean: Array, size: Array | None = None) -> Array:
    """P(Y >= observed) for Poisson(mean), or negative binomial with that mean and size.

    Continuous in `observed`, so fractional counts need no rounding.
    """
    count = np.maximum(observed, 1e-12)
    tail = (
        gammainc(count, mean)
        if size is None
        else betainc(count, size, mean / np.maximum(mean + size, 1e-300))
    )
    return np.where(observed <= 0, 1.0, tail)


def mid_p(observed: Array, mean: Array, size: Array | None = None) -> Array:
    """P(Y > y) + P(Y = y) / 2, one-sided upwards."""
    return np.asarray(
        0.5 * (upper_tail(observed, mean, size) + upper_tail(observed + 1.0, mean, size)),
        dtype=float,
    )


def normal_at_most(mean: Array, size: Array | None, probability: float = 0.95) -> Array:
    """Smallest whole count u with P(Y <= u) >= probability, as floats, shape of `mean`.

    By bisection on the tail: the library's quantile function does not end for huge means.
    """
    mean = np.asarray(mean, float)
    low = np.full(mean.shape, -1.0)
    # A size of nought comes with a mean of nought.
    variance = mean if size is None else mean + mean**2 / np.maximum(size, 1e-300)
    high = np.ceil(mean + 12.0 * np.sqrt(variance) + 60.0)
    while np.any(high - low > 1.0):
        middle = np.floor((low + high) / 2.0)
        enough = 1.0 - upper_tail(middle + 1.0, mean, size) >= probability
        high = np.where(enough, middle, high)
        low = np.where(enough, low, middle)
    return high


def normal_at_least(mean: Array, size: Array | None, probability: float = 0.95) -> Array:
    """Largest whole count l with P(Y >= l) >= probability, as floats, shape of `mean`."""
    # P(Y >= l) >= q  is  P(Y <= l - 1) <= 1 - q; the smallest u with P(Y <= u) > 1 - q is l.
    return normal_at_most(mean, size, 1.0 - probability + 1e-12)
