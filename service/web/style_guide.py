"""Every component in every state with invented values, on one page that exists only locally."""

from datetime import date, timedelta
from math import cos, pi, sin
from types import SimpleNamespace
from typing import Any

from litestar import Request, get
from litestar.response import Template
from markupsafe import Markup

from service.web import draw
from service.web.formats import number, percent, signed, span, week
from service.web.icons import CATEGORIES, SIGNS
from service.web.may import PUBLIC
from service.web.respond import page


@get("/lokalt/formsprak", opt=PUBLIC, include_in_schema=False, sync_to_thread=False)
def style_guide(request: Request[Any, Any, Any]) -> Template:
    """The page to look at after a change of stylesheet, macro or drawing."""
    return page(request, "components/style_guide.html", **samples())


def samples() -> dict[str, Any]:
    """What the page shows: an invented Tallbacka, where nothing has happened."""
    return {
        "municipality": SimpleNamespace(slug="tallbacka", name="Tallbacka"),
        "member": SimpleNamespace(
            name="Vera Exempel",
            organisation_name="Tallbacka kommun",
            watched_until=None,
            may=lambda _permission: False,
        ),
        "demonstration": True,
        "nav": [
            {"href": "/lokalt/formsprak", "label": "Lägesbild"},
            {"href": "/tallbacka/rapporter", "label": "Kartläggning", "step": True, "waiting": 7},
            {"href": "/tallbacka/analys", "label": "Analys", "step": True},
            {"href": "/tallbacka/insatser", "label": "Insatser", "step": True, "waiting": 1},
            {"href": "/tallbacka/radet", "label": "Rådet"},
        ],
        "rows": priority_rows(),
        "signals": signals(),
        "series": draw.weekly_series(weekly_sample(), "serie", "Händelser per vecka"),
        "series_rows": series_rows(),
        "grid": draw.hour_grid(
            hourly_sample(), "tid", "Veckodag och timme", draw.Window(4, 5, 20, 24)
        ),
        "map": draw.municipality_map(TALLBACKA, places(), "karta"),
        "icons": [*SIGNS, *(f"category-{key}" for key in CATEGORIES)],
    }  # fmt: skip


def signals() -> list[dict[str, Any]]:
    return [
        {
            "title": "Samlingar, Torget",
            "sentence": Markup(
                "De senaste 4 veckorna har <b>17 rapporter</b> kommit. "
                "Vi väntade oss ungefär 8, normalt högst 13. Fem aktörer har rapporterat."
            ),
            "strip": draw.expected_strip(17, 8, 13, 20, "s1"),
        },
        {
            "title": "Buskörning, Norra vägen",
            "sentence": "6 rapporter på 2 veckor mot väntade 3. Täckningen är låg.",
            "strip": draw.expected_strip(6, 3, 7, 10, "s2"),
        },
    ]


# title, sentence, level, increase, usual, low, high, severity, actors, score, likely places
RANKED: tuple[tuple[Any, ...], ...] = (
    ("Samlingar vid Torget", "Fredag och lördag kväll. 4,2 rapporter i veckan, 2,1 fler än "
     "vanligt, från fem oberoende aktörer.", 4.2, 2.1, 2.1, 3.0, 5.2, 4, 5, 24.4, 1, 2),
    ("Misstänkt droghandel i Parken", "Vardagar efter skolan. 1,6 rapporter i veckan, 0,7 fler "
     "än vanligt, från fyra aktörer.", 1.6, 0.7, 0.9, 0.8, 2.3, 16, 4, 17.3, 1, 3),
    ("Buskörning på Norra vägen", "Kvällar. 2,9 rapporter i veckan, 0,7 fler än vanligt. Två av "
     "tre aktörer har inte hörts av.", 2.9, 0.7, 2.2, 1.7, 4.6, 4, 3, 12.6, 2, 5),
    ("Krossade rutor vid Skolan", "Upptäcks måndag morgon. 3,4 rapporter i veckan, 2,0 fler "
     "än vanligt, från tre aktörer.", 3.4, 2.0, 1.4, 2.2, 4.4, 2, 3, 9.5, 3, 5),
    ("Släckt belysning längs Kajen", "Efter klockan 16. 5,1 rapporter i veckan, 2,1 fler än "
     "vanligt, från sex aktörer. Allvaret är lågt.", 5.1, 2.1, 3.0, 3.8, 6.6, 1, 6, 7.1, 4, 6),
)  # fmt: skip


def priority_rows() -> list[dict[str, Any]]:
    """Five ranked rows as the picture draws them: one with an uncertain basis, a shared place."""
    rows = [_row(place, *values) for place, values in enumerate(RANKED, 1)]
    rows[2]["doubts"] = ["Osäkert underlag, täckning 62 %"]
    rows[3]["shared"] = "Delad plats: skillnaden mellan 4 och 5 är mindre än osäkerheten."
    rows[4]["tie"] = True
    return rows


def _row(
    place: int,
    title: str,
    sentence: str,
    level: float,
    increase: float,
    usual: float,
    low: float,
    high: float,
    severity: int,
    actors: int,
    score: float,
    first: int,
    last: int,
) -> dict[str, Any]:
    return {
        "place": place,
        "title": title,
        "sentence": sentence,
        "hot": "",
        "doubts": [],
        "shared": "",
        "tie": False,
        "step": 6 - place,
        "level": number(level, 1),
        "increase": signed(increase, 1),
        "level_strip": draw.level_strip(level, usual, low, high, 8.0),
        "weight": number(severity, 0),
        "weight_most": number(16, 0),
        "judged": [],
        "motive": "",
        "severity_bars": draw.severity_bars(severity),
        "actors": actors,
        "score": number(score, 1),
        "rank_ticks": draw.rank_ticks(place, first, last),
        "likely": span(first, last, 0),
    }


def weekly_sample() -> draw.WeeklySeries:
    """A year of weeks with season, a gap of low coverage and one week outside the expected."""
    first = date(2025, 11, 24)
    weeks = [first + timedelta(weeks=week) for week in range(52)]
    middle = [30 + 7 * cos(2 * pi * week / 52) for week in range(52)]
    noise = [5 * sin(week * 2.3) + 2.5 * sin(week * 0.9) for week in range(52)]
    observed: list[float | None] = [round(m + n) for m, n in zip(middle, noise, strict=True)]
    observed[46] = 51
    observed[30] = None
    coverage = [0.9 if week % 5 else 0.8 for week in range(52)]
    coverage[28:32] = [0.6, 0.5, 0.4, 0.65]
    return draw.WeeklySeries(
        weeks, observed, [m - 9 for m in middle], middle, [m + 10 for m in middle], coverage,
        measures=[(weeks[44], "Fältpass fredag")],
    )  # fmt: skip


def series_rows() -> list[list[str]]:
    sample = weekly_sample()
    return [
        [week(w).capitalize(), number(o), span(low, high, 0), percent(c)]
        for w, o, low, high, c in zip(
            sample.weeks, sample.observed, sample.low, sample.high, sample.coverage, strict=True
        )
    ]  # fmt: skip


def hourly_sample() -> list[list[float]]:
    return [
        [
            max(0.0, 3 * sin((hour - 8) / 24 * 2 * pi) * (hour > 8) + sin(hour * 5 + day * 3) - 0.2)
            + (7.0 if day in (4, 5) and hour >= 20 else 0.0)
            for hour in range(24)
        ]
        for day in range(7)
    ]


def _blob(
    longitude: float, latitude: float, size: float, corners: int = 40, rough: float = 0.12
) -> list[list[float]]:
    ring = [
        [
            longitude + 2 * size * (1 + rough * sin(5 * turn) + rough * cos(9 * turn)) * cos(turn),
            latitude + size * (1 + rough * sin(5 * turn) + rough * cos(9 * turn)) * sin(turn),
        ]
        for turn in (2 * pi * corner / corners for corner in range(corners))
    ]
    return [*ring, ring[0]]


TALLBACKA = SimpleNamespace(
    code="0000",
    name="Tallbacka",
    land=[_blob(17.0, 61.3, 0.13), _blob(17.33, 61.22, 0.02), _blob(17.36, 61.27, 0.012)],
    surroundings=[_blob(16.72, 61.47, 0.06)],
    lakes=[_blob(16.86, 61.32, 0.025)],
    localities=[
        SimpleNamespace(name="Tallbacka", latitude=61.36, longitude=17.05, population=9000),
        SimpleNamespace(name="Sjöhaga", latitude=61.25, longitude=17.16, population=1200),
        SimpleNamespace(name="Näset", latitude=61.22, longitude=16.92, population=700),
    ],
    bounds=(16.6, 61.1, 17.45, 61.52),
)


def places() -> list[draw.Place]:
    """Twelve hexagons in the town and two smaller places, five of them ranked."""
    ranks = {
        0: (1, "Samlingar vid Torget"),
        4: (2, "Misstänkt droghandel i Parken"),
        7: (4, "Krossade rutor vid Skolan"),
        10: (5, "Släckt belysning längs Kajen"),
    }
    found = []
    for index in range(12):
        row, column = divmod(index, 4)
        longitude = 17.02 + 0.0165 * column + 0.00825 * (row % 2)
        latitude = 61.35 + 0.0069 * row
        corners = [
            [
                longitude + 0.0095 * cos(pi / 6 + pi / 3 * k),
                latitude + 0.00457 * sin(pi / 6 + pi / 3 * k),
            ]
            for k in range(6)
        ]
        numbers = (
            [(ranks[index][0], f"#p{ranks[index][0]}", ranks[index][1])] if index in ranks else []
        )
        found.append(
            draw.Place(
                f"Ruta {index + 1}",
                latitude,
                longitude,
                {"type": "Polygon", "coordinates": [[*corners, corners[0]]]},
                step=(index * 7 + 3) % 6,
                coverage=0.9,
                kind="hexagon",
                locality="Tallbacka",
                numbers=numbers,
            )
        )
    for name, latitude, longitude, step, share, numbers in (
        ("Sjöhaga", 61.25, 17.16, 3, 0.62, [(3, "#p3", "Buskörning på Norra vägen")]),
        ("Näset", 61.22, 16.92, 1, 0.95, []),
    ):
        ring = _blob(longitude, latitude, 0.008, 12, 0)
        found.append(
            draw.Place(
                name,
                latitude,
                longitude,
                {"type": "Polygon", "coordinates": [ring]},
                step,
                share,
                numbers=numbers,
            )
        )
    return found


style_guide_routes = [style_guide]
