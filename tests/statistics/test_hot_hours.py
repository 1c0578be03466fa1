"""The part of the week in which most of it happens."""

import numpy as np

from service.statistics.hot_hours import Window, hottest


def test_weekend_evenings_are_found():
    hours = np.full((1, 168), 0.05)
    for day in (4, 5):
        hours[0, day * 24 + 20 : day * 24 + 24] = 3.0
    (hot,) = hottest(hours)
    assert hot.window == Window((4, 5), 20, 24)
    assert 0.7 < hot.share < 0.8 and 0.04 < hot.time < 0.05


def test_a_night_that_runs_into_the_next_day_and_week():
    hours = np.zeros((1, 168))
    hours[0, [6 * 24 + 22, 6 * 24 + 23, 0]] = 4.0
    (hot,) = hottest(hours)
    assert hot.window == Window((6,), 22, 25)


def test_even_hours_and_few_reports_say_nothing():
    few = np.zeros(168)
    few[100] = 3.0
    assert hottest(np.vstack([np.full(168, 0.5), few, np.zeros(168)])) == [None, None, None]
