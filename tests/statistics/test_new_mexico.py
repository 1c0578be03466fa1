"""The scan of New Mexico's counties and years, beside scanstatistics and SaTScan."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from service.statistics import scan
from tests.statistics.test_scan import grid, rows


def counties():
    table = rows("nm_counts.csv")
    first = min(int(row["year"]) for row in table)
    for row in table:
        row["turn"] = str(int(row["year"]) - first + 1)
    members = rows("nm_zones.csv")
    counts = grid(table, "area", "turn", "count")
    zones = np.zeros((max(int(row["zone"]) for row in members), counts.shape[0]))
    for row in members:
        zones[int(row["zone"]) - 1, int(row["area"]) - 1] = 1.0
    return counts, grid(table, "area", "turn", "population"), zones


def theirs(method):
    table = rows(f"nm_scores_{method}.csv")
    at = tuple(np.array([int(row[key]) - 1 for row in table]) for key in ("zone", "duration"))
    return at, np.array([float(row["score"]) for row in table])


def test_scores_against_an_expectation():
    counts, people, zones = counties()
    expected = counts.sum() * people / people.sum()
    ours = scan.expectation_score(
        scan.window_sums(counts, zones), scan.window_sums(expected, zones)
    )
    at, score = theirs("eb_poisson")
    assert_allclose(ours[at], score, rtol=1e-9)


def test_scores_by_population():
    """The reference gives every year the same share of the cases, by that year's people."""
    counts, people, zones = counties()
    expected = counts.sum() / counts.shape[1] * people / people.sum(axis=0)
    ours = scan.share_score(
        scan.window_sums(counts, zones), scan.window_sums(expected, zones), counts.sum()
    )
    at, score = theirs("pb_poisson")
    assert_allclose(ours[at], score, rtol=1e-9)


def test_published_clusters():
    """Adjusted for age and sex by SaTScan, which prints what it expected with two decimals."""
    counts, _people, _zones = counties()
    compared = 0
    for row in rows("scan_satscan.csv"):
        if row["dataset"] != "nm_retrospective":
            continue
        cases, printed = float(row["cases"]), float(row["expected"])
        low, high = (
            float(scan.share_score(np.array(cases), np.array(near), counts.sum()))
            for near in (printed + 0.005, printed - 0.005)
        )
        assert low - 1e-6 <= float(row["llr"]) <= high + 1e-6
        assert cases / printed == pytest.approx(float(row["obs_exp"]), abs=0.011)
        compared += 1
    assert compared >= 3
