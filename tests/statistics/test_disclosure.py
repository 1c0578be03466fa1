"""Merging upwards: nothing under three, nothing from one actor, nothing by subtraction."""

import numpy as np
import pytest

from service.statistics.disclosure import PUBLIC_THRESHOLD, merge_upwards


def table(rows, actors):
    counts = np.array(rows, dtype=float)
    who = np.zeros((*counts.shape, 3), dtype=bool)
    for (a, c), reporters in actors.items():
        who[a, c, list(reporters)] = True
    return counts, who


def test_cells_that_may_stand_alone_do():
    counts, who = table([[5, 4]], {(0, 0): {0, 1}, (0, 1): {1, 2}})
    assert [(g.area, g.category, g.count) for g in merge_upwards(counts, who)] == [
        (0, 0, 5.0),
        (0, 1, 4.0),
    ]


def test_small_cells_go_to_their_area_and_one_actor_is_small():
    counts, who = table([[5, 2, 7]], {(0, 0): {0, 1}, (0, 1): {0}, (0, 2): {2}})
    groups = merge_upwards(counts, who)
    assert [(g.area, g.category, g.count) for g in groups] == [(0, 0, 5.0), (0, None, 9.0)]


def test_an_area_that_is_too_small_goes_to_the_category():
    counts, who = table([[2, 0], [2, 0]], {(0, 0): {0}, (1, 0): {1}})
    groups = merge_upwards(counts, who)
    assert [(g.area, g.category, g.count) for g in groups] == [(None, 0, 4.0)]


def test_a_lonely_remainder_swallows_a_group_rather_than_stand_as_a_difference():
    counts, who = table([[5, 0], [0, 1]], {(0, 0): {0, 1}, (1, 1): {2}})
    groups = merge_upwards(counts, who)
    assert [(g.area, g.category, g.count) for g in groups] == [(None, None, 6.0)]


def test_a_municipality_with_one_actor_shows_nothing():
    counts, who = table([[50, 10]], {(0, 0): {0}, (0, 1): {0}})
    assert merge_upwards(counts, who) == []


@pytest.mark.parametrize("seed", range(25))
def test_no_combination_of_published_numbers_reaches_an_unsafe_cell(seed):
    """The attacker solves the published sums as equations; no unsafe cell comes out alone."""
    random = np.random.default_rng(seed)
    counts = random.poisson(random.uniform(0.1, 2.5), size=(6, 5)).astype(float)
    who = random.random((6, 5, 4)) < random.uniform(0.2, 0.6)
    who[..., 0] |= ~who.any(axis=2)
    who &= (counts > 0)[:, :, None]
    groups = merge_upwards(counts, who)

    covered = [cell for group in groups for cell in group.cells]
    assert len(covered) == len(set(covered))
    if groups:
        assert set(covered) == {tuple(cell) for cell in np.argwhere(counts > 0)}
    published = np.zeros((len(groups), counts.size))
    for row, group in enumerate(groups):
        for a, c in group.cells:
            published[row, a * 5 + c] = 1.0
        chosen = tuple(np.array(group.cells).T)
        assert counts[chosen].sum() >= 3 and who[chosen].any(axis=0).sum() >= 2
    rank = np.linalg.matrix_rank(published) if groups else 0
    for a, c in np.argwhere(counts > 0):
        if counts[a, c] < 3 or who[a, c].sum() < 2:
            wanted = np.zeros(counts.size)
            wanted[a * 5 + c] = 1.0
            assert np.linalg.matrix_rank(np.vstack([published, wanted])) > rank


@pytest.mark.parametrize("seed", range(40))
def test_no_public_area_is_small_whatever_was_reported(seed):
    random = np.random.default_rng(seed)
    counts = random.poisson(random.choice([0.5, 3, 9]), size=(random.integers(1, 9), 1)).astype(
        float
    )
    who = (random.random((*counts.shape, 3)) < 0.4) & (counts[:, :, None] > 0)
    groups = merge_upwards(counts, who, PUBLIC_THRESHOLD)
    told = [cell for group in groups for cell in group.cells]
    assert len(told) == len(set(told))
    for group in groups:
        assert group.count >= PUBLIC_THRESHOLD
        assert np.any([who[cell] for cell in group.cells], axis=0).sum() >= 2
    if groups:
        assert set(told) == {(i, 0) for i in np.flatnonzero(counts[:, 0])}
