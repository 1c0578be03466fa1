"""Drawings say what they show, hold no styles, and are honest where nothing is known."""

import re
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from markupsafe import Markup

from service.web import draw
from service.web.draw.svg import nice_top
from service.web.style_guide import TALLBACKA, hourly_sample, places, weekly_sample

DRAWINGS = {
    "series": lambda: draw.weekly_series(weekly_sample(), "a", "Händelser per vecka"),
    "grid": lambda: draw.hour_grid(
        hourly_sample(), "b", "Veckodag och timme", draw.Window(4, 5, 20, 24)
    ),
    "map": lambda: draw.municipality_map(TALLBACKA, places(), "c"),
    "expected": lambda: draw.expected_strip(17, 8, 13, 20, "d"),
    "triangle": lambda: draw.cause_triangle(
        [("A", "place", "several_sources"), ("B", "offender", "weak"), ("C", "target", "rejected")],
        place="Torget",
        sides={"place": "Plats", "offender": "De som stör", "target": "De som drabbas"},
        key="e",
    ),
}


@pytest.mark.parametrize("name", DRAWINGS)
def test_a_drawing_is_named_and_holds_no_style(name: str) -> None:
    drawn = DRAWINGS[name]()
    assert isinstance(drawn, Markup)
    assert "style=" not in drawn and "<script" not in drawn and "nan" not in drawn.lower()
    root = ElementTree.fromstring(f"<div>{drawn}</div>")
    drawings = root.findall(".//svg") or [root.find("svg")]
    for svg in drawings:
        assert svg is not None
        named = svg.attrib["aria-labelledby"].split()
        ids = {part.attrib.get("id") for part in svg.iter()}
        assert set(named) <= ids and svg.find("title").text  # type: ignore[union-attr]
    ids = re.findall(r' id="([^"]+)"', drawn)
    assert len(ids) == len(set(ids)), "the wide and the narrow drawing share an id"


def test_the_map_leads_to_the_list_in_its_order() -> None:
    drawn = draw.municipality_map(TALLBACKA, places(), "c")
    wide = drawn[: drawn.index("n-only")]
    assert re.findall(r'href="#p(\d)"', wide) == ["1", "2", "3", "4", "5"]
    assert 'role="group"' in wide
    unranked = [replace(place, numbers=()) for place in places()]
    assert 'role="img"' in draw.municipality_map(TALLBACKA, unranked, "c")


def test_a_place_with_low_coverage_is_hatched_and_keeps_its_colour() -> None:
    drawn = draw.municipality_map(TALLBACKA, places(), "c")
    assert re.search(r'class="cell q3 unsure"[^>]*/><path[^>]*fill="url\(#c-w-k\)"', drawn)


def test_a_name_cannot_break_out_of_a_drawing() -> None:
    evil = replace(places()[0], numbers=[(1, '"><script>', "<b>")])
    drawn = draw.municipality_map(TALLBACKA, [evil], "c", title="<script>")
    assert "<script" not in drawn and "<b>" not in drawn


def test_a_week_without_value_is_a_gap_and_one_outside_is_marked() -> None:
    drawn = draw.weekly_series(weekly_sample(), "a", "t")
    wide = drawn[: drawn.index("n-only")]
    assert wide.count('class="line"') == 2
    assert wide.count('class="dot out"') == 1 and ">51<" in wide
    assert "url(#a-w)" in wide


def test_a_series_can_be_empty_short_or_without_expectation() -> None:
    assert "Inga veckor" in draw.weekly_series(draw.WeeklySeries([], []), "a", "t")
    weeks = [date(2026, 11, 16) + timedelta(weeks=n) for n in range(2)]
    drawn = draw.weekly_series(draw.WeeklySeries(weeks, [3, None]), "a", "t")
    assert "band" not in drawn and "dot out" not in drawn
    assert not draw.outside(50, None, 10)


@pytest.mark.parametrize(
    ("highest", "top", "step"),
    [(0, 1, 1), (4, 4, 1), (5.2, 6, 2), (51, 60, 20), (730, 800, 200), (48, 50, 10)],
)
def test_an_axis_ends_at_a_round_number(highest: float, top: float, step: float) -> None:
    assert nice_top([highest]) == (top, step)


def test_nothing_is_never_a_step() -> None:
    assert [draw.step_of(value, 10) for value in (0, None, 0.1, 2.1, 10, 99)] == [0, 0, 1, 2, 5, 5]
    assert draw.step_of(3, 0) == 0


def test_an_empty_week_has_a_grid() -> None:
    drawn = draw.hour_grid([[0.0] * 24 for _day in range(7)], "b", "t")
    assert drawn.count('class="q0"') == 2 * 7 * 24 and "frame" not in drawn


def test_the_triangle_marks_support_and_keeps_letters_apart() -> None:
    causes = [(letter, "place", "weak") for letter in "ABCDEFGH"]
    sides = {"place": "Plats", "offender": "De som stör", "target": "De som drabbas"}
    drawn = draw.cause_triangle(causes, place="Torget", sides=sides, key="t")
    circles = re.findall(r'class="t-h" cx="([\d.]+)" cy="([\d.]+)"', drawn)
    # A side has room for six; every letter is in the description.
    assert len(circles) == 6 and "H: Plats" in drawn
    points = [(float(x), float(y)) for x, y in circles]
    assert all((x1 - x2) ** 2 + (y1 - y2) ** 2 > 20**2 for (x1, y1), (x2, y2) in pairwise(points))
