"""Numbers, dates and times as they are written in Swedish: 4,2 · −3 · 12–22 · vecka 47 · 14.32."""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from math import isfinite
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.numbers import NumberPattern, parse_pattern
from jinja2 import Environment

from service.web.language import _, language

LOCAL = ZoneInfo("Europe/Stockholm")
NOTHING = "–"


@cache
def _pattern(decimals: int) -> NumberPattern:
    return parse_pattern("#,##0" + ("." + "0" * decimals if decimals else ""))


def number(value: float | None, decimals: int | None = None) -> str:
    """``4,2``, ``1 240``, ``−3``. Without ``decimals`` one is shown only when it is not zero.

    None and not-a-number become a dash: a missing value must never look like 0.
    """
    if value is None or not isfinite(value):
        return NOTHING
    if decimals is None:
        decimals = 0 if round(value, 1) == round(value) else 1
    rounded = round(float(value), decimals) + 0.0  # + 0.0 turns −0 into 0
    return _written(rounded, decimals, language())


# A page has hundreds of numbers, most of them small and the same ones.
@lru_cache(maxsize=8192)
def _written(rounded: float, decimals: int, chosen: str) -> str:
    # The pattern writes a hyphen, which is no minus.
    return str(_pattern(decimals).apply(rounded, chosen)).replace("-", "−")


def signed(value: float | None, decimals: int | None = None) -> str:
    """``+2,1``, ``−0,7``, ``±0``."""
    text = number(value, decimals)
    if value is None or text == NOTHING or text.startswith("−"):
        return text
    return f"+{text}" if text.strip("0,") else "±0"


def percent(share: float | None, decimals: int = 0) -> str:
    """A share 0–1 as ``62 %``."""
    text = number(None if share is None else share * 100, decimals)
    return text if text == NOTHING else f"{text}\u00a0%"


def span(low: float | None, high: float | None, decimals: int | None = None) -> str:
    """``12–22``; one number when both ends are written alike; ``−1 till 4`` below zero."""
    first, last = number(low, decimals), number(high, decimals)
    if first == last:
        return first
    # A minus next to a dash reads as a second minus.
    return _("%(low)s till %(high)s", low=first, high=last) if "−" in first else f"{first}–{last}"


def listing(words: list[str]) -> str:
    """``Torget, Parken och Stationen``."""
    if len(words) < 2:
        return "".join(words)
    return _("%(first)s och %(last)s", first=", ".join(words[:-1]), last=words[-1])


def day(value: date | datetime, year: bool = True) -> str:
    """``22 november 2026``, in local time for a time stamp."""
    return str(format_date(_local_date(value), "d MMMM y" if year else "d MMMM", locale=language()))


def month(value: date) -> str:
    """``november 2026``."""
    return str(format_date(value, "LLLL y", locale=language()))


def weekday(value: date | datetime) -> str:
    """``söndag``."""
    return str(format_date(_local_date(value), "EEEE", locale=language()))


def days(first: date, last: date) -> str:
    """``16–22 november 2026``, ``30 november – 6 december 2026``."""
    if (first.year, first.month) == (last.year, last.month):
        return day(first) if first == last else f"{first.day}–{day(last)}"
    return f"{day(first, year=first.year != last.year)} – {day(last)}"


def week_number(monday: date) -> int:
    """The ISO week number of the week that holds the date."""
    return monday.isocalendar().week


def week(monday: date) -> str:
    """``vecka 47``."""
    return _("vecka %(number)s", number=week_number(monday))


def week_list(mondays: Sequence[date]) -> str:
    """``vecka 47 och vecka 48``."""
    return listing([week(monday) for monday in mondays])


def week_days(monday: date) -> str:
    """``vecka 47, 16–22 november 2026`` of an ISO week given by its Monday."""
    return f"{week(monday)}, {days(monday, monday + timedelta(days=6))}"


def clock(value: datetime) -> str:
    """``14.32`` in local time."""
    return f"{value.astimezone(LOCAL):%H.%M}"


def moment(value: datetime) -> str:
    """``22 november 14.32`` in local time."""
    return f"{day(value, year=False)} {clock(value)}"


def _local_date(value: date | datetime) -> date:
    return value.astimezone(LOCAL).date() if isinstance(value, datetime) else value


def soften(text: str) -> str:
    """Soft hyphens where a long compound may be broken: ``Otrygghets-skapande`` on a tile."""
    return re.sub(
        r"(?<=\w{5})(?:hets|ings|etets)(?=\w{5})", lambda found: found[0] + "\u00ad", text
    )


def set_up(environment: Environment) -> None:
    """Give templates every format, as a function and as a filter: ``{{ share | percent }}``."""
    acts = {act.__name__: act for act in FORMATS}
    environment.globals.update(acts)
    environment.filters.update(acts, initials=initials, soften=soften)


def initials(name: str) -> str:
    """``AL`` of Anna Lind: the first letters of the first and the last word."""
    words = name.split()
    return "".join(word[0] for word in ([words[0], words[-1]] if len(words) > 1 else words)).upper()


FORMATS = (  # what templates get, as functions and as filters
    number,
    signed,
    percent,
    span,
    listing,
    day,
    weekday,
    days,
    week_number,
    week,
    week_list,
    week_days,
    clock,
    moment,
)
