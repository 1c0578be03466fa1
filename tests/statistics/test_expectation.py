"""What history lets one expect, cell by cell and for the whole municipality."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from service.statistics import expectation, season, series


@pytest.fixture
def town():
    """12 areas × 10 categories × 104 weeks at a known rate, one week in ten without anybody."""
    random = np.random.default_rng(11)
    rates = np.outer(random.uniform(0.2, 2.0, 12), random.uniform(0.05, 0.6, 10))
    effort = np.ones((12, 104))
    effort[:, ::10] = 0.0
    counts = random.poisson(rates[:, :, None] * effort[:, None, :]).astype(float)
    return counts, effort, np.arange(104.0), rates


def test_base_rates_are_corrected_for_effort(town):
    counts, effort, weeks, rates = town
    base = expectation.learn(counts, effort, weeks)
    assert base.enough and base.weeks == 103  # The very first week was silent.
    assert base.phi == pytest.approx(1.0, abs=0.1)
    assert_allclose(base.rates.mean.sum(), rates.sum(), rtol=0.03)
    error = np.abs(base.rates.mean - rates)
    raw = np.abs(counts.sum(axis=2) / effort.sum(axis=1)[:, None] - rates)
    assert error.mean() < raw.mean()  # Borrowed strength helps.


def test_prediction_widens_when_the_cell_is_little_known(town):
    counts, effort, weeks, _ = town
    base = expectation.learn(counts, effort, weeks)
    exposure = np.full(base.rates.shape.shape, 4.0)
    mean, size = expectation.predict(base.rates, exposure, phi=1.0)
    assert_allclose(mean + mean**2 / size, mean + mean**2 / base.rates.shape)


def test_without_history_there_is_no_base():
    base = expectation.learn(np.zeros((3, 4, 104)), np.zeros((3, 104)), np.arange(104.0))
    assert not base.enough and base.weeks == 0
    assert np.isfinite(base.rates.mean).all()


def test_a_yearly_wave_is_found_and_shrunk():
    weeks = np.arange(156.0)
    truth = 1.0 + np.log(8.0)
    counts = np.exp(truth + 0.5 * season.wave(weeks)[:, 0])
    level, slopes = season.fit_wave(counts, np.ones(156), weeks)
    assert level[0] == pytest.approx(truth, abs=0.01)
    assert 0.45 < slopes[0, 0] < 0.5 and abs(slopes[0, 1]) < 0.01
    few = season.fit_wave(counts / 1000, np.ones(156), weeks)[1]
    assert not few.any()


def test_the_band_holds_nine_of_ten_ordinary_weeks_and_not_the_rise():
    random = np.random.default_rng(2)
    weeks = np.arange(156.0)
    mean = 30 * np.exp(0.3 * season.wave(weeks)[:, 1])
    effort = np.where(weeks % 13 == 0, 0.5, 1.0)
    counts = random.poisson(mean * effort).astype(float)
    counts[-1] = 90
    band = series.expected_band(counts, effort, weeks, slice(48, 152))
    inside = (counts >= band.at_least) & (counts <= band.at_most)
    assert inside[:-1].mean() > 0.85
    assert not inside[-1]
    assert band.expected[13] < 0.75 * band.expected[14]  # Half listened, half is expected.


def test_what_never_happened_before_is_seen_within_a_month(town):
    counts, effort, weeks, _ = town
    counts[3, 4] = 0.0
    base = expectation.learn(counts, effort, weeks)
    exposure = np.full(base.rates.shape.shape, 4.0)
    window = np.round(base.rates.mean * 4.0)
    window[3, 4] = 12.0
    now = expectation.present(base, window, exposure).mean
    assert now[3, 4] > 1.0 > 10 * base.rates.mean[3, 4]
    others = np.delete(now.ravel() - base.rates.mean.ravel(), 34)
    assert np.abs(others).max() < 0.5


def test_a_short_memory_is_found_where_rates_move():
    random = np.random.default_rng(4)
    usual, exposure = np.full(4000, 1.5), np.full(4000, 4.0)
    moving = random.poisson(random.gamma(1.5 * 2.0, 1 / 2.0, 4000) * exposure).astype(float)
    still = random.poisson(usual * exposure).astype(float)
    assert expectation.fit_memory(usual, moving, exposure) == pytest.approx(2.0, rel=0.15)
    assert expectation.fit_memory(usual, still, exposure) == pytest.approx(8.0, rel=0.01)
