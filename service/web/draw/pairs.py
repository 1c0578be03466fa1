"""Two values of each thing on one scale: a hollow dot for what was, a filled one for what is."""

from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup

from service.web.draw import svg
from service.web.formats import number
from service.web.language import _

ROW = 34


class Pair(NamedTuple):
    """None where the thing was not there."""

    name: str
    before: float | None
    after: float | None


def pairs(rows: Sequence[Pair], key: str, title: str, *, before: str, after: str) -> Markup:
    """700 units wide for the desk and 350 for the phone; `before` and `after` name the two dots."""
    return svg.both(
        _draw(rows, f"{key}-w", title, before, after, width=700.0, names=250.0),
        _draw(rows, f"{key}-n", title, before, after, width=350.0, names=0.0),
    )


def describe(rows: Sequence[Pair], before: str, after: str) -> str:
    return "; ".join(
        _(
            "%(name)s: %(was)s %(before)s, %(now)s %(after)s",
            name=row.name,
            was=number(row.before, 0),
            before=before,
            now=number(row.after, 0),
            after=after,
        )
        for row in rows
    )


def _draw(
    rows: Sequence[Pair],
    key: str,
    title: str,
    before: str,
    after: str,
    *,
    width: float,
    names: float,
) -> Markup:
    """Names stand to the left of the scale, or above it where `names` leaves no room."""
    high = ROW if names else ROW + 18
    top, step = svg.nice_top(
        [value for row in rows for value in (row.before, row.after) if value is not None]
    )
    left, right = names + 12.0, width - 40.0
    below = 26.0 + high * len(rows)

    def x(value: float) -> float:
        return left + (right - left) * value / top

    body = [
        svg.circle("dot in", 8, 10, 5),
        svg.text(before, 18, 14.5),
        svg.circle("dot", width / 2, 10, 5),
        svg.text(after, width / 2 + 10, 14.5),
    ]
    for at in range(int(top / step) + 1):
        body.append(svg.line("grid", x(at * step), 26, x(at * step), below))
        body.append(svg.text(number(at * step, 0), x(at * step), below + 17, "middle"))
    for place, row in enumerate(rows):
        y = 26.0 + high * place + high - ROW / 2
        name_at = (names, y + 4.5, "end") if names else (left, y - 14, "start")
        body.append(svg.text(row.name, *name_at))
        was, now = row.before or 0.0, row.after or 0.0
        body.append(svg.line("line", x(min(was, now)), y, x(max(was, now)), y))
        body.append(svg.circle("dot in", x(was), y, 5))
        body.append(svg.circle("dot", x(now), y, 5))
        beside, anchor = (10, "start") if now >= was else (-10, "end")
        body.append(svg.text(number(now, 0), x(now) + beside, y + 4.5, anchor, "strong"))
    return svg.drawing(
        width, below + 24, body, key=key, title=title, description=describe(rows, before, after)
    )
