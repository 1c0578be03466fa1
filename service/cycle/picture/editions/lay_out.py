"""What the pages of an edition write and draw of its period and of a difference."""

from typing import Any

from markupsafe import Markup

from service.cycle.picture.assessment.forms import LEVELS
from service.cycle.picture.editions.differ import Difference, Moved
from service.cycle.picture.editions.period_sums import YEAR
from service.web.draw import Pair, pairs
from service.web.formats import number, percent, signed, span
from service.web.language import _

Numbers = dict[str, Any]
DRAWN = 12


def period_pairs(wide: Numbers, what: str, key: str) -> Markup | None:
    """The largest sums of the period beside the year before, by the constant panel; or None."""
    rows = [
        Pair(name, change["before"], change["now"])
        for name, _sum, change in _period(wide, what)
        if change is not None
    ]
    rows = sorted(rows, key=lambda row: -max(row.before or 0, row.after or 0))[:DRAWN]
    if not rows:
        return None
    title = _("Perioden bredvid samma veckor året före")
    return pairs(rows, key, title, before=_("året före"), after=_("perioden"))


def period_rows(wide: Numbers, what: str) -> list[list[str]]:
    """Name, reports of all, and of the constant panel: before, now, how many times as many."""
    return [
        [
            name,
            number(total, 0),
            number(change["before"], 0) if change else "–",
            number(change["now"], 0) if change else "–",
            _ratio(change),
        ]
        for name, total, change in _period(wide, what)
        if total or change
    ]


def _period(wide: Numbers, what: str) -> list[tuple[str, float, Numbers | None]]:
    period = wide["period"]
    names = [one["label" if what == "categories" else "name"] for one in wide[what]]
    key = "by_category" if what == "categories" else "by_area"
    changes = period.get(f"{key}_change") or [None] * len(names)
    return list(zip(names, period[key], changes, strict=True))


def _ratio(change: Numbers | None) -> str:
    if change is None or change["ratio"] is None:
        return "–"
    return _(
        "%(ratio)s (%(span)s)",
        ratio=number(change["ratio"], 2),
        span=span(change["low"], change["high"], 2),
    )


def judged(wide: dict[str, Any]) -> list[str]:
    """What the group itself has said of the situation; an older edition holds nothing of it."""
    work = wide.get("work") or {}
    said = [
        _(
            "Lägets nivå: %(level)s. %(indicators)s",
            level=_(LEVELS[one["level"]]).lower(),
            indicators=one["indicators"],
        )
        for one in work.get("levels", ())
    ]
    places = {"first": _("lyft av gruppen"), "last": _("sist enligt gruppen")}
    return said + [
        _(
            "%(category)s, %(area)s: %(place)s. %(motive)s",
            category=_(one["category"]),
            area=one["area"],
            place=places[one["position"]],
            motive=one["motive"],
        )
        for one in work.get("moved", ())
    ]


def period_sentence(wide: Numbers) -> str:
    """How many reports, from how many, and what may be said of the year before."""
    period = wide["period"]
    change = period.get("change")
    said = _(
        "%(total)s rapporter från %(actors)s aktörer under %(weeks)s veckor. "
        "%(answered)s av det som efterfrågades kom in.",
        total=number(period["total"], 0),
        actors=period["actors"],
        weeks=period["weeks"],
        answered=percent(period["answered"]),
    )
    if period["weeks"] > YEAR:
        return said + " " + _("Perioden är längre än 52 veckor och jämförs inte med veckorna före.")
    if not change or change["ratio"] is None:
        return said + " " + _("Det finns inget år före att jämföra med.")
    return (
        said
        + " "
        + _(
            "Hos de %(panel)s aktörer som hördes båda åren är det %(ratio)s gånger så många som "
            "samma veckor året före (95 %%: %(span)s).",
            panel=period["panel"],
            ratio=number(change["ratio"], 2),
            span=span(change["low"], change["high"], 2),
        )
    )


def moved_pairs(rows: list[Moved], key: str, difference: Difference) -> Markup:
    return pairs(
        [Pair(row.name, row.before, row.after) for row in rows],
        key,
        _("Rapporter i de två utgåvorna"),
        before=difference.earlier.number,
        after=difference.later.number,
    )


def moved_rows(rows: list[Moved]) -> list[list[str]]:
    return [
        [
            row.name,
            "–" if row.before is None else number(row.before),
            "–" if row.after is None else number(row.after),
            signed(row.change),
        ]
        for row in rows
    ]


def place_rows(rows: list[Moved]) -> list[list[str]]:
    return [
        [
            row.name,
            _("inte bland tio") if row.before is None else number(row.before, 0),
            _("inte bland tio") if row.after is None else number(row.after, 0),
        ]
        for row in rows
    ]
