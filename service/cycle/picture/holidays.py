"""Weeks in which people report otherwise than in others, so that one alone proves nothing."""

from datetime import date, timedelta

from service.web.language import _


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


def holiday_of(monday: date) -> str:
    """Which of Christmas, New Year, Easter or midsummer falls in the week; empty for none."""
    days = [monday + timedelta(days=offset) for offset in range(7)]
    dates = {(day.month, day.day) for day in days}
    if (12, 25) in dates:
        return _("Jul")
    if (1, 1) in dates:
        return _("Nyår")
    if (1, 6) in dates:
        return _("Trettonhelg")
    sunday = days[-1]
    if any(day in days for day in (easter(sunday.year), easter(sunday.year) + timedelta(days=1))):
        return _("Påsk")
    return _("Midsommar") if midsummer_eve(sunday.year) in days else ""


def is_holiday_week(monday: date) -> bool:
    """Whether Christmas, New Year, Easter or midsummer falls in the week of this Monday."""
    return bool(holiday_of(monday))
