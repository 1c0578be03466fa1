"""From series to what the pages behind a number draw and say."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

import numpy as np
from markupsafe import Markup

from service.cycle.picture import explain, signal_rows
from service.cycle.picture.behind.beside import Known
from service.cycle.picture.behind.expect import Expectations, Series
from service.cycle.picture.behind.hours import ENOUGH, Hours
from service.cycle.picture.counts import WEEKS
from service.cycle.picture.outlook import ACTOR_WEEKS
from service.cycle.picture.read_signals import RaisedSignal
from service.cycle.picture.signal_rows import SignalRow
from service.statistics.coverage import UNCERTAIN_BELOW
from service.statistics.expectation import HISTORY_NEEDED
from service.web.draw import (
    WeeklySeries,
    Window,
    hour_grid,
    hour_rows,
    small_series,
    svg,
    weekly_series,
)
from service.web.formats import number, percent, span, week, week_days
from service.web.language import _, ngettext

Numbers = dict[str, Any]

NOW = 4


@dataclass(frozen=True)
class Multiple:
    """One small drawing: its name and address, its figures in words, whether it stands out."""

    name: str
    href: str
    drawing: Markup
    said: str
    mark: str  # "signal", "watched" or nothing
    unsure: bool


@dataclass(frozen=True)
class Multiples:
    """Small drawings on one scale, from 0 to `top` reports a week."""

    top: str
    several: list[Multiple]


@dataclass(frozen=True)
class HourGrid:
    drawing: Markup
    sentence: str
    weeks: str
    rows: list[list[str]]


def title(found: Expectations, area: int | None, category: int | None) -> str:
    counts = found.counts
    if area is not None and category is not None:
        return _(
            "%(category)s, %(area)s",
            category=counts.categories[category].label,
            area=counts.areas[area].name,
        )
    if area is not None:
        return counts.areas[area].name
    return counts.categories[category].label if category is not None else ""


def lead(series: Series, wide: Numbers) -> str:
    """The running week and the last four beside what was expected."""
    count = ngettext(
        "%(num)s rapport hittills i veckan", "%(num)s rapporter hittills i veckan",
        round(float(series.counts[-1])),
    )  # fmt: skip
    four = number(series.last(NOW), 0)
    if not np.isfinite(series.expected[-1]):
        return _("%(count)s, %(four)s på fyra veckor.", count=count, four=four)
    expected = span(float(series.at_least[-1]), float(series.at_most[-1]), 0)
    if not np.isfinite(series.expected_of(NOW)):
        return _(
            "%(count)s, väntat %(expected)s. %(four)s på fyra veckor; för någon av dem är det "
            "okänt vad som var väntat.",
            count=count,
            expected=expected,
            four=four,
        )
    return _(
        "%(count)s, väntat %(expected)s. %(four)s på fyra veckor, väntat ungefär %(of_four)s.",
        count=count,
        expected=expected,
        four=four,
        of_four=number(series.expected_of(NOW), 1),
    )


def drawing(found: Expectations, series: Series, known: list[Known]) -> Markup:
    return weekly_series(
        WeeklySeries(
            weeks=found.weeks,
            # Fractions of reports without a known time are counted, but not read out.
            observed=[round(float(one)) for one in series.counts],
            low=series.at_least.tolist(),
            middle=series.expected.tolist(),
            high=series.at_most.tolist(),
            coverage=series.coverage.tolist(),
            measures=[(one.week, one.text) for one in known if one.kind == "measure"],
            events=[one.week for one in known if one.kind != "measure"],
        ),
        "behind",
        _("Rapporter per vecka"),
    )


def week_rows(found: Expectations, series: Series, known: list[Known]) -> list[list[str]]:
    """Week, reports, expected, coverage and what is known of the week; the latest first."""
    beside: dict[date, list[str]] = {}
    for one in known:
        beside.setdefault(one.week, []).append(one.text)
    return [
        [
            week_days(monday),
            number(float(series.counts[i]), 0),
            span(float(series.at_least[i]), float(series.at_most[i]), 0)
            if np.isfinite(series.expected[i])
            else _("går inte att säga"),
            percent(float(series.coverage[i])),
            "; ".join(beside.get(monday, ())) or "–",
        ]
        for i, monday in reversed(list(enumerate(found.weeks)))
    ]


def known(several: list[Known], this_week: date) -> list[tuple[str, str, str, bool]]:
    """Week, text, problem and whether it is still to come; the latest first, holidays last."""
    return [
        (week(one.week), one.text, one.problem, one.week > this_week)
        for one in reversed(several)
        if one.kind != "holiday" or one.week >= this_week
    ]


def hours(numbers: Hours) -> HourGrid:
    hot = numbers.hot
    grid = numbers.counts.reshape(7, 24).tolist()
    frame = None
    if hot is not None:
        one = hot.window
        frame = Window(one.days[0], one.days[-1], one.start, min(one.end, 24))
    total = float(numbers.counts.sum())
    return HourGrid(
        drawing=hour_grid(grid, "behind-hours", _("Veckodag och timme"), frame),
        sentence=explain.hours(
            {
                "total": total,
                "hot": None
                if hot is None
                else {
                    "days": list(hot.window.days),
                    "start": hot.window.start,
                    "end": hot.window.end,
                    "share": hot.share,
                    "time": hot.time,
                },
            }
        ),
        weeks=_(
            "%(weeks)s veckor, %(total)s rapporter",
            weeks=numbers.weeks,
            total=number(total, 0),
        )
        + ("" if total >= ENOUGH else ". " + _("Så få visar sällan något mönster.")),
        rows=hour_rows(grid),
    )


def signals(
    wide: Numbers,
    raised: Mapping[tuple[str, str], RaisedSignal],
    area: int | None,
    category: int | None,
) -> list[SignalRow]:
    """The picture's signals and watched places that this page lies behind."""
    chosen = wide | {
        name: [
            row
            for row in wide[name]
            if (area is None or row["area"] == area)
            and (category is None or row["category"] == category)
        ]
        for name in ("above", "watched")
    }
    return signal_rows.signals(chosen, dict(raised)) + [
        SignalRow(row["title"], row["sentence"], Markup(), None)
        for row in signal_rows.watched(chosen)
    ]


def method(found: Expectations) -> str:
    """Which method the expected rests on, and how many weeks taught it."""
    weeks = ngettext("%(num)s vecka", "%(num)s veckor", found.base.weeks)
    if not found.base.enough:
        return _(
            "Historiken är %(weeks)s. Det väntade ritas när det finns minst %(needed)s veckor att "
            "lära av.",
            weeks=weeks,
            needed=HISTORY_NEEDED,
        )
    return _(
        "Det väntade (90 %%) är lärt av %(weeks)s: den egna nivån, med stöd av området och "
        "kategorin, årstiden och vilka som hördes av. De senaste veckorna lär inget ut.",
        weeks=weeks,
    )


def parts(
    found: Expectations, area: int | None, category: int | None, wide: Numbers
) -> Multiples | None:
    """A category area by area, an area category by category; nothing behind a single place."""
    if area is None:
        return areas(found, category, wide)
    if category is not None:
        return None
    counts = found.counts
    chosen = [
        (number_, one)
        for number_, one in enumerate(found.by_category(area))
        if one.counts.sum() >= 1
    ]
    return _on_one_scale(
        [
            (
                counts.categories[index].label,
                f"lage/{counts.areas[area].key}/{counts.categories[index].key}",
                one,
                _mark(wide, area, index),
            )
            for index, one in chosen
        ]
    )


def areas(found: Expectations, category: int | None, wide: Numbers) -> Multiples:
    """Every area in the order of its key, which is that of the map: never a ranking."""
    counts = found.counts
    return _on_one_scale(
        [
            (
                area.name,
                f"omrade/{area.key}"
                if category is None
                else f"lage/{area.key}/{counts.categories[category].key}",
                one,
                _mark(wide, index, category),
            )
            for index, (area, one) in enumerate(
                zip(counts.areas, found.by_area(category), strict=True)
            )
        ]
    )


def _mark(wide: Numbers, area: int, category: int | None) -> str:
    for mark, name in (("signal", "above"), ("watched", "watched")):
        for row in wide[name]:
            if row["area"] == area and category in (None, row["category"]):
                return mark
    return ""


def _on_one_scale(several: list[tuple[str, str, Series, str]]) -> Multiples:
    highest = max(
        (float(np.nanmax([one.counts.max(), *one.at_most])) for _n, _h, one, _m in several),
        default=1.0,
    )
    top, _step = svg.nice_top([highest])
    return Multiples(
        number(top, 0),
        [
            Multiple(
                name=name,
                href=href,
                drawing=small_series(
                    one.counts.tolist(), one.at_least.tolist(), one.at_most.tolist(), top
                ),
                said=_said(one),
                mark=mark,
                unsure=bool(one.coverage[-NOW:].mean() < UNCERTAIN_BELOW),
            )
            for name, href, one, mark in several
        ],
    )


def _said(series: Series) -> str:
    four = number(series.last(NOW), 0)
    if not np.isfinite(series.expected_of(NOW)):
        return _("%(four)s på fyra veckor", four=four)
    return _(
        "%(four)s på fyra veckor, väntat %(expected)s",
        four=four,
        expected=number(series.expected_of(NOW), 1),
    )


def actors(found: Expectations, area: int | None, category: int | None) -> str:
    """How many have told of it in eight weeks; who they are is not for everybody."""
    who = found.counts.actors(WEEKS - ACTOR_WEEKS, WEEKS - 1)
    if area is not None:
        who = who[area : area + 1]
    if category is not None:
        who = who[:, category : category + 1]
    count = int(who.any(axis=(0, 1)).sum())
    return ngettext(
        "%(num)s aktör har rapporterat det de senaste åtta veckorna.",
        "%(num)s aktörer har rapporterat det de senaste åtta veckorna.",
        count,
    )


def actor_rows(found: Expectations, area: int | None, category: int | None) -> list[list[str]]:
    """Actor, reports of four weeks and of a year, in order of name: never a ranking."""
    counts = found.counts
    kept = counts.at_week >= WEEKS - len(found.weeks)
    if area is not None:
        kept &= counts.at_area == area
    if category is not None:
        kept &= counts.at_category == category
    size = len(counts.organisations)
    year = np.bincount(counts.at_organisation[kept], counts.number[kept], size)
    kept &= counts.at_week >= WEEKS - NOW
    four = np.bincount(counts.at_organisation[kept], counts.number[kept], size)
    return [
        [counts.organisations[index].name, number(four[index], 0), number(year[index], 0)]
        for index in sorted(np.flatnonzero(year), key=lambda one: counts.organisations[one].name)
    ]


def reports_address(area: str | None, category: str | None) -> str:
    """The list of reports, cut to the same area and category."""
    chosen = {"omrade": area, "kategori": category}
    return "rapporter?" + urlencode({key: value for key, value in chosen.items() if value})
