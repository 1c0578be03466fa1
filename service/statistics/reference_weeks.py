"""Which earlier weeks a week is compared with, and in which season of the year each of them lies.

Noufaily et al. 2013 as R's `surveillance` does it: the same week of each earlier year with w weeks
on both sides is one season, the weeks between two such windows are split into blocks of equal
length, the rest going to the first of them.
"""

from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.intp]


def by_number(week: int, years: int, a_year: int) -> list[int]:
    """Positions of `week` and of its reference weeks, newest first, where weeks have no dates."""
    return [week - year * a_year for year in range(years + 1)]


def by_date(dates: list[date], places: dict[date, int], week: int, years: int) -> list[int] | None:
    """The same by dates: the same weekday nearest to the date in each earlier year.

    None where a reference lies outside the series. `places` gives the position of each date;
    where dates are months apart the date itself is the reference.
    """
    day = dates[week]
    weekly = len(dates) > 1 and (dates[1] - dates[0]).days == 7
    found = [week]
    for year in range(1, years + 1):
        earlier = _years_before(day, year)
        if weekly:
            off = (earlier - day).days % 7
            earlier -= timedelta(days=off if off < 4 else off - 7)
        if earlier not in places:
            return None
        found.append(places[earlier])
    return found


def _years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # The leap day.
        return date(day.year - years, 3, 1)


def seasons(gaps: tuple[int, ...], half_width: int, periods: int) -> Ints:
    """Season 0 … periods − 1 of every week from the oldest window to the present week, else −1.

    `gaps` are the weeks between neighbouring references, oldest first. The windows are the last
    season; with one period only they are used. Raises ValueError where the year is too short.
    """
    window = [periods - 1] * (2 * half_width + 1)
    result: list[int] = []
    for gap in gaps:
        between = gap - len(window)
        if between < max(periods - 1 - len(window), 0):
            raise ValueError("noPeriods is too large for a year of that length.")
        result += window
        if periods == 1:
            result += [-1] * between
            continue
        length, rest = divmod(between, periods - 1)
        for block in range(periods - 1):
            result += [block] * (length + (block < rest))
    # The present week's window ends with itself.
    return np.array(result + [periods - 1] * (half_width + 1), dtype=np.intp)
