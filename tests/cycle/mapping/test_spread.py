"""Fractions of a report over weeks and hours of the wall clock, checked against hand-made cases."""

from datetime import UTC, date, datetime, timedelta
from math import isclose
from random import Random

import numpy as np
import pytest

from service.cycle.mapping.spread import monday, spread, spread_many, weekly
from service.cycle.mapping.week import STOCKHOLM, NoSuchTime, instant, midnight, week_of

MONDAY = date(2026, 11, 16)


def local(*parts: int) -> datetime:
    return instant(datetime(*parts))


def test_a_moment_is_one_whole_report_in_its_hour():
    assert spread(local(2026, 11, 22, 14, 32), local(2026, 11, 22, 14, 32)) == [
        (MONDAY, 6 * 24 + 14, 1.0)
    ]


def test_a_moment_on_the_hour_belongs_to_the_hour_that_begins():
    assert spread(local(2026, 11, 16), local(2026, 11, 16)) == [(MONDAY, 0, 1.0)]


def test_an_evening_is_shared_by_its_hours_in_proportion_to_time():
    cells = spread(local(2026, 11, 20, 18, 30), local(2026, 11, 20, 21))
    assert [(hour, round(share, 6)) for _week, hour, share in cells] == [
        (4 * 24 + 18, 0.2),
        (4 * 24 + 19, 0.4),
        (4 * 24 + 20, 0.4),
    ]


def test_a_weekend_over_the_turn_of_the_week_is_shared_by_both_weeks():
    weeks = weekly(spread(local(2026, 11, 20, 16), local(2026, 11, 23, 8)))
    assert [week for week, _share in weeks] == [MONDAY, MONDAY + timedelta(days=7)]
    assert [round(share, 6) for _week, share in weeks] == [0.875, 0.125]


def test_an_interval_that_ends_at_midnight_leaves_nothing_for_the_next_week():
    cells = spread(local(2026, 11, 22, 12), local(2026, 11, 23))
    assert {week for week, _hour, _share in cells} == {MONDAY}


def test_the_hour_that_happens_twice_weighs_twice():
    # 25 October 2026, 03.00 becomes 02.00: from 01 to 04 four hours pass.
    cells = spread(local(2026, 10, 25, 1), local(2026, 10, 25, 4))
    sunday = 6 * 24
    assert [(hour - sunday, share) for _week, hour, share in cells] == [
        (1, 0.25),
        (2, 0.5),
        (3, 0.25),
    ]


def test_the_hour_that_is_skipped_gets_nothing():
    # 29 March 2026, 02.00 becomes 03.00: from 01 to 04 two hours pass.
    cells = spread(local(2026, 3, 29, 1), local(2026, 3, 29, 4))
    assert [(hour % 24, share) for _week, hour, share in cells] == [(1, 0.5), (3, 0.5)]
    with pytest.raises(NoSuchTime):
        local(2026, 3, 29, 2, 30)


def test_the_first_week_of_a_year_may_begin_in_the_old_one():
    assert week_of(local(2026, 1, 1)) == date(2025, 12, 29)


def test_a_day_begins_at_local_midnight():
    assert midnight(date(2026, 7, 1)) == datetime(2026, 6, 30, 22, tzinfo=UTC)


def test_fractions_sum_to_one_and_many_agree_with_one_by_one():
    random = Random(47)
    start = datetime(2023, 1, 1, tzinfo=UTC).timestamp()
    froms = [start + random.uniform(0, 4 * 365 * 86400) for _ in range(300)]
    lengths = [random.choice([0, 60, 3 * 3600, 86400, 64 * 3600]) for _ in froms]
    pieces = spread_many(np.array(froms), np.array(froms) + np.array(lengths))
    cells: list[dict[tuple[date, int], float]] = [{} for _ in froms]
    for index, week, hour, share in zip(
        pieces.report, pieces.week, pieces.hour, pieces.fraction, strict=True
    ):
        key = monday(week), int(hour)
        cells[index][key] = cells[index].get(key, 0.0) + share
    for begins, length, found in zip(froms, lengths, cells, strict=True):
        at = datetime.fromtimestamp(begins, UTC)
        one = spread(at, at + timedelta(seconds=length))
        assert isclose(sum(found.values()), 1.0)
        assert {key: pytest.approx(share, abs=1e-6) for key, share in found.items()} == {
            (week, hour): share for week, hour, share in one
        }
        assert all(
            week == week_of(datetime(*week.timetuple()[:3], 12, tzinfo=STOCKHOLM))
            for week, _hour, _share in one
        )


def test_no_reports_give_no_pieces():
    pieces = spread_many(np.array([]), np.array([]))
    assert len(pieces.report) == len(pieces.fraction) == 0


def test_an_interval_that_ends_before_it_begins_is_refused():
    with pytest.raises(ValueError, match="before it begins"):
        spread_many(np.array([3600.0]), np.array([0.0]))
