"""The crime triangle: a place, those who disturb and those who are struck, with its causes."""

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from service.web.draw import svg
from service.web.language import _

TOP, LEFT, RIGHT = (170.0, 34.0), (48.0, 240.0), (292.0, 240.0)
# Each side of the triangle runs between two of its corners; causes stand on it in their order.
ENDS = {"place": (TOP, LEFT), "offender": (TOP, RIGHT), "target": (LEFT, RIGHT)}
STYLES = {"several_sources": "t-f", "weak": "t-h", "rejected": "t-x"}
MOST = 6


def cause_triangle(
    causes: Sequence[tuple[str, str, str]],
    *,
    place: str,
    sides: Mapping[str, str],
    key: str,
) -> Markup:
    """Causes are (letter, side, support), filled, hollow or dashed by support.

    `place` is written at the top, `sides` are the words along the sides. A side has room for six
    letters; what more there is stands in the list beside.
    """
    body = [
        svg.polygon("core", [(170.0, 122.0), (206.0, 186.0), (134.0, 186.0)]),
        svg.polygon("side", [TOP, RIGHT, LEFT]),
    ]
    for side, ends in ENDS.items():
        body += _on_side([cause for cause in causes if cause[1] == side][:MOST], ends)
    body += [
        svg.text(place, 170, 18, "middle"),
        svg.text(sides["place"], 86, 118, "end"),
        svg.text(sides["offender"], 254, 118),
        svg.text(sides["target"], 170, 278, "middle"),
    ]
    standing = ", ".join(f"{letter}: {sides[side]}" for letter, side, _support in causes)
    return svg.drawing(
        350,
        290,
        body,
        key=key,
        title=_("Orsakstriangel"),
        description=standing or _("Inga orsaker än."),
        style="ch tri-s",
    )


def _on_side(
    causes: Sequence[tuple[str, str, str]], ends: tuple[svg.Point, svg.Point]
) -> list[Markup]:
    (x1, y1), (x2, y2) = ends
    body = []
    for index, (letter, _side, support) in enumerate(causes, start=1):
        share = 0.16 + 0.68 * index / (len(causes) + 1)
        x, y = x1 + (x2 - x1) * share, y1 + (y2 - y1) * share
        body.append(svg.circle(STYLES[support], x, y, 12.5))
        body.append(
            svg.text(
                letter, x, y + 4.5, "middle", "lt onf" if support == "several_sources" else "lt"
            )
        )
    return body
