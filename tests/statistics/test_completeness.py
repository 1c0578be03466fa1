"""Late reports: how much of the newest weeks can have come in."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from service.statistics import completeness


def test_shares_of_the_newest_weeks():
    # Of every ten reports six come in the same week, three a week later, one after four weeks.
    weeks = np.arange(100)
    at_week = np.repeat(weeks, 3)
    arrived = at_week + np.tile([0, 1, 4], 100)
    number = np.tile([6.0, 3.0, 1.0], 100)
    here = arrived <= 99
    share = completeness.of_weeks(99, at_week[here], arrived[here], number[here])
    assert_allclose(share[-6:], [1.0, 1.0, 0.9, 0.9, 0.9, 0.6])
    assert (share[:-6] == 1).all()


def test_an_import_of_old_years_changes_nothing():
    at_week = np.concatenate([np.repeat(np.arange(60), 2), np.arange(60)])
    arrived = np.concatenate([np.repeat(np.arange(60), 2), np.full(60, 59)])
    number = np.full(at_week.size, 2.0)
    # Only what the import holds of the last eight weeks looks late.
    assert completeness.of_weeks(59, at_week, arrived, number).min() > 0.97


def test_what_always_comes_a_week_late_leaves_no_week_without_expectation():
    weeks = np.repeat(np.arange(100), 2)
    share = completeness.of_weeks(101, weeks, weeks + 1, np.ones(weeks.size))
    assert share[-1] == completeness.LEAST and share[-2] == 1.0


def test_few_reports_say_nothing():
    few = np.array([1, 2]), np.array([3.0, 4.0])
    assert (completeness.arrived_within(*few) == 1).all()


@given(
    delays=st.lists(st.integers(0, 30), min_size=60, max_size=200),
)
def test_shares_rise_to_one(delays):
    share = completeness.arrived_within(np.array(delays), np.ones(len(delays)))
    assert (np.diff(share) >= 0).all() and share[-1] == 1.0 and share[0] >= 0
