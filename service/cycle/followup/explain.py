"""A comparison in words and as a drawing: what came in, never what the measure achieved."""

from datetime import date, timedelta
from typing import Any

from markupsafe import Markup

from service.web.draw.series import WeeklySeries, weekly_series
from service.web.formats import days, number
from service.web.language import _, ngettext

Comparison = dict[str, Any]


def summary(comparison: Comparison) -> str:
    """``Rapporter: 34 under 12 veckor före starten, 21 under lika många veckor från starten.``"""
    weeks = comparison["weeks"]
    if "first" in comparison["before"]:
        return _(
            "Rapporter: %(before)s under %(num)s veckor före starten (%(then)s), "
            "%(after)s under lika många veckor efter (%(since)s).",
            num=weeks,
            before=number(comparison["before"]["count"]),
            after=number(comparison["after"]["count"]),
            then=_dates(comparison["before"]),
            since=_dates(comparison["after"]),
        )
    return ngettext(
        "Rapporter: %(before)s under en vecka före starten, %(after)s under en vecka från starten.",
        "Rapporter: %(before)s under %(num)s veckor före starten, "
        "%(after)s under lika många veckor från starten.",
        weeks,
        before=number(comparison["before"]["count"]),
        after=number(comparison["after"]["count"]),
    )


def _dates(window: dict[str, Any]) -> str:
    last = date.fromisoformat(window["last"]) + timedelta(days=6)
    return days(date.fromisoformat(window["first"]), last)


def rows(comparison: Comparison) -> list[list[str]]:
    """The table under the sentence: what, before, after."""
    before, after = comparison["before"], comparison["after"]
    found = [
        [_("Rapporter"), number(before["count"]), number(after["count"])],
        [_("Aktörer som hördes av"), str(before["actors"]), str(after["actors"])],
    ]
    if "same" in comparison:
        same = comparison["same"]
        label = ngettext(
            "Rapporter, samma rapportörer (%(num)s aktör)",
            "Rapporter, samma rapportörer (%(num)s aktörer)",
            same["actors"],
        )
        found.append([label, number(same["before"]), number(same["after"])])
    return found


def caution(comparison: Comparison) -> str:
    """What the numbers do not say."""
    said = _("Det säger inte att insatsen var orsaken.")
    if comparison["before"]["actors"] != comparison["after"]["actors"]:
        other = _("Olika många aktörer hördes av före och efter, vilket också ändrar antalet.")
        return f"{said} {other}"
    return said


def drawing(comparison: Comparison, key: str) -> Markup:
    """Reports week by week around the start; nothing where single weeks are not shown."""
    counts = comparison.get("counts")
    if not counts:
        return Markup()
    start = date.fromisoformat(comparison["start"])
    first = start - timedelta(weeks=comparison["weeks"])
    weeks = [first + timedelta(weeks=step) for step in range(len(counts))]
    title = _("Rapporter per vecka före och efter att insatsen började")
    series = WeeklySeries(weeks=weeks, observed=counts, measures=[(start, _("start"))])
    return weekly_series(series, key, title)
