"""The four-week periods that sums are told for: they do not overlap, and are told once closed."""

from datetime import date, timedelta

PERIOD_WEEKS = 4
_A_MONDAY = date(2001, 1, 1)


def closed_period(week: date) -> tuple[date, date]:
    """The Mondays of the first and last week of the latest period that ended before `week`."""
    since = (week - _A_MONDAY).days // 7
    last = week - timedelta(weeks=since % PERIOD_WEEKS + 1)
    return last - timedelta(weeks=PERIOD_WEEKS - 1), last


def period_around(start: date, step: int) -> tuple[date, date]:
    """Whole periods around the Monday `start`: 0, 1, … from the first that begins on it or later,
    −1, −2, … back from the last that ended before it."""
    since = (start - _A_MONDAY).days // 7
    if step < 0:
        first = _A_MONDAY + timedelta(weeks=(since // PERIOD_WEEKS + step) * PERIOD_WEEKS)
    else:
        first = _A_MONDAY + timedelta(weeks=(-(-since // PERIOD_WEEKS) + step) * PERIOD_WEEKS)
    return first, first + timedelta(weeks=PERIOD_WEEKS - 1)
