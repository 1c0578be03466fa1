"""Coverage and effort of areas and weeks."""

import numpy as np
from numpy.testing import assert_allclose

from service.statistics import coverage


def test_a_large_actor_that_falls_silent_takes_its_share_with_it():
    shares = coverage.actor_shares(np.array([[90.0, 0.0], [9.0, 0.0]]))
    heard = np.array([[True, False], [True, True]])
    effort = coverage.effort(shares, heard)
    assert_allclose(effort[0], [1.0, 9.5 / 100.0])
    assert_allclose(effort[1], [1.0, 0.5])  # Nothing known: both count alike.


def test_coverage_asks_only_those_who_had_joined():
    shares = np.array([[0.5], [0.5]])
    heard = np.array([[True, True, False], [False, False, False]])
    asked = np.array([[True, True, False], [False, True, False]])
    got = coverage.coverage(shares, heard, asked)
    assert_allclose(got[0, :2], [1.0, 0.5])
    assert np.isnan(got[0, 2])


def test_a_week_that_has_just_begun_weighs_little():
    by_week = np.array([[1.0, 1.0, 1.0, 0.0], [np.nan, np.nan, np.nan, 1.0]])
    assert_allclose(coverage.over_window(by_week, np.array([1.0, 1.0, 1.0, 0.1])), [3.0 / 3.1, 1.0])
