"""Small multiples: the same drawing for each area, on one scale, so that they can be compared."""

from collections.abc import Sequence
from math import isfinite

from markupsafe import Markup

from service.web.draw import svg
from service.web.draw.series import outside

WIDTH, HEIGHT = 184.0, 60.0


def small_series(
    counts: Sequence[float], low: Sequence[float], high: Sequence[float], top: float
) -> Markup:
    """Weeks from left to right, 0 to ``top`` upwards; NaN in ``low`` or ``high`` is a gap.

    The surface is what was expected. A week above it is a ring, and so is told without colour; the
    last week is a dot. Silent: the figures stand beside it in text.
    """
    last = len(counts) - 1

    def x(index: float) -> float:
        return 4 + (WIDTH - 10) * index / max(last, 1)

    def y(value: float) -> float:
        return HEIGHT - 4 - (HEIGHT - 12) * min(max(value, 0), top) / max(top, 1e-9)

    body = []
    for run in _runs(low, high):
        upper = [(x(i), y(high[i])) for i in run]
        body.append(
            svg.path(
                "band",
                svg.polyline([*upper, *((x(i), y(low[i])) for i in reversed(run))], closed=True),
            )
        )
    body.append(svg.line("axis", x(0), y(0), x(last), y(0)))
    body.append(svg.path("line", svg.polyline((x(i), y(one)) for i, one in enumerate(counts))))
    for i, one in enumerate(counts):
        if outside(one, low[i], high[i]) and one > high[i]:
            body.append(svg.circle("ring", x(i), y(one), 3.6))
    if counts:
        body.append(svg.circle("dot", x(last), y(counts[-1]), 3.2))
    return svg.mark(WIDTH, HEIGHT, body)


def _runs(low: Sequence[float], high: Sequence[float]) -> list[list[int]]:
    runs: list[list[int]] = [[]]
    for index, (one, other) in enumerate(zip(low, high, strict=True)):
        if isfinite(one) and isfinite(other):
            runs[-1].append(index)
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if len(run) > 1]
