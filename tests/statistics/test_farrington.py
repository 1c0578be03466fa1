"""Farrington flexible against R's surveillance: every series, every configuration, every week."""

import warnings
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from service.signals_file import Asked, read_settings
from service.statistics import reference_weeks
from service.statistics.farrington import Settings, farrington
from tests.reference import reference as find
from tests.statistics.series import series_of, table, years_back

CONFIGS = ["FO", "FFd", "FFn", "FFm", "FFs", "FFe", "FNr"]


@pytest.mark.parametrize("config", CONFIGS)
def test_limits_and_alarms(config):
    path = find("stats/temporal/farrington_configs.csv")
    looked_at = 0
    for name, rows in table("farrington.csv", config).items():
        series = series_of(name)
        chosen = replace(
            read_settings(path, config, Asked(frequency=series.frequency)),
            years=years_back()[name, config],
        )
        at = rows["t"].astype(int) - 1
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            result = farrington(series.counts, at, chosen, series.exposure, series.dates)
        for column, values in {
            "upperbound": result.upper,
            "expected": result.expected,
            "pvalue": result.p,
            "phi": result.phi,
        }.items():
            assert_allclose(values, rows[column], rtol=1e-6, atol=1e-6, err_msg=f"{name} {column}")
        if chosen.method != "delta":
            assert_array_equal(result.upper, rows["upperbound"], name)
        assert_array_equal(result.alarm, rows["alarm"] == 1, name)
        looked_at += at.size
    assert looked_at > 1600


def test_dates_lead_to_the_nearest_monday_of_each_year():
    dates = [date.fromordinal(date(2016, 1, 4).toordinal() + 7 * week) for week in range(420)]
    places = {day: place for place, day in enumerate(dates)}
    now = places[date(2021, 1, 4)]
    found = reference_weeks.by_date(dates, places, now, 4)
    assert [dates[place].isoformat() for place in found] == [
        "2021-01-04", "2020-01-06", "2019-01-07", "2018-01-01", "2017-01-02",
    ]  # fmt: skip
    assert reference_weeks.by_date(dates, places, now, 6) is None


def test_the_leap_day_has_a_day_after_it_in_other_years():
    dates = [date(2022, 3, 1), date(2023, 2, 20), date(2024, 2, 29)]
    places = {day: place for place, day in enumerate(dates)}
    assert reference_weeks.by_date(dates, places, 2, 2) is None
    places[date(2023, 3, 1)] = 1
    assert reference_weeks.by_date(dates, places, 2, 2) == [2, 1, 0]


def test_a_year_is_split_into_windows_and_blocks():
    season = reference_weeks.seasons((52,), half_width=3, periods=10)
    assert season.size == 52 + 3 + 1
    assert np.bincount(season).tolist() == [5] * 9 + [7 + 4]
    assert np.bincount(reference_weeks.seasons((53,), 3, 10))[0] == 6  # The rest comes first.
    only_windows = reference_weeks.seasons((52,), half_width=3, periods=1)
    assert (only_windows == 0).sum() == 11
    with pytest.raises(ValueError, match="noPeriods"):
        reference_weeks.seasons((12,), half_width=5, periods=30)


def test_what_cannot_be_compared_has_no_limit():
    counts = np.full(300, 4.0)
    result = farrington(counts, np.array([100, 299]), Settings(years=4))
    assert np.isnan(result.upper[0]) and not result.alarm[0]
    assert result.upper[1] >= 4


@pytest.mark.parametrize("counts", [np.zeros(330), np.full(330, 1e6)])
def test_all_zeros_and_huge_means_stay_finite_and_quiet(counts):
    weeks = np.arange(300, 330)
    for method in ("delta", "nbPlugin"):
        result = farrington(counts, weeks, Settings(method=method, cases=0.0))
        assert not result.alarm.any()
        assert np.isfinite(result.upper).all()


weekly_counts = st.lists(st.integers(0, 60), min_size=130, max_size=130)


@settings(max_examples=25, deadline=None)
@given(counts=weekly_counts, more=st.integers(1, 500))
def test_more_reports_now_never_take_an_alarm_away(counts, more):
    chosen = Settings(years=2, periods=4)
    y = np.array(counts, float)
    y[-4:] = [2.0, 2.0, 2.0, 5.0]
    before = farrington(y, np.array([129]), chosen)
    y[-1] += more
    after = farrington(y, np.array([129]), chosen)
    # The present week teaches nothing, so the limit stands.
    assert after.upper[0] == before.upper[0]
    assert after.alarm[0] >= before.alarm[0] and after.p[0] <= before.p[0]


@settings(max_examples=15, deadline=None)
@given(counts=weekly_counts, exposure=st.floats(0.01, 1e6))
def test_a_steady_effort_changes_nothing(counts, exposure):
    chosen, weeks = Settings(years=2, periods=4, cases=0.0), np.arange(125, 130)
    plain = farrington(np.array(counts, float), weeks, chosen)
    with_effort = farrington(
        np.array(counts, float), weeks, replace(chosen, offset=True), np.full(130, exposure)
    )
    assert_allclose(with_effort.expected, plain.expected, rtol=1e-5, atol=1e-7)
    assert_allclose(with_effort.phi, plain.phi, rtol=1e-4)
