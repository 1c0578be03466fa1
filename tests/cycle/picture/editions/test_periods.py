"""Which weeks an edition is of: whole weeks, and each in one month of one year."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.cycle.picture.editions.kinds import Period, edition_number, ended_periods
from service.cycle.picture.editions.period_sums import _compare, weeks_back

MONDAYS = st.integers(0, 2000).map(lambda weeks: date(2015, 1, 5) + timedelta(weeks=weeks))
WEEK = timedelta(weeks=1)


@given(MONDAYS)
def test_months_follow_each_other_without_gap_or_overlap(monday: date) -> None:
    for kind in ("monthly", "tertial", "yearly"):
        latest, *earlier = ended_periods(kind, monday)
        assert latest.last < monday and latest.first.weekday() == latest.last.weekday() == 0
        for period in earlier:
            assert period.last + WEEK == latest.first
            latest = period


@given(MONDAYS)
def test_a_year_has_its_iso_weeks(monday: date) -> None:
    (latest, _before) = ended_periods("yearly", monday)
    year = (latest.first + timedelta(days=3)).year
    assert latest.weeks == date(year, 12, 28).isocalendar().week


def test_a_year_of_53_weeks_and_its_names() -> None:
    (year, before) = ended_periods("yearly", date(2021, 1, 11))
    assert year == Period(date(2019, 12, 30), date(2020, 12, 28)) and year.weeks == 53
    assert edition_number("yearly", year, 1) == "2020-Å" and before.weeks == 52
    (december, *_rest) = ended_periods("monthly", date(2021, 1, 4))
    # The week of New Year belongs to December: its Thursday is the 31st.
    assert december == Period(date(2020, 11, 30), date(2020, 12, 28))
    assert edition_number("monthly", december, 2) == "2020-M12 v2"
    assert edition_number("weekly", Period(december.last, december.last), 1) == "2020-V53"


def test_a_week_on_the_border_belongs_to_the_month_of_its_thursday() -> None:
    (september, *_rest) = ended_periods("monthly", date(2026, 10, 5))
    assert september == Period(date(2026, 8, 31), date(2026, 9, 21))


@pytest.mark.parametrize(
    ("monday", "back", "before"),
    [
        (date(2026, 11, 2), 52, date(2025, 11, 3)),
        (date(2027, 1, 4), 53, date(2025, 12, 29)),  # Week 1, past week 53 of 2026.
        (date(2026, 12, 28), 53, date(2025, 12, 22)),  # Week 53: the year before had none.
        (date(2026, 1, 5), 52, date(2025, 1, 6)),
    ],
)
def test_the_year_before_is_the_weeks_of_the_same_numbers(monday, back, before):
    assert weeks_back(monday) == back and monday - timedelta(weeks=back) == before


def test_bursts_make_the_interval_wider():
    even = np.tile(20.0, 104)[None]
    bursts = np.tile([0.0, 40.0], 52)[None]
    (calm,), (wild,) = (_compare(one, slice(0, 52), slice(52, 104)) for one in (even, bursts))
    assert calm["ratio"] == wild["ratio"] == 1.0
    assert np.log(wild["high"]) == pytest.approx(
        np.log(calm["high"]) * np.sqrt(2080 / 102), rel=1e-3
    )
