"""Small strips beside a row's figures: level with interval, rank, severity, expected, sparkline."""

from collections.abc import Sequence

from markupsafe import Markup

from service.web.draw import svg
from service.web.formats import number
from service.web.language import _

SEVERITIES = (1, 2, 4, 8, 16)


def level_strip(
    now: float, usual: float | None, low: float | None, high: float | None, top: float
) -> Markup:
    """Tick = usual, dot = now, plum line = 90 % interval; ``top`` is one scale for all rows."""

    def x(value: float) -> float:
        return 5 + 140 * min(max(value, 0), top) / top if top > 0 else 5

    body = [svg.line("track", 5, 13, 145, 13)]
    if low is not None and high is not None:
        body.append(svg.line("iv", x(low), 13, x(high), 13))
    if usual is not None:
        body.append(svg.line("base", x(usual), 4, x(usual), 22))
    body.append(svg.circle("dot", x(now), 13, 5))
    return svg.mark(150, 26, body)


def count_bar(count: float, top: float) -> Markup:
    """A bar from nought, ``top`` is one scale for all rows; the number stands beside it."""
    wide = 150 * min(max(count, 0), top) / top if top > 0 else 0
    return svg.mark(150, 10, [svg.line("track", 0, 9, 150, 9), svg.rect("q3", 0, 0, wide, 8)])


def rank_ticks(place: int, low: int, high: int, of: int = 10) -> Markup:
    """Ten ticks; the line is the likely places, the dot the place."""

    def x(rank: int) -> float:
        return 4 + 76 * (min(max(rank, 1), of) - 1) / max(of - 1, 1)

    body = [svg.line("tick", x(rank), 4, x(rank), 10) for rank in range(1, of + 1)]
    body += [svg.line("iv", x(low), 7, x(high), 7), svg.circle("dot", x(place), 7, 3.6)]
    return svg.mark(84, 14, body)


def severity_bars(weight: int) -> Markup:
    """Five bars for 1, 2, 4, 8, 16, filled up to the weight."""
    body = [
        svg.rect(
            f"q{index + 1 if step <= weight else 0}", 14 * index, 20 - 4 * index, 12, 6 + 4 * index
        )
        for index, step in enumerate(SEVERITIES)
    ]
    return svg.mark(68, 26, body)


def expected_strip(observed: float, expected: float, high: float, top: float, key: str) -> Markup:
    """Grey surface up to "normally at most", tick = expected, dot filled only outside it."""

    def x(value: float) -> float:
        return 6 + 204 * min(max(value, 0), top) / top if top > 0 else 6

    beyond = observed > high
    body = [
        svg.rect("band", 6, 18, x(high) - 6, 14),
        svg.line("base", x(expected), 15, x(expected), 35),
        svg.line("track", x(high), 25, 210, 25),
        svg.circle("dot out" if beyond else "dot in", x(observed), 25, 7 if beyond else 5.5),
        svg.text(number(observed), x(observed), 12, "middle", "em" if beyond else "strong"),
    ]
    # Two numbers on top of each other say nothing; the limit matters more than the middle.
    if x(high) - x(expected) > 22:
        body.append(svg.text(number(expected), x(expected), 49, "middle"))
    body.append(svg.text(number(high), x(high), 49, "middle"))
    title = _(
        "%(observed)s rapporter, väntat %(expected)s, normalt högst %(high)s",
        observed=number(observed),
        expected=number(expected),
        high=number(high),
    )
    return svg.drawing(216, 52, body, key=key, title=title, fixed=True)


def sparkline(values: Sequence[float], width: int = 120, height: int = 26) -> Markup:
    """A line without axes from 0, its last value a dot; the number stands beside it."""
    if not values:
        return svg.mark(width, height, [])
    top = max(*values, 1e-9) if len(values) > 1 else max(values[0], 1e-9)
    wide = (width - 10) / max(len(values) - 1, 1)
    points = [
        (5 + wide * i, height - 4 - (height - 9) * value / top) for i, value in enumerate(values)
    ]
    return svg.mark(
        width, height, [svg.path("line", svg.polyline(points)), svg.circle("dot", *points[-1], 3.6)]
    )


def actor_stack(reported: int, nothing: int = 0, silent: int = 0, a_row: int = 11) -> Markup:
    """Actors as dots: filled has reported, ring has nothing to report, dashed is silent."""
    styles = ["dot"] * reported + ["ring"] * nothing + ["mute"] * silent
    body = [
        svg.circle(
            style, 6 + 14 * (index % a_row), 6 + 14 * (index // a_row), 5 if style == "dot" else 4.2
        )
        for index, style in enumerate(styles)
    ]
    rows = max(-(-len(styles) // a_row), 1)
    return svg.mark(14 * min(max(len(styles), 1), a_row) - 2, 14 * rows - 2, body)


def hatch_key(key: str) -> Markup:
    """The swatch that explains the hatch of a map or a series; ``key`` is unique in the page."""
    body = [svg.hatch(key, size=5), svg.rect("", 0, 0, 24, 14, fill=f"url(#{key})")]
    return svg.mark(24, 14, body)


def resource_bar(given: int, asked: int, frame: int) -> Markup:
    """Of a frame what is given, what a yes would add to it, and the edge of the frame.

    What goes over the frame is drawn beyond the edge: the scale is the larger of the two.
    """
    whole = max(frame, given + asked, 1)

    def x(value: int) -> float:
        return 600 * value / whole

    body = [svg.rect("given", 0, 2, x(given), 16)]
    if asked:
        body.append(svg.rect("asked", x(given), 2, x(asked), 16))
    body.append(svg.rect("frame-edge", 1, 2, max(x(frame) - 2, 0), 16))
    return Markup(
        '<svg class="ch bar" viewBox="0 0 600 20" preserveAspectRatio="none" '
        'aria-hidden="true">{}</svg>'
    ).format(Markup("").join(body))
