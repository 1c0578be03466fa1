"""Gamma-Poisson rates against the reference results (ranking/gamma_poisson_*.csv)."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.stats import nbinom, poisson

from service.statistics import gamma_poisson
from service.statistics.gamma_poisson import Gamma
from service.statistics.multiplicity import benjamini_hochberg

SETS = ["A", "B"]


@pytest.fixture(params=SETS)
def table(request, reference):
    return reference(f"ranking/gamma_poisson_{request.param}.csv")


def test_the_prior_is_the_maximum_of_the_likelihood(table):
    prior = gamma_poisson.fit_prior(table["observed"], table["expected"])
    assert_allclose(prior.shape, table["prior_shape_a"][0], rtol=1e-4)
    assert_allclose(prior.rate, table["prior_rate_b"][0], rtol=1e-4)
    loglik = gamma_poisson.marginal_loglik(
        table["observed"], table["expected"], prior.shape, prior.rate
    )
    assert_allclose(loglik, table["loglik"][0], rtol=1e-9)


def test_means_quantiles_and_exceedances_of_the_posterior(table):
    prior = Gamma(table["prior_shape_a"], table["prior_rate_b"])
    rates = gamma_poisson.posterior(prior, table["observed"], table["expected"])
    for column, value in {
        "post_shape": rates.shape,
        "post_rate": rates.rate,
        "post_mean": rates.mean,
        "post_q05": rates.quantile(0.05),
        "post_q95": rates.quantile(0.95),
        "exceed_1": rates.exceeds(1.0),
        "exceed_1.5": rates.exceeds(1.5),
        "exceed_2": rates.exceeds(2.0),
        "expected_rank_1high": gamma_poisson.expected_rank(rates),
    }.items():
        assert_allclose(value, table[column], rtol=1e-6, err_msg=column)


def test_upper_tails_and_their_adjustment(table):
    p = gamma_poisson.upper_tail(table["observed"], table["expected"])
    mid = gamma_poisson.mid_p(table["observed"], table["expected"])
    assert_allclose(p, table["p_upper"], rtol=1e-6)
    assert_allclose(mid, table["midp_upper"], rtol=1e-6)
    assert_allclose(benjamini_hochberg(p), table["BH"], rtol=1e-6)
    assert_allclose(benjamini_hochberg(mid), table["BH_midp"], rtol=1e-6)


def test_the_shape_alone_is_found_when_the_means_are_known():
    random = np.random.default_rng(5)
    mean = random.uniform(0.2, 6.0, size=(60, 38))
    counts = random.poisson(mean * random.gamma(1.7, 1 / 1.7, size=mean.shape)).astype(float)
    assert gamma_poisson.fit_shape(counts, mean) == pytest.approx(1.7, rel=0.12)


@pytest.mark.parametrize("mean", [0.0, 0.03, 0.7, 4.0, 61.0])
def test_normal_limits_are_the_quantiles(mean):
    means, size = np.array([mean]), np.array([1.3])
    prob = size / (size + means)
    assert gamma_poisson.normal_at_most(means, None) == max(poisson.ppf(0.95, mean), 0)
    assert gamma_poisson.normal_at_most(means, size) == max(nbinom.ppf(0.95, size, prob)[0], 0)
    assert gamma_poisson.normal_at_least(means, size) == max(nbinom.ppf(0.05, size, prob)[0], 0)


def test_limits_of_a_huge_mean_are_found():
    limit = gamma_poisson.normal_at_most(np.array([1e9]), np.array([3.0]))
    assert 1e9 < limit[0] < 1e10


def test_a_fractional_count_lies_between_whole_ones():
    mean, size = np.full(3, 0.8), np.full(3, 2.0)
    low, middle, high = gamma_poisson.mid_p(np.array([1.0, 1.4, 2.0]), mean, size)
    assert low > middle > high
