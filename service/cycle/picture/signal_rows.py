"""Signals, watch list, clusters and changes as the page shows them, each with its sentence."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from markupsafe import Markup

from service.cycle.picture import explain
from service.cycle.picture.explain import Numbers
from service.cycle.picture.read_signals import RaisedSignal
from service.web.draw import expected_strip
from service.web.formats import listing, number, percent, span, week
from service.web.language import _, later, ngettext

VERDICT_LABELS = {
    "relevant": later("Relevant"),
    "known": later("Känt"),
    "wrong": later("Fel"),
}
HEADROOM = 1.1
SMALLEST_MEAN = 0.05


@dataclass(frozen=True)
class SignalRow:
    """One signal, ready to be drawn; `raised` is its row with what people made of it.

    `href` is what lies behind it, below the picture's own address.
    """

    title: str
    sentence: str
    strip: Markup
    raised: RaisedSignal | None
    href: str = ""


def verdict_label(verdict: str) -> str:
    return _(VERDICT_LABELS[verdict])


def signals(wide: Numbers, raised: dict[tuple[str, str], RaisedSignal]) -> list[SignalRow]:
    return [
        SignalRow(
            title=explain.title(wide, row),
            sentence=_signal(row) + _events(row),
            strip=_strip(wide, row, f"signal-{index}"),
            raised=raised.get(_cell(wide, row)),
            href=_place(wide, row),
        )
        for index, row in enumerate(wide["above"])
    ]


def watched(wide: Numbers) -> list[dict[str, Any]]:
    return [
        {"title": explain.title(wide, row), "sentence": _watched(row), "href": _place(wide, row)}
        for row in wide["watched"]
    ]


def clusters(wide: Numbers) -> list[dict[str, str]]:
    return [
        {
            "title": wide["categories"][row["category"]]["label"],
            "sentence": _cluster(wide, row),
            "href": _category(wide, row),
        }
        for row in wide["clusters"]
        # One area alone is what the signals of cells are for.
        if len(row["areas"]) > 1
    ]


def pooled(wide: Numbers) -> list[dict[str, str]]:
    """What stands out in the whole municipality while its history is too short for areas."""
    return [
        {
            "title": wide["categories"][row["category"]]["label"],
            "href": _category(wide, row),
            "sentence": _(
                "%(count)s rapporter i hela kommunen %(week)s, väntat ungefär %(expected)s och "
                "normalt högst %(at_most)s.",
                count=number(row["count"], 0),
                week=week(date.fromisoformat(row["week"])),
                expected=number(row["expected"], 1),
                at_most=number(row["at_most"], 0),
            ),
        }
        for row in wide["pooled"]
    ]


def second_opinion(wide: Numbers) -> list[str]:
    """What the sums of categories and areas say, compared with their own earlier years."""
    return [
        _(
            "%(what)s: %(count)s rapporter %(week)s, normalt högst %(at_most)s vid den här tiden "
            "på året (jämfört med %(years)s tidigare år).",
            what=_(
                "%(category)s i hela kommunen",
                category=wide["categories"][row["category"]]["label"],
            )
            if row["area"] is None
            else wide["areas"][row["area"]]["name"],
            count=number(row["count"], 0),
            week=week(date.fromisoformat(row["week"])),
            at_most=number(row["at_most"], 0),
            years=row["years"],
        )
        for row in wide["second_opinion"] or ()
    ]


def _cell(wide: Numbers, row: Numbers) -> tuple[str, str]:
    return wide["areas"][row["area"]]["key"], wide["categories"][row["category"]]["key"]


def _place(wide: Numbers, row: Numbers) -> str:
    return "lage/{}/{}".format(*_cell(wide, row))


def _category(wide: Numbers, row: Numbers) -> str:
    return f"kategori/{wide['categories'][row['category']]['key']}"


def _strip(wide: Numbers, row: Numbers, key: str) -> Markup:
    top = HEADROOM * max((max(one["count"], one["at_most"]) for one in wide["above"]), default=1.0)
    return expected_strip(round(row["count"]), row["expected"], row["at_most"], top, key)


def _signal(row: Numbers) -> str:
    return ngettext(
        "Den här veckan har %(count)s rapporter kommit. Med hänsyn till tidigare nivå, årstid och "
        "hur många som rapporterat väntade vi oss ungefär %(expected)s, normalt högst %(at_most)s. "
        "%(actors)s har rapporterat.",
        "De senaste %(num)s veckorna har %(count)s rapporter kommit. Med hänsyn till tidigare "
        "nivå, årstid och hur många som rapporterat väntade vi oss ungefär %(expected)s, normalt "
        "högst %(at_most)s. %(actors)s har rapporterat.",
        row["weeks"],
        count=number(row["count"], 0),
        expected=_about(row["expected"]),
        at_most=number(row["at_most"], 0),
        actors=explain.actors(row["actors"]).capitalize(),
    )


def _events(row: Numbers) -> str:
    number_of_them = round(row["events"])
    if not number_of_them:
        return ""
    return " " + ngettext(
        "Under tiden var ett evenemang anmält i området.",
        "Under tiden var %(num)s evenemang anmälda i området.",
        number_of_them,
    )


def _watched(row: Numbers) -> str:
    return _(
        "Fler än väntat (%(count)s mot %(expected)s), men så små tal att det kan vara slump. Vi "
        "bevakar; inget behöver bevisas ännu.",
        count=number(row["count"], 0),
        expected=_about(row["expected"]),
    )


def _about(value: float) -> str:
    """A mean with one decimal; what would read 0,0 is not nothing."""
    return number(value, 1) if value >= SMALLEST_MEAN else _("under 0,1")


def _cluster(wide: Numbers, row: Numbers) -> str:
    return _(
        "Ökar samtidigt i %(areas)s sedan %(week)s: %(count)s rapporter mot väntade %(expected)s. "
        "Bara %(share)s av 1 000 slumpade lägen gav en lika tydlig anhopning.",
        areas=listing([wide["areas"][area]["name"] for area in row["areas"]]),
        week=week(date.fromisoformat(row["since"])),
        count=number(row["count"], 0),
        expected=number(row["expected"], 1),
        share=number(max(1000 * row["p"], 1), 0),
    )


def nothing(method: Numbers) -> str:
    """Said when no cell stands out, with what could have been seen."""
    smallest = method.get("smallest")
    if smallest is None:
        return _("Inga avvikelser utöver det normala.")
    return _(
        "Inga avvikelser utöver det normala. På en vanlig plats kan vi bara se ökningar på minst "
        "%(smallest)s rapporter på %(weeks)s veckor.",
        smallest=number(smallest, 0),
        weeks=method["smallest_weeks"],
    )


def false_alarms(method: Numbers, municipality: str) -> str:
    """How often the method may be expected to be wrong."""
    if method["step"] == "budget":
        return ngettext(
            "Metoden är inställd så att vi räknar med ungefär %(num)s falsk signal i veckan i "
            "%(municipality)s.",
            "Metoden är inställd så att vi räknar med ungefär %(num)s falska signaler i veckan i "
            "%(municipality)s.",
            round(method["budget"]),
            municipality=municipality,
        )
    if method["step"] == "share":
        return _("Räkna med att ungefär %(share)s av signalerna är slump.",
                 share=percent(method["false_share"]))  # fmt: skip
    return ""


def method(numbers: Numbers) -> str:
    """Which method was used, and what history it rests on."""
    weeks = ngettext("%(num)s vecka", "%(num)s veckor", numbers["weeks"])
    if numbers["step"] == "budget":
        return _(
            "Varje kategori i varje område jämförs med %(weeks)s historik. Gränsen är satt genom "
            "att spela upp %(replayed)s av kommunens egna tidigare veckor.",
            weeks=weeks,
            replayed=numbers["replayed"],
        )
    if numbers["step"] == "share":
        return _(
            "Varje kategori i varje område jämförs med %(weeks)s historik. Det är för lite för "
            "att spela upp tidigare veckor, så gränsen är osäker.",
            weeks=weeks,
        )
    if numbers["step"] == "pooled":
        return _(
            "Historiken är %(weeks)s. Så länge jämförs bara kategorierna i hela kommunen.",
            weeks=weeks,
        )
    return _("Historiken är %(weeks)s. Det är för lite för att säga vad som är ovanligt.",
             weeks=weeks)  # fmt: skip


def change(wide: Numbers) -> str:
    """The last eight weeks beside the year before, among the same reporters; else nothing."""
    numbers = wide["change"]
    if numbers is None:
        return ""
    low, high = (100 * (numbers[key] - 1) for key in ("low", "high"))
    sentence = ngettext(
        "Bland den %(num)s aktör som rapporterat hela tiden är förändringen %(change)s %% "
        "(%(range)s) de senaste %(weeks)s veckorna mot året innan.",
        "Bland de %(num)s aktörer som rapporterat hela tiden är förändringen %(change)s %% "
        "(%(range)s) de senaste %(weeks)s veckorna mot året innan.",
        numbers["actors"],
        change=_whole(100 * (numbers["ratio"] - 1)),
        range=_("%(low)s till %(high)s", low=_whole(low), high=_whole(high)),
        weeks=numbers["weeks"],
    )
    if low <= 0 <= high:
        return sentence + " " + _("Det går inte att skilja från slumpen.")
    return sentence


def _whole(value: float) -> str:
    whole = round(value)
    return "±0" if whole == 0 else f"{'+' if whole > 0 else '−'}{number(abs(whole), 0)}"


def claims(wide: Numbers) -> list[str]:
    """Areas of which a change may be claimed."""
    numbers = wide["change"]
    if numbers is None:
        return []
    said = []
    if numbers["better"]:
        said.append(_("Färre än året innan i %(areas)s.", areas=_areas(wide, numbers["better"])))
    if numbers["worse"]:
        said.append(_("Fler än året innan i %(areas)s.", areas=_areas(wide, numbers["worse"])))
    return said


def hot_spots(wide: Numbers) -> str:
    """Said under the map; nothing where there are too few areas to tell."""
    if not wide["hot_spots"]:
        return ""
    return _(
        "Ligger tillsammans med sina grannar högt jämfört med kommunen i övrigt: %(areas)s.",
        areas=_areas(wide, wide["hot_spots"]),
    )


def raised_rows(raised: list[RaisedSignal]) -> list[list[str]]:
    """Raised signals as rows of a table: what, when, counted, expected, what people made of it."""
    return [
        [
            _("%(category)s, %(area)s", category=_(one.category), area=one.area),
            week(one.first_week)
            if one.first_week == one.last_week
            else f"{week(one.first_week)}–{week(one.last_week)}",
            number(one.counted, 0),
            number(one.expected, 1),
            verdict_label(one.verdict) if one.verdict else "–",
        ]
        for one in raised
    ]


def _areas(wide: Numbers, chosen: list[int]) -> str:
    return listing([wide["areas"][area]["name"] for area in chosen])


def likely_share(share: float, bounds: tuple[float, float]) -> str:
    """``67 % (troligen 40–88 %)``."""
    return _(
        "%(share)s (troligen %(likely)s %%)",
        share=percent(share),
        likely=span(100 * bounds[0], 100 * bounds[1], 0),
    )
