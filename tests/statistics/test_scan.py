"""Space–time scan against R's scanstatistics, SpatialEpi and SaTScan (spatial/)."""

import csv

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from service.statistics import scan
from tests.reference import reference as find

WEEKS = 8


def rows(name):
    with find(f"stats/spatial/{name}").open(newline="") as lines:
        return list(csv.DictReader(lines))


def grid(table, row, column, value):
    last_row, last_column = (max(int(r[key]) for r in table) for key in (row, column))
    result = np.zeros((last_row, last_column))
    for r in table:
        result[int(r[row]) - 1, int(r[column]) - 1] = float(r[value])
    return result


class Town:
    """One synthetic municipality of the pack; its counts (A, T), zones (Z, A) and population."""

    def __init__(self, name):
        table = rows(f"{name}_counts.csv")
        self.name = name
        self.counts = grid(table, "area", "week", "count")
        self.baseline = grid(table, "area", "week", "baseline")
        places = rows(f"{name}_areas.csv")
        self.population = np.array([float(r["population"]) for r in places])
        self.places = np.array([[float(r["x"]), float(r["y"])] for r in places])
        members = rows(f"{name}_zones.csv")
        self.zones = np.zeros((max(int(r["zone"]) for r in members), len(places)))
        for r in members:
            self.zones[int(r["zone"]) - 1, int(r["area"]) - 1] = 1.0
        self.last = self.counts[:, -WEEKS:]

    def scores(self, method):
        table = rows(f"{self.name}_scores_{method}.csv")
        at = tuple(np.array([int(r[key]) - 1 for r in table]) for key in ("zone", "duration"))
        return at, np.array([float(r["score"]) for r in table])


@pytest.fixture(scope="module", params=["synst_a", "synst_b"])
def town(request):
    return Town(request.param)


def test_scores_against_an_expectation(town):
    ours = scan.expectation_score(
        scan.window_sums(town.last, town.zones),
        scan.window_sums(town.baseline[:, -WEEKS:], town.zones),
    )
    at, theirs = town.scores("eb_poisson")
    assert_allclose(ours[at], theirs, rtol=1e-9)
    assert np.unravel_index(ours.argmax(), ours.shape) == (at[0][0], at[1][0])


def test_scores_by_population(town):
    expected = scan.by_population(town.last, town.population)
    ours = scan.share_score(
        scan.window_sums(town.last, town.zones),
        scan.window_sums(expected, town.zones),
        town.last.sum(),
    )
    at, theirs = town.scores("pb_poisson")
    assert_allclose(ours[at], theirs, rtol=1e-9)


def test_scores_by_permutation(town):
    ours = scan.share_score(
        scan.window_sums(town.last, town.zones),
        scan.window_sums(scan.by_permutation(town.last), town.zones),
        town.last.sum(),
    )
    at, theirs = town.scores("permutation")
    assert_allclose(ours[at], theirs, rtol=1e-9, atol=1e-9)


def test_scores_with_a_negative_binomial(town):
    ours = scan.negative_binomial_score(town.last, town.baseline[:, -WEEKS:], town.zones, 2.0)
    at, theirs = town.scores("eb_negbin_theta2")
    assert_allclose(ours[at], theirs, rtol=1e-9)


def test_the_injected_cluster_is_found_with_the_reference_p(town):
    found = scan.scan(town.last, town.baseline[:, -WEEKS:], town.zones, phi=1.0, seed=1)
    (theirs,) = [
        r for r in rows("scan_mlc_scanstatistics.csv")
        if (r["dataset"], r["method"]) == (town.name, "eb_poisson")
    ]  # fmt: skip
    best = found[0]
    assert "|".join(str(area + 1) for area in best.areas) == theirs["areas"]
    assert best.weeks == int(theirs["duration"])
    assert best.score == pytest.approx(float(theirs["score"]), rel=1e-9)
    p = float(theirs["mc_pvalue"])
    assert abs(best.p - p) <= 4 * np.sqrt(p * (1 - p) / 999) + 0.002
    assert best.p_tail <= 0.002


def test_population_scores_are_those_of_satscan(town):
    """Prospective runs over all weeks; their window may be as long as half the weeks."""
    names = {"poisson": "Poisson", "permutation": "permutation"}
    total, weeks = town.counts.sum(), town.counts.shape[1]
    checked = 0
    for kind in names:
        for r in rows("scan_satscan.csv"):
            if f"{town.name}_{kind}" not in r["dataset"]:
                continue
            chosen = [int(a.removeprefix("a")) - 1 for a in r["areas"].split("|")]
            cases, expected = float(r["cases"]), float(r["expected"])
            if kind == "poisson":
                share = town.population[chosen].sum() / town.population.sum()
                length = round(expected / total / share * weeks)
                exact = total * share * length / weeks
            else:
                by_week = town.counts.sum(axis=0)
                own = town.counts[chosen].sum()
                length = int(np.abs(own * np.cumsum(by_week[::-1]) / total - expected).argmin()) + 1
                exact = own * by_week[-length:].sum() / total
            assert town.counts[chosen, -length:].sum() == cases
            score = scan.share_score(np.array(cases), np.array(exact), total)
            written = r["llr"] or r["test_statistic"]
            assert float(score) == pytest.approx(float(written), abs=2e-6)
            checked += 1
    assert checked > 1


def test_purely_spatial_scores_are_kulldorffs():
    table = rows("kulldorff_pennLC_input.csv")
    cases = np.array([float(r["cases"]) for r in table])
    people = np.array([float(r["population"]) for r in table])
    for r in rows("kulldorff_pennLC.csv"):
        zone = np.zeros((1, cases.size))
        zone[0, [int(a) - 1 for a in r["areas"].split("|")]] = 1.0
        assert float((zone @ people)[0]) == float(r["population"])
        counted, expected = zone @ cases, np.array([float(r["expected"])])
        assert counted[0] == float(r["cases"])
        score = scan.share_score(counted, expected, cases.sum())
        assert score[0] == pytest.approx(float(r["llr_formula"]), rel=1e-6)


def test_zones_are_areas_with_their_neighbours():
    places = np.array([[0.0, 0.0], [1.0, 0.0], [2.1, 0.0], [9.0, 0.0]])
    zones = scan.neighbour_zones(places, np.array([1.0, 1.0, 1.0, 5.0]), neighbours=2)
    found = {tuple(np.flatnonzero(zone).tolist()) for zone in zones}
    # The busy area holds more than half of the reports: it stands alone.
    assert found == {(0,), (1,), (2,), (3,), (0, 1), (1, 2), (0, 1, 2)}


counts = st.lists(st.integers(0, 9), min_size=24, max_size=24)


@settings(max_examples=40, deadline=None)
@given(values=counts, scale=st.floats(0.2, 5.0))
def test_found_clusters_do_not_overlap_and_repeat(values, scale):
    last = np.array(values, float).reshape(6, 4)
    baseline = np.full((6, 4), scale)
    zones = scan.neighbour_zones(np.arange(12.0).reshape(6, 2), last.sum(axis=1) + 1)
    found = scan.scan(last, baseline, zones, phi=1.5, seed=3, believed=0.5, replicates=39)
    again = scan.scan(last, baseline, zones, phi=1.5, seed=3, believed=0.5, replicates=39)
    assert found == again
    areas = [area for cluster in found for area in cluster.areas]
    assert len(areas) == len(set(areas))
    for cluster in found:
        assert cluster.counted > cluster.expected
        assert 0 < cluster.p <= 1 and 0 <= cluster.p_tail <= 1
    assert [c.score for c in found] == sorted((c.score for c in found), reverse=True)


def test_chance_keeps_its_promise():
    """When nothing happens, p is under 0.1 in about a tenth of the weeks."""
    random = np.random.default_rng(8)
    baseline = np.full((12, 6), 0.6)
    zones = scan.neighbour_zones(random.uniform(size=(12, 2)), np.ones(12), 4)
    phi, early = 1.4, 0
    for turn in range(200):
        drawn = random.poisson(random.standard_gamma(baseline / (phi - 1)) * (phi - 1))
        found = scan.scan(drawn.astype(float), baseline, zones, phi, turn, replicates=99)
        early += bool(found) and found[0].p <= 0.1
    assert 7 <= early <= 36
