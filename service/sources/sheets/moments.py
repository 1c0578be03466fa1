"""Days and times of day as people write them in tables."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from service.web.language import later

ORDERS = {
    "ymd": later("år, månad, dag (2026-03-04)"),
    "dmy": later("dag, månad, år (04.03.2026)"),
    "mdy": later("månad, dag, år (03/04/2026)"),
}
_DAY = re.compile(
    r"(?P<a>\d{1,4})(?P<s>[-/. ])(?P<b>\d{1,2})(?P=s)(?P<c>\d{1,4})|(?P<packed>\d{8}|\d{6})"
)
_TIME = re.compile(
    r"(?:kl\.?\s*)?(?P<h>\d{1,2})(?:[:.](?P<m>\d{2})(?:[:.](?P<s>\d{2})(?:[.,]\d+)?)?)?"
    # Sweden's own offsets and UTC; anything else behind a time is more likely another time.
    r"(?P<offset>Z|\+0[0-3]:?00)?",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Moment:
    """A day, and where they are written the time of day and its offset from UTC."""

    day: date
    at: time | None = None
    offset: timedelta | None = None


# A column holds the same days over and over.
@lru_cache(maxsize=4096)
def read_moment(text: str, order: str) -> Moment | None:
    """The moment in `text` whose day is written in `order`; None for what is none."""
    text = text.strip()
    found = _DAY.match(text)
    if found is None:
        return None
    day = _day(found, order)
    rest = text[found.end() :].lstrip(" ,T")
    if day is None or (rest and rest == text[found.end() :]):
        return None
    if not rest:
        return Moment(day)
    read = _TIME.fullmatch(rest)
    if read is None or (read["m"] is None and not rest.lower().startswith("kl")):
        return None
    at = _time(read)
    return Moment(day, at, _offset(read["offset"])) if at is not None else None


@lru_cache(maxsize=4096)
def read_time(text: str) -> time | None:
    """A time of day: ``13:45``, ``13.45``, ``kl 9`` or ``0945``."""
    text = text.strip()
    if len(text) == 4 and text.isdecimal() and text.isascii():
        text = f"{text[:2]}:{text[2:]}"
    read = _TIME.fullmatch(text)
    return _time(read) if read is not None and read["offset"] is None else None


def guess_order(samples: Iterable[str], today: date) -> str:
    """The order in which all of them are days; the usual one when none is.

    Where several are, the days of a file are past and lie close together: read wrongly, a year
    that is written with two digits is a day of the month, and runs from 2001 to 2031.
    """
    filled = [sample for sample in samples if sample]
    fits: dict[str, tuple[bool, timedelta]] = {}
    for order in ORDERS:
        days = [moment.day for sample in filled if (moment := read_moment(sample, order))]
        if days and len(days) == len(filled):
            fits[order] = (max(days) > today, max(days) - min(days))
    return min(fits, key=lambda order: fits[order], default=next(iter(ORDERS)))


def _day(found: re.Match[str], order: str) -> date | None:
    if packed := found["packed"]:
        # Eight digits are only ever written in the usual order.
        if order != "ymd":
            return None
        parts = [packed[:-4], packed[-4:-2], packed[-2:]]
    else:
        parts = [found["a"], found["b"], found["c"]]
    named = dict(zip(order, parts, strict=True))
    if len(named["y"]) not in (2, 4) or len(named["d"]) > 2 or len(named["m"]) > 2:
        return None
    year = int(named["y"]) + (2000 if len(named["y"]) == 2 else 0)
    try:
        return date(year, int(named["m"]), int(named["d"]))
    except ValueError:
        return None


def _time(read: re.Match[str]) -> time | None:
    try:
        return time(int(read["h"]), int(read["m"] or 0), int(read["s"] or 0))
    except ValueError:
        return None


def _offset(text: str | None) -> timedelta | None:
    if not text:
        return None
    if text in "zZ":
        return timedelta()
    offset = datetime.strptime(text.replace(":", ""), "%z").utcoffset()
    return offset
