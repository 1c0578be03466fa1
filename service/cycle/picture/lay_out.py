"""From numbers to what the templates draw: rows, tables and drawings, each with its sentence."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from markupsafe import Markup

from service.cycle.picture import explain
from service.cycle.picture.assessment.assess import Assessment, Cell
from service.cycle.picture.assessment.forms import INFLUENCES
from service.cycle.picture.explain import Movement, Numbers
from service.cycle.picture.show import Shown
from service.statistics.coverage import NOTHING_SAID_BELOW, UNCERTAIN_BELOW
from service.web import draw
from service.web.draw import (
    WeeklySeries,
    Window,
    hour_grid,
    level_strip,
    rank_ticks,
    severity_bars,
    short_days,
    sparkline,
    step_of,
    weekly_series,
)
from service.web.formats import days, listing, number, percent, span, week_days, week_number
from service.web.language import _

LISTED_FIRST = 5
MOST_INFLUENCE = 3
NO_ASSESSMENTS: Mapping[Cell, Assessment] = {}
_MOVED = {"first": 0, "": 1, "calculated": 1, "last": 2}
LEFT_NAMED = 2
TICKS = 10


@dataclass(frozen=True)
class Row:
    """One place in the list of priorities, ready to be drawn."""

    place: int
    title: str
    area: str
    category: str
    area_key: str
    category_key: str
    sentence: str
    short: str  # one line for the wall
    hot: str
    doubts: list[str]
    shared: str
    tie: bool  # shares its place with the row above
    step: int
    level: str
    increase: str
    level_strip: Markup
    weight: str
    weight_most: str
    severity_bars: Markup
    actors: int
    score: str
    rank_ticks: Markup
    likely: str
    movement: Movement
    assessment: Assessment | None
    judged: list[str]  # what the group added, in a few words each
    motive: str


def rows(
    wide: Numbers,
    assessments: Mapping[Cell, Assessment] = NO_ASSESSMENTS,
    first: int | None = None,
) -> list[Row]:
    """The list in its calculated order, but for what the group has moved first or last.

    `first` cuts it after so many places.
    """
    priorities = wide["priorities"]
    top = max((row["level_high"] for row in priorities[:LISTED_FIRST]), default=1.0)
    top = max(top, *(row["usual"] or 0.0 for row in priorities[:LISTED_FIRST])) if priorities else 1
    highest = priorities[0]["score"] if priorities else 1.0
    shared_below = {row["place"] + 1 for row in priorities if row["shared_with_next"]}

    def assessed(row: Numbers) -> Assessment | None:
        area, category = wide["areas"][row["area"]], wide["categories"][row["category"]]
        return assessments.get((area["key"], category["key"]))

    def moved(row: Numbers) -> int:
        assessment = assessed(row)
        return _MOVED[assessment.position if assessment else ""]

    listed = []
    for row in sorted(priorities, key=moved)[:first]:
        doubts = explain.doubts(row)
        assessment = assessed(row)
        change = row["increase"]
        listed.append(
            Row(
                place=row["place"],
                title=explain.title(wide, row),
                area=wide["areas"][row["area"]]["name"],
                category=wide["categories"][row["category"]]["label"],
                area_key=wide["areas"][row["area"]]["key"],
                category_key=wide["categories"][row["category"]]["key"],
                sentence=explain.rank(row),
                short=explain.short(row),
                hot=explain.hot(row["hot"]),
                doubts=doubts,
                shared=explain.shared(row),
                tie=row["place"] in shared_below,
                step=step_of(row["score"], highest),
                level=number(row["level"], 1),
                increase="" if change is None else _signed(change),
                level_strip=level_strip(
                    row["level"], row["usual"], row["level_low"], row["level_high"], top
                ),
                weight=number(row["weight"]),
                weight_most=number(row["weight_most"]),
                severity_bars=severity_bars(round(16 * row["weight"] / row["weight_most"])),
                actors=row["actors"],
                score=number(row["score"], 1),
                rank_ticks=rank_ticks(
                    min(row["place"], TICKS),
                    min(row["place_low"], TICKS),
                    min(row["place_high"], TICKS),
                    TICKS,
                ),
                likely=span(row["place_low"], row["place_high"], 0),
                movement=explain.movement(row),
                assessment=assessment,
                judged=_judged(assessment),
                motive=assessment.motive if assessment else "",
            )
        )
    return listed


def _judged(assessment: Assessment | None) -> list[str]:
    if assessment is None:
        return []
    tags = []
    if assessment.influence is not None:
        label = _(INFLUENCES[str(assessment.influence)]).lower()
        tags.append(_("Möjlighet att påverka: %(influence)s", influence=label))
    if assessment.position != "calculated":
        moved = {"first": _("Lyft av gruppen"), "last": _("Sist enligt gruppen")}
        tags.append(moved[assessment.position])
    return tags


def need_and_influence(wide: Numbers, listed: list[Row]) -> list[list[str]]:
    """Judged places by need × ability to influence (a third, two thirds, all), best first."""
    scores = {row["place"]: row["score"] for row in wide["priorities"]}
    judged = [
        (scores[row.place] * row.assessment.influence / MOST_INFLUENCE, row)
        for row in listed
        if row.assessment and row.assessment.influence
    ]
    return [
        [
            row.title,
            row.score,
            _(INFLUENCES[str(row.assessment.influence)]) if row.assessment else "",
            number(product, 1),
        ]
        for product, row in sorted(judged, key=lambda pair: -pair[0])
    ]


def weights_sentence(wide: Numbers) -> str:
    """Which weights the picture was calculated with."""
    light, medium, severe = (number(one) for one in wide["weights"]["by_severity"])
    version = wide["weights"]["version"]
    sentence = _(
        "Allvar väger %(light)s, %(medium)s eller %(severe)s",
        light=light,
        medium=medium,
        severe=severe,
    )
    if version:
        return _("%(sentence)s (kommunens vikter, version %(version)s).", sentence=sentence,
                 version=version)  # fmt: skip
    return _("%(sentence)s (standardvikter).", sentence=sentence)


def _signed(change: float) -> str:
    if abs(change) < explain.NO_DIFFERENCE:
        return "±0"
    return f"{'+' if change > 0 else '−'}{number(abs(change), 1)}"


def evidence(wide: Numbers) -> Callable[[int], str]:
    """Where the page shows why an area is named in its headline."""
    places: dict[int, int] = {}
    for row in wide["priorities"]:
        places.setdefault(row["area"], row["place"])
    return lambda area: f"#p{places[area]}" if area in places else "#over"


def unspoken(wide: Numbers) -> list[dict[str, str]]:
    """Areas where nothing can be concluded, and what was reported there all the same."""
    return [
        {
            "area": wide["areas"][row["area"]]["name"],
            "sentence": explain.silence(
                row["four"], [wide["categories"][c]["label"] for c in row["categories"][:4]]
            ),
        }
        for row in wide["unspoken"]
    ]


def _expected(numbers: Numbers, index: int) -> str:
    if numbers["expected"][index] is None:
        return _("går inte att säga")
    return span(numbers["at_least"][index], numbers["at_most"][index], 0)


def coverage_text(share: float) -> str | Markup:
    if share < NOTHING_SAID_BELOW:
        return Markup('<span class="tag unsure">{}</span>').format(
            _("%(share)s, för få", share=percent(share))
        )
    if share < UNCERTAIN_BELOW:
        return Markup('<span class="tag unsure">{}</span>').format(percent(share))
    return percent(share)


def _linked(name: str, here: str, kind: str, key: str) -> str | Markup:
    """The name, leading to what lies behind its figures where `here` says that it may."""
    if not here:
        return name
    return Markup('<a href="{}/{}/{}">{}</a>').format(here, kind, key, name)


def area_rows(
    wide: Numbers, whole: bool = False, here: str = "", lines: int = 0
) -> list[list[str | Markup]]:
    """Area, this week, expected, coverage; the most reported first, as the map's equal.

    The `whole` row has four weeks and the actors of eight weeks as well. The first `lines` rows end
    with their half year as a small line. `here` is the picture's address, for links to what lies
    behind.
    """
    numbers = wide["by_area"]
    order = sorted(
        range(len(wide["areas"])), key=lambda i: (-numbers["four"][i], wide["areas"][i]["name"])
    )
    asked = wide["actors"]["asked"]
    return [
        [
            _linked(wide["areas"][i]["name"], here, "omrade", wide["areas"][i]["key"]),
            number(numbers["week"][i], 0),
            _expected(numbers, i),
            coverage_text(numbers["coverage"][i]),
            *(
                (
                    number(numbers["four"][i], 0),
                    _("%(some)s av %(all)s", some=numbers["actors"][i], all=asked),
                )
                if whole
                else ()
            ),
            *((_half_year(wide, i),) if place < lines else ()),
        ]
        for place, i in enumerate(order)
    ]


def _half_year(wide: Numbers, area: int) -> Markup:
    """The area's reports week by week, on a scale of its own; the numbers stand beside it."""
    weeks = wide["area_weeks"]
    return sparkline(weeks[area], width=84, height=22) if weeks else Markup("")


def category_rows(wide: Numbers, here: str = "") -> list[list[str | Markup]]:
    """Category, this week, expected, actors of eight weeks; the most reported first."""
    numbers = wide["by_category"]
    order = sorted(range(len(wide["categories"])), key=lambda i: (-numbers["four"][i], i))
    asked = wide["actors"]["asked"]
    return [
        [
            _linked(wide["categories"][i]["label"], here, "kategori", wide["categories"][i]["key"]),
            number(numbers["week"][i], 0),
            _expected(numbers, i),
            _("%(some)s av %(all)s", some=numbers["actors"][i], all=asked),
        ]
        for i in order
        if numbers["four"][i] > 0
    ]


def cells_by_area(wide: Numbers, here: str = "") -> list[tuple[str, list[list[str | Markup]]]]:
    """Area by area its categories, four weeks beside what was expected of them."""
    numbers = wide["cells"]
    asked = wide["actors"]["asked"]
    found: dict[str, list[list[str | Markup]]] = {}
    for i, (area, category) in enumerate(zip(numbers["area"], numbers["category"], strict=True)):
        expected, change = numbers["expected"][i], numbers["change"][i]
        known = expected is not None
        found.setdefault(wide["areas"][area]["name"], []).append(
            [
                _linked(
                    wide["categories"][category]["label"],
                    here,
                    f"lage/{wide['areas'][area]['key']}",
                    wide["categories"][category]["key"],
                ),
                number(numbers["four"][i], 0),
                number(expected, 1) if known else _("går inte att säga"),
                number(numbers["at_most"][i], 0) if known else "–",
                _signed(change) if known else "–",
                _("%(some)s av %(all)s", some=numbers["actors"][i], all=asked),
            ]
        )
    return sorted(found.items())


def series(shown: Shown) -> Markup:
    wide = shown.wide or {}
    numbers = wide["series"]
    return weekly_series(
        WeeklySeries(
            weeks=shown.weeks,
            # Fractions of reports without a known time are counted, but not read out.
            observed=[round(count) for count in numbers["counts"]],
            low=numbers["at_least"] or (),
            middle=numbers["expected"] or (),
            high=numbers["at_most"] or (),
            coverage=numbers["coverage"],
        ),
        "weeks",
        _("Händelser per vecka"),
    )


def series_rows(shown: Shown) -> list[list[str]]:
    numbers = (shown.wide or {})["series"]
    return [
        [
            week_days(monday),
            number(numbers["counts"][i], 0),
            span(numbers["at_least"][i], numbers["at_most"][i], 0) if numbers["expected"] else "–",
            percent(numbers["coverage"][i]),
        ]
        for i, monday in reversed(list(enumerate(shown.weeks)))
    ]


def hours(wide: Numbers) -> Markup:
    return hour_grid(_grid(wide), "hours", _("Veckodag och timme"), _frame(wide["hours"]["hot"]))


def _grid(wide: Numbers) -> list[list[float]]:
    counts = wide["hours"]["counts"]
    return [counts[day * 24 : day * 24 + 24] for day in range(7)]


def _frame(hot: Numbers | None) -> Window | None:
    """The window of the sentence, as far as it lies in its own days."""
    if hot is None:
        return None
    return Window(hot["days"][0], hot["days"][-1], hot["start"], min(hot["end"], 24))


def hour_heads() -> list[str]:
    return [_("Timme"), *short_days()]


def hour_rows(wide: Numbers) -> list[list[str]]:
    return draw.hour_rows(_grid(wide))


def equal_weight_rows(wide: Numbers) -> list[list[str]]:
    """The ten first, and the places they would have if all categories weighed alike."""
    return [
        [
            explain.title(wide, row),
            number(row["place"], 0),
            number(row["equal_weight_place"], 0),
        ]
        for row in wide["priorities"][:TICKS]
    ]


def left_list(wide: Numbers) -> str:
    """What was among the five four weeks ago and is no more; the first of them by name."""
    left = wide["left_list"]
    named = [
        _(
            "%(category)s (%(area)s)",
            category=wide["categories"][row["category"]]["label"],
            area=wide["areas"][row["area"]]["name"],
        )
        for row in left[:LEFT_NAMED]
    ]
    more = len(left) - len(named)
    return listing([*named, *([_("%(num)s till", num=more)] if more else [])])


def group_rows(sums: Numbers) -> list[list[str]]:
    """Published groups as rows: area, category, count. Merged ones say over what, and come last."""
    # "True" sorts after "False", so a rest follows what it is the rest of.
    order = sorted(
        sums["groups"],
        key=lambda group: (
            group["area"] is None,
            group["area"] or "",
            group["category"] is None,
            -group["count"],
            group["category"] or "",
        ),
    )
    return [
        [
            group["area"] or _("Övriga områden tillsammans"),
            group["category"] or _("Övriga kategorier tillsammans"),
            number(group["count"], 0),
        ]
        for group in order
    ]


def monday(iso: str) -> date:
    return date.fromisoformat(iso)


def period_weeks(sums: Numbers) -> str:
    """``vecka 41–44, 5 oktober–1 november 2026``."""
    first, last = date.fromisoformat(sums["first"]), date.fromisoformat(sums["last"])
    return _(
        "vecka %(first)s–%(last)s, %(days)s",
        first=week_number(first),
        last=week_number(last),
        days=days(first, last + timedelta(days=6)),
    )
