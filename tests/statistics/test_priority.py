"""Priority score, likely places and shared places."""

from datetime import date
from uuid import UUID

import numpy as np
from numpy.testing import assert_allclose, assert_array_equal

from service.statistics import priority
from service.statistics.gamma_poisson import Gamma
from service.statistics.seeds import seed_for


def test_the_score_is_the_formula():
    points = priority.score(
        np.array([4.0, 4.0, 1.0]),
        np.array([3.0, 1.0, 2.0]),
        np.array([1.0, 2.0, 2.0]),
        np.array([1, 2, 0]),
    )
    assert_allclose(points, [4 * (3 + 2) * 0.5, 4 * 1 * 0.75, 0.0])


def cells(means: list[float], weeks: float) -> Gamma:
    mean = np.array(means)
    return Gamma(mean * weeks, np.full(mean.shape, weeks))


def test_clear_differences_have_sure_places_and_near_ones_share():
    now = cells([9.0, 3.0, 2.9, 0.5], weeks=30.0)
    ranking = priority.rank(np.ones(4), now, now, np.array([3, 3, 3, 3]), seed=1, shown=4)
    assert_array_equal(ranking.cells, [0, 1, 2, 3])
    assert (ranking.low[0], ranking.high[0]) == (1, 1)
    assert (ranking.low[1], ranking.high[1]) == (2, 3)
    assert_array_equal(ranking.shared_with_next, [False, True, False, False])
    assert ranking.in_top_five.tolist() == [1.0, 1.0, 1.0, 1.0]


def test_the_same_seed_gives_the_same_places():
    now, base = cells([4.0, 3.5, 3.0, 2.5], 4.0), cells([2.0, 3.0, 3.0, 1.0], 60.0)
    arguments = (np.array([1.0, 4.0, 4.0, 16.0]), now, base, np.array([1, 2, 3, 1]))
    seed = seed_for(UUID(int=7), date(2026, 11, 16))
    one, two = (priority.rank(*arguments, seed=seed, shown=4) for _ in range(2))
    assert_array_equal(one.low, two.low)
    assert_array_equal(one.high, two.high)
    assert_array_equal(one.in_top_five, two.in_top_five)
    assert seed != seed_for(UUID(int=7), date(2026, 11, 23))


def test_a_cell_that_nobody_reported_has_no_place():
    now = cells([4.0, 3.0], 4.0)
    ranking = priority.rank(np.ones(2), now, None, np.array([0, 1]), seed=1, shown=10)
    assert ranking.cells.tolist() == [1]


def test_an_empty_municipality_has_an_empty_list():
    nothing = Gamma(np.ones(3), np.ones(3))
    ranking = priority.rank(np.ones(3), nothing, None, np.zeros(3), seed=1, shown=10)
    assert ranking.cells.size == 0 and ranking.shared_with_next.size == 0


def test_cells_too_far_down_to_be_drawn_do_not_change_the_places():
    means = [8.0, 6.0, 5.0, *([0.05] * 400)]
    now = cells(means, 10.0)
    ranking = priority.rank(np.ones(403), now, now, np.full(403, 2), seed=3, shown=3)
    assert_array_equal(ranking.cells, [0, 1, 2])
    assert ranking.high[2] <= 4
