"""Better or worse, asked only of those who were heard both then and now."""

import numpy as np

from service.statistics import panel

BEFORE, AFTER = slice(0, 52), slice(52, 60)


def town(change=1.0, rate=2.0, seed=1):
    """Four actors in ten areas; the first stands for half of the reports."""
    random = np.random.default_rng(seed)
    shares = np.array([0.5, 0.2, 0.2, 0.1])
    level = np.where(np.arange(60) < 52, 1.0, change)
    mean = rate * shares[:, None, None] * np.ones((4, 10, 60)) * level
    return random.poisson(mean).astype(float), np.ones((4, 60), dtype=bool)


def compared(counts, heard, covered=1.0):
    even = np.ones((10, 60))
    return panel.compare(counts, heard, even * covered, even, BEFORE, AFTER)


def test_a_silent_actor_makes_nothing_better():
    counts, heard = town()
    heard[0, AFTER] = False
    counts[0, :, AFTER] = 0
    change = compared(counts, heard)
    assert change.actors == 3
    assert change.better.sum() <= 1
    assert np.abs(np.log(change.ratio)).mean() < 0.5


def test_a_real_fall_is_told():
    change = compared(*town(change=0.3, rate=6.0))
    assert change.better.all() and not change.worse.any()
    assert (change.high < 1).all() and (change.low <= change.ratio).all()


def test_nothing_is_claimed_of_what_was_hardly_heard():
    change = compared(*town(change=0.3, rate=6.0), covered=0.6)
    assert not change.better.any()
    assert (change.ratio < 1).all()


def test_who_came_later_is_no_part_of_the_panel():
    counts, heard = town()
    heard[1, :40] = False
    counts[1, :, :40] = 0
    assert panel.members(heard, BEFORE, AFTER).tolist() == [True, False, True, True]
    assert not compared(counts, heard).worse.any()


def test_without_anybody_there_is_no_ratio():
    counts, heard = town()
    heard[:, AFTER] = False
    change = compared(counts, heard)
    assert np.isnan(change.ratio).all() and not change.better.any()
