"""The picture in words: every number gets the sentence that says what it means and how sure it is.

The functions take what `work_out` made and give texts in the reader's language.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from service.cycle.picture.imports import sentence
from service.statistics.coverage import NOTHING_SAID_BELOW, UNCERTAIN_BELOW
from service.statistics.expectation import HISTORY_NEEDED
from service.web.formats import listing, number, percent, span
from service.web.language import _, later, ngettext

Numbers = dict[str, Any]
imported = sentence

# Under half a tenth of a report a week the difference is no difference.
NO_DIFFERENCE = 0.05
# Shares are said in per cent only of so many reports; of fewer they look surer than they are.
ENOUGH_FOR_PER_CENT = 30
NAMED = 2

_WORDS = (
    later("inga"), later("en"), later("två"), later("tre"), later("fyra"), later("fem"),
    later("sex"), later("sju"), later("åtta"), later("nio"), later("tio"), later("elva"),
    later("tolv"),
)  # fmt: skip
_DAYS = (
    later("måndagar"), later("tisdagar"), later("onsdagar"), later("torsdagar"),
    later("fredagar"), later("lördagar"), later("söndagar"),
)  # fmt: skip


def in_words(count: int) -> str:
    """Small numbers as words: inga, en, två … tolv, 13."""
    return _(_WORDS[count]) if 0 <= count < len(_WORDS) else number(count, 0)


def title(wide: Numbers, row: Numbers) -> str:
    """``Bråk, Norr 3``."""
    category, area = wide["categories"][row["category"]], wide["areas"][row["area"]]
    return _("%(category)s, %(area)s", category=category["label"], area=area["name"])


# -- the page's sentence ----------------------------------------------------------------------


def headline(wide: Numbers, link: Callable[[int], str] | None = None) -> Markup:
    """The state of the week in one or two sentences; `link` gives an area's evidence an address."""
    if not wide["begun"]:
        return Markup(escape(_("Bilden börjar med den första rapporten.")))
    if not wide["expects"]:
        return Markup(escape(_("Bilden börjar ta form.")))
    total = wide["total"]
    above = sure(wide)
    if total["expected"] is None and not above:
        return Markup(escape(_("För få har rapporterat för att säga hur veckan är.")))
    places = list(dict.fromkeys(row["area"] for row in above))
    if not places:
        return Markup(escape(_quiet(wide)))
    names = [_place_name(wide, area, link) for area in places[:NAMED]]
    more = len(places) - len(names)
    if more:
        names.append(escape(ngettext("ett område till", "%(num)s områden till", more)))
    sentence = Markup(escape(_("{places} ligger över det väntade. {rest}")))
    return sentence.format(places=_joined(names), rest=_rest(wide))


def sure(wide: Numbers) -> list[Numbers]:
    """Signals that the page's first sentence may rest on: beyond chance among all cells."""
    return [row for row in wide["above"] if row["sure"]]


def _place_name(wide: Numbers, area: int, link: Callable[[int], str] | None) -> Markup:
    name = wide["areas"][area]["name"]
    href = link(area) if link else ""
    return Markup('<a href="{}">{}</a>').format(href, name) if href else escape(name)


def _joined(names: list[Markup]) -> Markup:
    return Markup(listing([str(name) for name in names]))


def _quiet(wide: Numbers) -> str:
    compared = _against_expected(wide)
    if compared > 0:
        return _("Fler rapporter än väntat i kommunen, men inget område sticker ut.")
    if compared < 0:
        return _("Färre rapporter än väntat i kommunen. Inget område sticker ut.")
    if unsure := _less_sure(wide):
        return ngettext(
            "Veckan ryms i det väntade. En osäkrare signal är värd en titt.",
            "Veckan ryms i det väntade. %(num)s osäkrare signaler är värda en titt.",
            unsure,
        )
    return _("Veckan är som vanligt.")


def _less_sure(wide: Numbers) -> int:
    """How many signals the page lists that its first sentence does not rest on."""
    beside = len(wide["clusters"]) + len(wide["pooled"]) + len(wide["second_opinion"] or ())
    return len(wide["above"]) - len(sure(wide)) + beside


def _rest(wide: Numbers) -> str:
    compared = _against_expected(wide)
    if compared > 0:
        return _("Kommunen som helhet har fler rapporter än väntat.")
    if compared < 0:
        return _("Kommunen som helhet har färre rapporter än väntat.")
    if wide["total"]["expected"] is None:
        return _("I övrigt har för få rapporterat för att säga något.")
    if unsure := _less_sure(wide):
        return ngettext(
            "I övrigt ryms veckan i det väntade, och en osäkrare signal är värd en titt.",
            "I övrigt ryms veckan i det väntade, och %(num)s osäkrare signaler är värda en titt.",
            unsure,
        )
    return _("I övrigt är veckan som vanligt.")


def _against_expected(wide: Numbers) -> int:
    """1 above, −1 below, 0 inside the expected or unknown."""
    total = wide["total"]
    if total["expected"] is None:
        return 0
    if total["week"] > total["at_most"]:
        return 1
    # That little came in may only mean that few were heard.
    heard = wide["series"]["coverage"][-1] >= UNCERTAIN_BELOW
    return -1 if total["week"] < total["at_least"] and heard else 0


def lead(wide: Numbers) -> Markup:
    """The numbers under the headline: the week's count, the expected, how many stand out."""
    total = wide["total"]
    count = ngettext("%(num)s händelse", "%(num)s händelser", round(total["week"]))
    texts = []
    so_far = wide["elapsed"] < 1
    if total["expected"] is None:
        text = _("{count} hittills i veckan.") if so_far else _("{count} under veckan.")
        texts.append(Markup(escape(text)).format(count=_strong(count)))
    else:
        expected = span(total["at_least"], total["at_most"], 0)
        text = (
            _("{count} hittills i veckan, väntat {expected}.")
            if so_far
            else _("{count}, väntat {expected}.")
        )
        texts.append(Markup(escape(text)).format(count=_strong(count), expected=expected))
    above = len(sure(wide))
    if above:
        places = ngettext("Ett läge", "%(word)s lägen", above, word=in_words(above).capitalize())
        texts.append(Markup(escape(_("{places} över det väntade."))).format(places=_strong(places)))
    if not wide["expects"]:
        texts.append(escape(_too_young(wide)))
    unsure = unsure_areas(wide)
    if unsure:
        texts.append(escape(unsure))
    return Markup(" ").join(texts)


def _strong(text: str) -> Markup:
    return Markup("<b>{}</b>").format(text)


def _too_young(wide: Numbers) -> str:
    left = max(HISTORY_NEEDED - wide["history_weeks"], 1) + 4
    return ngettext(
        "Om ungefär en vecka går det att säga vad som är väntat.",
        "Om ungefär %(num)s veckor går det att säga vad som är väntat.",
        left,
    )


def unsure_areas(wide: Numbers) -> str:
    """``I Ljusne är underlaget osäkert.``, or nothing."""
    areas = [
        wide["areas"][index]["name"]
        for index, share in enumerate(wide["by_area"]["coverage"])
        if share < UNCERTAIN_BELOW and wide["by_area"]["four"][index] > 0
    ]
    if not areas:
        return ""
    if len(areas) == len(wide["areas"]):
        return _("Underlaget är osäkert i hela kommunen: för få har rapporterat.")
    if len(areas) > 3:
        return _("I %(count)s områden är underlaget osäkert.", count=in_words(len(areas)))
    return _("I %(areas)s är underlaget osäkert.", areas=listing(areas))


def coverage_sentence(actors: Numbers) -> str:
    """``18 av 22 aktörer har rapporterat``."""
    heard = actors["reported"] + actors["nothing"]
    return ngettext(
        "%(heard)s av %(num)s aktör har rapporterat",
        "%(heard)s av %(num)s aktörer har rapporterat",
        actors["asked"],
        heard=heard,
    )


# -- a place in the list ----------------------------------------------------------------------


def rank(row: Numbers) -> str:
    """``Plats 1 (troligen 1–2): 4,2 rapporter i veckan, 2,1 fler än vanligt, allvar 4 av 16,
    fem oberoende aktörer.``"""
    return _(
        "Plats %(place)s (troligen %(likely)s): %(level)s, %(increase)s, "
        "allvar %(weight)s av %(most)s, %(actors)s.",
        place=row["place"],
        likely=span(row["place_low"], row["place_high"], 0),
        level=level(row),
        increase=increase(row),
        weight=number(row["weight"]),
        most=number(row["weight_most"]),
        actors=actors(row["actors"]),
    )


def short(row: Numbers) -> str:
    """One line that can be read across a room: how unusual it is."""
    if row["coverage"] < UNCERTAIN_BELOW:
        return _("få har rapporterat härifrån")
    if row["increase"] is not None and abs(row["increase"]) >= NO_DIFFERENCE:
        return _("%(increase)s i veckan", increase=increase(row))
    return increase(row)


def level(row: Numbers) -> str:
    return _("%(level)s rapporter i veckan", level=number(row["level"], 1))


def increase(row: Numbers) -> str:
    """``2,1 fler än vanligt``, ``som vanligt``, ``0,7 färre än vanligt``."""
    change = row["increase"]
    if change is None:
        return _("okänt vad som är vanligt")
    if abs(change) < NO_DIFFERENCE:
        return _("som vanligt")
    if change > 0:
        return _("%(change)s fler än vanligt", change=number(change, 1))
    return _("%(change)s färre än vanligt", change=number(-change, 1))


def actors(count: int) -> str:
    if count == 1:
        return _("en enda aktör")
    return _("%(count)s oberoende aktörer", count=in_words(count))


def doubts(row: Numbers) -> list[str]:
    """Why the basis of a row is uncertain; its place in the list is kept all the same."""
    found = []
    if row["coverage"] < UNCERTAIN_BELOW:
        found.append(_("Osäkert underlag, täckning %(share)s", share=percent(row["coverage"])))
    if row["actors"] == 1:
        found.append(_("Osäkert underlag, en enda aktör"))
    return found


def shared(row: Numbers) -> str:
    """Said under a row whose place is shared with the next, else nothing."""
    if not row["shared_with_next"]:
        return ""
    return _(
        "Delad plats: skillnaden mellan %(one)s och %(other)s är mindre än osäkerheten",
        one=row["place"],
        other=row["place"] + 1,
    )


def equal_weights(wide: Numbers) -> str:
    """What would have come first if all categories weighed alike."""
    for row in wide["priorities"]:
        if row["equal_weight_place"] == 1:
            if row["place"] == 1:
                return _("Med lika allvar för alla kategorier hade samma läge kommit först.")
            return _(
                "Med lika allvar för alla kategorier hade %(title)s kommit först.",
                title=title(wide, row),
            )
    return ""


@dataclass(frozen=True)
class Movement:
    """How a place has moved in four weeks: an icon's name, a word, and what it rests on."""

    sign: str
    word: str
    note: str


def movement(row: Numbers) -> Movement:
    if row["coverage"] < UNCERTAIN_BELOW:
        return Movement(
            "circle-dashed", _("Oklart"), _("täckning %(share)s", share=percent(row["coverage"]))
        )
    if row["actors"] == 1:
        return Movement("circle-dashed", _("Oklart"), _("en enda aktör"))
    before = row["earlier_place"]
    if before is None:
        return Movement("plus", _("Ny"), _("på listan"))
    if before == row["place"]:
        return Movement("minus", _("Samma plats"), _("som då"))
    came_from = _("från plats %(place)s", place=before)
    if row["place_low"] <= before <= row["place_high"]:
        return Movement("minus", _("Ungefär samma"), came_from)
    if before > row["place"]:
        return Movement("arrow-up-right", _("Stiger"), came_from)
    return Movement("arrow-down-right", _("Sjunker"), came_from)


# -- when ----------------------------------------------------------------


def hot(window: Numbers | None) -> str:
    """``Mest fredag och lördag klockan 20–24.``, or nothing."""
    if window is None:
        return ""
    return _("Mest %(when)s.", when=when(window))


def when(window: Numbers) -> str:
    """``fredag och lördag klockan 20–24``, ``vardagar``, ``klockan 22–05``."""
    days, start, end = window["days"], window["start"], window["end"]
    whole_day = (start, end) == (0, 24)
    hours = _("klockan %(start)s–%(end)s", start=f"{start:02}", end=f"{end % 24 or 24:02}")
    if len(days) == 7:
        return hours
    if len(days) == 5:
        name = _("vardagar")
    elif len(days) == 2:
        name = _("fredag och lördag") if days[0] == 4 else _("lördag och söndag")
    else:
        name = _(_DAYS[days[0]])
    return name if whole_day else _("%(days)s %(hours)s", days=name, hours=hours)


def hours(numbers: Numbers) -> str:
    """What the grid shows, in one sentence."""
    window = numbers["hot"]
    if window is None:
        return _("Ingen del av veckan sticker ut.")
    part = when(window)
    if numbers["total"] < ENOUGH_FOR_PER_CENT:
        return _("Flest händelser %(when)s.", when=part)
    return _(
        "%(when)s står för %(share)s av händelserna på %(time)s av tiden.",
        when=part[:1].upper() + part[1:],
        share=percent(window["share"]),
        time=percent(window["time"]),
    )


def silence(count: float, categories: list[str]) -> str:
    """An area where too few were heard: what came is told, nothing is concluded."""
    return _(
        "%(count)s på fyra veckor (%(categories)s). Under %(share)s har hörts av, så mer än så "
        "går inte att säga.",
        count=ngettext("%(num)s rapport", "%(num)s rapporter", round(count)),
        categories=listing(categories),
        share=percent(NOTHING_SAID_BELOW),
    )
