"""Contrast of the tokens, light and dark: axe judges no text inside SVG, and no edge of a mark."""

import re
from pathlib import Path

import pytest

SHEET = (Path(__file__).parents[2] / "service/web/static/kraftsamling.css").read_text()
TOKENS = {
    name: (light, dark)
    for name, light, dark in re.findall(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\);", SHEET)
}
# (ink, ground): text needs 4.5, a mark or an edge that carries meaning 3.
TEXTS = [
    ("ink", "paper"),
    ("ink", "surface"),
    ("ink", "sunk"),
    ("ink", "land"),
    ("ink", "water"),
    ("ink", "band"),
    ("ink", "gran-wash"),
    ("ink", "bern-wash"),
    ("ink", "rod-wash"),
    ("ink", "p0"),
    ("ink", "p1"),
    ("ink-2", "paper"),
    ("ink-2", "surface"),
    ("ink-2", "sunk"),
    ("ink-2", "water"),
    ("ink-2", "land"),
    ("ink-2", "gran-wash"),
    ("gran", "paper"),
    ("gran", "surface"),
    ("gran", "gran-wash"),
    ("gran-ink", "gran"),
    ("bern", "paper"),
    ("bern", "bern-wash"),
    ("rod", "surface"),
    ("rod", "rod-wash"),
    ("p5", "paper"),
    ("p-on", "p4"),
    ("p-on", "p5"),
    ("paper", "ink"),
]
MARKS = [
    ("edge", "paper"),
    ("edge", "surface"),
    ("p3", "paper"),
    ("p4", "paper"),
    ("p5", "band"),
    ("ink", "p2"),
    ("focus", "paper"),
    ("focus", "surface"),
    ("focus", "gran-wash"),
    ("focus", "land"),
    ("bern-mark", "paper"),
    ("gran", "land"),
]


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("mode", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), TEXTS)
def test_text_can_be_read(ink: str, ground: str, mode: int) -> None:
    assert contrast(TOKENS[ink][mode], TOKENS[ground][mode]) >= 4.5


@pytest.mark.parametrize("mode", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("mark", "ground"), MARKS)
def test_a_mark_can_be_seen(mark: str, ground: str, mode: int) -> None:
    assert contrast(TOKENS[mark][mode], TOKENS[ground][mode]) >= 3


@pytest.mark.parametrize("mode", [0, 1], ids=["light", "dark"])
def test_plum_runs_in_one_direction(mode: int) -> None:
    steps = [luminance(TOKENS[f"p{step}"][mode]) for step in range(1, 6)]
    assert steps == sorted(steps, reverse=mode == 0)


def test_a_number_in_a_half_filled_hexagon_can_be_read() -> None:
    light, dark = re.search(
        r"\.hex\.l3 text \{ fill: light-dark\((#\w{6}), (#\w{6})\)", SHEET
    ).groups()  # type: ignore[union-attr]
    assert contrast(light, TOKENS["p2"][0]) >= 4.5 and contrast(dark, TOKENS["p2"][1]) >= 4.5
