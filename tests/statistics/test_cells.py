"""The cell detector: what it finds, what it leaves alone, and how it falls back."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.statistics import cells, expectation

WEEKS = np.arange(156.0)


def quiet_town(seed, weeks=156, areas=12, categories=10, reports=60.0):
    random = np.random.default_rng(seed)
    rate = np.outer(random.gamma(1.5, 1, areas), random.gamma(1.0, 1, categories))
    rate *= reports / rate.sum()
    return random.poisson(rate[:, :, None] * np.ones(weeks)).astype(float), np.ones((areas, weeks))


def found_in(counts, effort, **options):
    weeks = np.arange(float(counts.shape[2]))
    taught = cells.baseline(counts.shape[2], counts.shape[2])
    base = expectation.learn(counts[:, :, taught], effort[:, taught], weeks[taught])
    return cells.detect(counts, effort, weeks, base, **options)


def test_a_rise_is_a_signal_and_comes_first():
    counts, effort = quiet_town(1)
    counts[3, 4, -3:] += 4
    found = found_in(counts, effort)
    assert found.signals[0] == (3, 4)
    assert found.replayed == cells.REPLAYED
    look = found.look
    assert look.observed[look.window[3, 4], 3, 4] > look.mean[look.window[3, 4], 3, 4]


def test_the_budget_is_kept_over_many_quiet_municipalities():
    several = [len(found_in(*quiet_town(seed)).signals) for seed in range(40)]
    # 40 weeks at one a week: 40 ± 3 · sqrt(40), and the limit itself is uncertain.
    assert 15 <= sum(several) <= 65


def test_the_limit_moves_with_the_budget():
    counts, effort = quiet_town(5)
    limits = [found_in(counts, effort, budget=budget).limit for budget in (0.0, 0.5, 1.0, 3.0)]
    assert limits == sorted(limits) and limits[0] == 0.0 < limits[1]


def test_who_was_silent_in_the_baseline_raises_no_signal_on_coming_back():
    with_effort = blind = 0
    for seed in range(10):
        counts, effort = quiet_town(seed)
        effort[:, :-2] = 0.5
        thinned = np.random.default_rng(seed).binomial(counts[:, :, :-2].astype(int), 0.5)
        counts[:, :, :-2] = thinned
        with_effort += len(found_in(counts, effort).signals)
        blind += len(found_in(counts, np.ones(effort.shape)).signals)
    assert with_effort <= 25
    assert blind > 2 * with_effort


def test_an_area_that_is_not_heard_is_not_spoken_of():
    counts, effort = quiet_town(2)
    counts[3, 4, -2:] += 9
    spoken = np.ones(12, dtype=bool)
    spoken[3] = False
    found = found_in(counts, effort, spoken=spoken)
    assert all(area != 3 for area, _ in found.signals + found.watched)


def test_a_short_history_holds_a_share_of_false_signals_instead():
    counts, effort = quiet_town(4, weeks=20)
    counts[2, 2, -1] += 12
    found = found_in(counts, effort)
    assert found.replayed == 0
    assert found.signals[0] == (2, 2)


@pytest.mark.parametrize("level", [0.0, 1e6])
def test_nothing_and_very_much_are_both_quiet(level):
    found = found_in(np.full((6, 5, 156), level), np.ones((6, 156)))
    assert found.signals == []
    assert np.isfinite(found.look.p).all()


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10**6), more=st.integers(1, 40))
def test_one_more_report_never_makes_a_cell_less_remarkable(seed, more):
    counts, effort = quiet_town(seed, areas=5, categories=4, reports=8)
    counts[1, 1, -1] += 3
    before = found_in(counts, effort)
    counts[1, 1, -1] += more
    after = found_in(counts, effort)
    # The newest weeks teach nothing, so neither the base nor the limit moves.
    assert after.look.p[1, 1] <= before.look.p[1, 1]
    assert after.limit == before.limit
    assert ((1, 1) in after.signals) >= ((1, 1) in before.signals)


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_signals_and_watch_list_do_not_overlap_and_are_in_order(seed):
    found = found_in(*quiet_town(seed, areas=6, categories=6, reports=15))
    p = [found.look.p[cell] for cell in found.signals + found.watched]
    assert p == sorted(p) and len(set(found.signals + found.watched)) == len(p)
    assert len(found.watched) <= cells.WATCHED_AT_MOST
    assert all(value <= found.limit for value in p[: len(found.signals)])
