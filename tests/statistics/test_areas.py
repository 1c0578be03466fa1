"""Gi*, near repeat and empirical Bayes against spdep, DCluster and surveillance."""

import csv

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from service.statistics import empirical_bayes, hot_spots, near_repeat
from tests.reference import reference as find

MAPS = ["auckland", "getisord_d30", "getisord_d60", "ncsids74",
        "synst_a_last8_count", "synst_b_last8_count"]  # fmt: skip
RATES = ["auckland", "ncsids74", "synst_a_last8", "synst_b_last8"]


def columns(name, *wanted):
    with find(f"stats/{name}").open(newline="") as lines:
        table = list(csv.DictReader(lines))
    return [np.array([float(row[column]) for row in table]) for column in wanted]


def neighbours(folder, name, size):
    result = np.zeros((size, size))
    i, j = columns(f"{folder}/neighbours_{name}.csv", "i", "j")
    result[i.astype(int) - 1, j.astype(int) - 1] = 1.0
    return result


@pytest.mark.parametrize("name", MAPS)
def test_gi_star(name):
    x, score = columns(f"spatial/localG_{name}.csv", "x", "Gistar_z_binary")
    ours = hot_spots.gi_star(x, neighbours("spatial", name, x.size))
    assert_allclose(ours, score, rtol=1e-9, atol=1e-9)


def test_where_all_is_alike_nothing_is_hot():
    assert (hot_spots.gi_star(np.full(40, 0.3), np.ones((40, 40))) == 0).all()
    assert (hot_spots.adjusted(np.zeros(40)) == 0.5).all()


@pytest.mark.parametrize("name", RATES)
def test_marshalls_rates(name):
    cases, people, best, local, level, variance = columns(
        f"ranking/eb_{name}.csv",
        "cases", "population", "EBest", "EBlocal", "EBlocal_m", "EBlocal_a",
    )  # fmt: skip
    assert_allclose(empirical_bayes.marshall(cases, people).rates, best, rtol=1e-9)
    weights = hot_spots.with_self(neighbours("ranking", name, cases.size))
    ours = empirical_bayes.marshall_local(cases, people, weights)
    assert_allclose(ours.rates, local, rtol=1e-9, atol=1e-18)
    assert_allclose(ours.level, level, rtol=1e-9)
    assert_allclose(ours.variance, variance, rtol=1e-9, atol=1e-18)


@pytest.mark.parametrize("name", RATES)
def test_clayton_and_kaldors_risks(name):
    cases, expected, risk = columns(
        f"ranking/eb_{name}.csv", "cases", "expected", "claytonkaldor_RR"
    )
    assert_allclose(empirical_bayes.clayton_kaldor(cases, expected), risk, rtol=1e-4)


def test_lip_cancer_in_scotland():
    cases, expected, risk = columns(
        "ranking/claytonkaldor_scotland.csv", "observed", "expected", "claytonkaldor_RR"
    )
    assert_allclose(empirical_bayes.clayton_kaldor(cases, expected), risk, rtol=1e-4)


@given(
    counts=st.lists(st.integers(0, 400), min_size=3, max_size=40),
    people=st.integers(1, 10**6),
)
def test_a_smoothed_rate_lies_between_its_own_and_the_common_one(counts, people):
    cases = np.array(counts, float)
    effort = np.linspace(people, 3 * people, cases.size)
    smoothed = empirical_bayes.marshall(cases, effort)
    raw, level = cases / effort, smoothed.level[0]
    assert (smoothed.rates >= np.minimum(raw, level) - 1e-12).all()
    assert (smoothed.rates <= np.maximum(raw, level) + 1e-12).all()


def test_the_knox_table():
    with find("stats/spatial/knox_A_table.csv").open(newline="") as lines:
        table = list(csv.DictReader(lines))
    x, y, day = columns("spatial/knox_A_points.csv", "x", "y", "day")
    metres = _bounds(row["distance"] for row in table)
    apart = _bounds(row["days"] for row in table)
    ours = near_repeat.knox(np.column_stack([x, y]), day, metres, apart, seed=1)
    assert ours.observed.size == len(table) == 30
    by_days = len(table) // apart.size
    for number, row in enumerate(table):
        at = (number % by_days, number // by_days)
        assert ours.observed[at] == float(row["observed"]), row
        assert ours.expected[at] == pytest.approx(float(row["expected_exact"]), rel=1e-9)
        p = float(row["mc_pvalue"])
        assert abs(ours.p[at] - p) <= 4 * np.sqrt(2 * p * (1 - p) / 999) + 0.004, row
        if row["knox_ratio"] != "NA":
            # Theirs divides by the mean of the permutations, ours by what that tends to.
            assert ours.ratio[at] == pytest.approx(float(row["knox_ratio"]), rel=0.08), row


def _bounds(labels):
    """The upper bounds of classes such as 0, (0-100], …, >800."""
    found = []
    for label in labels:
        text = label.strip("([]) ")
        last = text.rpartition("-")[2]
        bound = np.inf if text.startswith(">") or last == "Inf" else float(last)
        if bound not in found:
            found.append(bound)
    return np.array(found)


def test_pairs_within_two_hundred_metres_and_two_weeks():
    observed, expected, p = columns(
        "spatial/knox_A_surveillance.csv", "statistic", "expected", "p_mc"
    )
    x, y, day = columns("spatial/knox_A_points.csv", "x", "y", "day")
    ours = near_repeat.knox(
        np.column_stack([x, y]), day, np.array([200.0]), np.array([14.0]), seed=2
    )
    assert ours.observed[0, 0] == observed[0]
    assert ours.expected[0, 0] == pytest.approx(expected[0], rel=1e-9)
    assert ours.p[0, 0] == pytest.approx(p[0], abs=0.002)


def test_one_event_makes_no_pair():
    ours = near_repeat.knox(
        np.zeros((1, 2)), np.zeros(1), np.array([200.0]), np.array([14.0]), 1, replicates=9
    )
    assert ours.observed[0, 0] == 0 and np.isnan(ours.ratio[0, 0]) and ours.p[0, 0] == 1
