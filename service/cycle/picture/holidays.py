"""Weeks in which people report otherwise than in others, so that one alone proves nothing."""

from datetime import date, timedelta


def easter(year: int) -> date:
    """Easter Sunday, by the anonymous Gregorian computus (Meeus 1991)."""
    golden = year % 19
    century, of_century = divmod(year, 100)
    leap, rest = divmod(century, 4)
    moved = (century - (century + 8) // 25 + 1) // 3
    moon = (19 * golden + century - leap - moved + 15) % 30
    of_leap, of_rest = divmod(of_century, 4)
    days = (32 + 2 * rest + 2 * of_leap - moon - of_rest) % 7
    late = (golden + 11 * moon + 22 * days) // 451
    month, day = divmod(moon + days - 7 * late + 114, 31)
    return date(year, month, day + 1)


def midsummer_eve(year: int) -> date:
    """The Friday of 19–25 June."""
    first = date(year, 6, 19)
    return first + timedelta(days=(4 - first.weekday()) % 7)


def is_holiday_week(monday: date) -> bool:
    """Whether Christmas, New Year, Easter or midsummer falls in the week of this Monday."""
    days = [monday + timedelta(days=offset) for offset in range(7)]
    if any((day.month, day.day) in {(12, 25), (1, 1), (1, 6)} for day in days):
        return True
    sunday = days[-1]
    feasts = (easter(sunday.year), easter(sunday.year) + timedelta(days=1))
    return any(day in days for day in (*feasts, midsummer_eve(sunday.year)))
