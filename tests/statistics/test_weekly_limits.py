"""EARS, negative binomial limits and CUSUM against R's surveillance (temporal/)."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from service.statistics import cusum, ears, gamma_poisson, predictive_limits
from service.statistics.gamma_poisson import Gamma
from tests.statistics.series import series_of, table

EARS = {
    f"{variant}_{name}": (variant, weeks, least)
    for variant in ("C1", "C2", "C3")
    for name, weeks, least in (("b7_s0", 7, 0.0), ("b8_s05", 8, 0.5))
}
BAYES = {
    "bayes_w6": (0.05, 6, 0, 0),
    "bayes_w8_a01": (0.01, 8, 0, 0),
    "bayes_b1_w6": (0.05, 6, 1, 6),
    "bayes_b2_w4": (0.05, 0, 2, 4),
}


@pytest.mark.parametrize("config", EARS)
def test_ears_limits_and_alarms(config):
    variant, weeks, least = EARS[config]
    for name, rows in table("ears.csv", config).items():
        counts, at = series_of(name).counts, rows["t"].astype(int) - 1
        limit = ears.ears(counts, variant, weeks, least).upper[at]
        assert_allclose(limit, rows["upperbound"], rtol=1e-9, atol=1e-9, err_msg=name)
        assert_array_equal(counts[at] > limit, rows["alarm"] == 1, name)


@pytest.mark.parametrize("config", BAYES)
def test_negative_binomial_limits_and_alarms(config):
    alpha, last, years, width = BAYES[config]
    for name, rows in table("nb_bayes.csv", config).items():
        series, at = series_of(name), rows["t"].astype(int) - 1
        counts = series.counts
        limit = predictive_limits.weekly_limit(
            counts, at, alpha, last, years, width, series.frequency
        )
        assert_array_equal(limit, rows["upperbound"], name)
        assert_array_equal(counts[at] > limit, rows["alarm"] == 1, name)


def test_predictive_limits_with_effort(reference):
    rows = reference("temporal/nb_exposure_predictive.csv")
    prior = Gamma(rows["prior_a"], rows["prior_b"])
    taught = (rows["sum_baseline"], rows["exposure_baseline"])
    for column, alpha in (("upper_95", 0.05), ("upper_99", 0.01), ("upper_999", 0.001)):
        limit = predictive_limits.upper_limit(*taught, rows["exposure_now"], alpha, prior)
        assert_array_equal(limit, rows[column], column)
    mean, size = predictive_limits.mean_and_size(
        gamma_poisson.posterior(prior, *taught), rows["exposure_now"]
    )
    y = rows["observed"]
    assert_allclose(mean, rows["pred_mean"], rtol=1e-9)
    assert_allclose(gamma_poisson.upper_tail(y, mean, size), rows["p_upper"], rtol=1e-9)
    assert_allclose(gamma_poisson.mid_p(y, mean, size), rows["midp_upper"], rtol=1e-9)
    assert_allclose(1 - gamma_poisson.upper_tail(y + 1, mean, size), rows["p_lower"], rtol=1e-9)


def test_cusum():
    for name, rows in table("cusum.csv", "rossi_k1.04_h2.26").items():
        at = rows["t"].astype(int) - 1
        sums = cusum.cusum(series_of(name).counts[at], rows["mu0"][0])
        assert_allclose(sums, rows["statistic"], rtol=1e-8, atol=1e-8, err_msg=name)
        assert_array_equal(sums >= cusum.H, rows["alarm"] == 1, name)


def test_short_series_have_no_limit():
    counts = np.array([1.0, 2.0, 0.0])
    assert np.isnan(ears.ears(counts, "C3").upper).all()
    assert np.isnan(predictive_limits.weekly_limit(counts, np.array([2]), 0.05, 6)).all()
