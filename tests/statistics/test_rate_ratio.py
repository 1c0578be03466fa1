"""Two counts compared, against R (evaluation/)."""

import csv

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from service.statistics import rate_ratio
from tests.reference import reference as find


def table(name):
    with find(f"stats/evaluation/{name}").open(newline="") as lines:
        rows = list(csv.DictReader(lines))

    def value(text):
        return np.nan if text == "NA" else float(text)

    return {key: np.array([value(row[key]) for row in rows]) for key in rows[0]}


def test_exact_and_mid_p_bounds():
    rows = table("exact_rate_ratio.csv")
    counts = [rows[key] for key in ("before", "after", "E_before", "E_after")]
    exact, mid = rate_ratio.exact(*counts), rate_ratio.mid(*counts)
    for column, values in {
        "rate_ratio": exact.ratio,
        "ci_low": exact.low,
        "ci_high": exact.high,
        "p_two_sided": exact.p,
        "midp_low": mid.low,
        "midp_high": mid.high,
        "midp_two_sided": mid.p,
    }.items():
        assert_allclose(values, rows[column], rtol=1e-6, err_msg=column)


def test_bounds_of_one_count():
    rows = table("poisson_intervals.csv")
    for name, bounds in (("garwood", rate_ratio.garwood), ("jeffreys", rate_ratio.jeffreys)):
        low, high = bounds(rows["count"])
        assert_allclose(low, rows[f"{name}_low"], rtol=1e-9, atol=1e-12)
        assert_allclose(high, rows[f"{name}_high"], rtol=1e-9)


@given(
    before=st.integers(0, 300), after=st.integers(0, 300),
    effort=st.floats(0.1, 60), later=st.floats(0.1, 60),
)  # fmt: skip
def test_bounds_hold_the_ratio_and_turn_around(before, after, effort, later):
    numbers = [np.array([float(n)]) for n in (before, after, effort, later)]
    there = rate_ratio.mid(*numbers)
    back = rate_ratio.mid(numbers[1], numbers[0], numbers[3], numbers[2])
    if before + after == 0:
        assert np.isnan(there.ratio[0])
        return
    assert there.low[0] <= there.ratio[0] <= there.high[0]
    assert_allclose(back.p, there.p, rtol=1e-6, atol=1e-12)
    if before and after:
        assert_allclose(back.low, 1 / there.high, rtol=1e-6)
