"""The kinds of edition: which weeks each is of, what is written in it, what it is called."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from service.web.formats import day, month, week_number
from service.web.language import _, later

WEEK = timedelta(weeks=1)
THURSDAY = timedelta(days=3)
STATUTORY_WEEKS = 104
TERTIAL_MONTHS = 4


@dataclass(frozen=True)
class Kind:
    """`sections` maps the key of each text to its heading; `required` must be written."""

    name: str
    sections: dict[str, str]
    required: frozenset[str]
    offered: int
    """How many of the latest periods that have ended a draft can be begun of."""


SUMMARY = {"summary": later("Sammanfattning")}
ASSESSMENT = SUMMARY | {"assessment": later("Bedömning")}

KINDS: dict[str, Kind] = {
    "weekly": Kind(later("Lägesbild"), SUMMARY, frozenset(), 1),
    "monthly": Kind(later("Lägesbild"), ASSESSMENT, frozenset({"summary"}), 3),
    "tertial": Kind(
        later("Lägesbild"),
        ASSESSMENT | {"needs": later("Största behov, och var vi kan påverka")},
        frozenset({"summary", "assessment"}),
        2,
    ),
    "yearly": Kind(
        later("Lägesbild"),
        ASSESSMENT | {"connected": later("Insatser som hänger ihop med förändringar")},
        frozenset({"summary", "assessment"}),
        2,
    ),
    # Lag (2023:196) 4–6 §§: mapping, extent, consequences, other information, analysis, follow-up.
    "statutory": Kind(
        later("Lagstadgad lägesbild"),
        {
            "mapping": later("Kartläggning av brottsligheten"),
            "extent": later("Omfattning"),
            "consequences": later("Konsekvenser"),
            "other": later("Annan information av betydelse"),
            "analysis": later("Analys"),
            "plan": later("Uppföljning av åtgärdsplanen"),
        },
        frozenset({"mapping", "extent", "consequences", "other", "analysis", "plan"}),
        1,
    ),
}


class Period(NamedTuple):
    """Whole weeks, by the Mondays of the first and the last one."""

    first: date
    last: date

    @property
    def weeks(self) -> int:
        return (self.last - self.first).days // 7 + 1


def ended_periods(kind: str, this_week: date) -> list[Period]:
    """The latest periods of `kind` that ended before `this_week`, the latest first.

    A week belongs to the month and the year of its Thursday, as ISO 8601 has it. A weekly edition
    is the exception: it is of the running week.
    """
    if kind == "weekly":
        return [Period(this_week, this_week)]
    if kind == "statutory":
        return [Period(this_week - STATUTORY_WEEKS * WEEK, this_week - WEEK)]
    months = {"monthly": 1, "tertial": TERTIAL_MONTHS, "yearly": 12}[kind]
    found: list[Period] = []
    last = this_week - WEEK
    while len(found) < KINDS[kind].offered:
        period = _span_of(last, months)
        if period.last < this_week:
            found.append(period)
        last = period.first - WEEK
    return found


def _span_of(monday: date, months: int) -> Period:
    """The weeks whose Thursday lies in the same `months` of a year as that of `monday`."""
    thursday = monday + THURSDAY
    span = _span(thursday, months)
    first = last = monday
    while _span(first - WEEK + THURSDAY, months) == span:
        first -= WEEK
    while _span(last + WEEK + THURSDAY, months) == span:
        last += WEEK
    return Period(first, last)


def _span(thursday: date, months: int) -> tuple[int, int]:
    return thursday.year, (thursday.month - 1) // months


def period_name(kind: str, period: Period) -> str:
    """``november 2026``, ``tertial 3 2026``, ``vecka 48 2026``."""
    thursday = period.first + THURSDAY
    if kind == "weekly":
        return _("vecka %(week)s %(year)s", week=week_number(period.first), year=thursday.year)
    if kind == "monthly":
        return month(thursday)
    if kind == "tertial":
        number = (thursday.month - 1) // TERTIAL_MONTHS + 1
        return _("tertial %(number)s %(year)s", number=number, year=thursday.year)
    if kind == "yearly":
        return _("året %(year)s", year=thursday.year)
    sunday = period.last + timedelta(days=6)
    return _("%(first)s till %(last)s", first=day(period.first), last=day(sunday))


def edition_number(kind: str, period: Period, version: int) -> str:
    """``2026-V48``, ``2026-M11``, ``2026-T3``, ``2026-Å``, ``2026-L``; from the second ``v2``."""
    thursday = period.first + THURSDAY
    ending = (period.last + THURSDAY).year
    number = {
        "weekly": f"{thursday.year}-V{week_number(period.first):02}",
        "monthly": f"{thursday.year}-M{thursday.month:02}",
        "tertial": f"{thursday.year}-T{(thursday.month - 1) // TERTIAL_MONTHS + 1}",
        "yearly": f"{thursday.year}-Å",
        "statutory": f"{ending}-L{week_number(period.last):02}",
    }[kind]
    return number if version == 1 else f"{number} v{version}"
