"""Reports week by week: a surface is expected, a line observed, coverage stands at the foot."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from math import isfinite

from markupsafe import Markup

from service.statistics.coverage import UNCERTAIN_BELOW
from service.web.draw import svg
from service.web.formats import number, span, week, week_number
from service.web.language import _

PHONE_WEEKS = 26
FOOT = 26
LETTER = 6.8  # the width of a letter in a label, on average and rather too wide
"""The height of the coverage bars with the space above them."""
Scale = Callable[[float], float]


@dataclass(frozen=True)
class WeeklySeries:
    """Arrays of equal length, oldest week first; NaN or None where there is no value.

    ``weeks`` are Mondays; ``low``, ``middle`` and ``high`` the expected per week (empty when
    nothing can be expected yet); ``coverage`` shares 0–1 (empty when unknown); ``measures`` are
    (Monday, label), ``events`` the Mondays of weeks in which something else is known.
    """

    weeks: Sequence[date]
    observed: Sequence[float | None]
    low: Sequence[float | None] = ()
    middle: Sequence[float | None] = ()
    high: Sequence[float | None] = ()
    coverage: Sequence[float | None] = ()
    measures: Sequence[tuple[date, str]] = field(default=())
    events: Sequence[date] = field(default=())


def weekly_series(series: WeeklySeries, key: str, title: str) -> Markup:
    """Both drawings: 700 units wide for the desk, 350 with the last 26 weeks for the phone.

    A dot outside the surface is plum with a ring and its number; the last value is always labelled.
    """
    short = WeeklySeries(
        series.weeks[-PHONE_WEEKS:],
        series.observed[-PHONE_WEEKS:],
        series.low[-PHONE_WEEKS:],
        series.middle[-PHONE_WEEKS:],
        series.high[-PHONE_WEEKS:],
        series.coverage[-PHONE_WEEKS:],
        series.measures,
        series.events,
    )
    # Nothing is drawn at the foot where coverage is unknown, so no room is kept for it.
    foot = FOOT if series.coverage else 0
    return svg.both(
        _draw(series, f"{key}-w", title, width=700, height=264 + foot),
        _draw(short, f"{key}-n", title, width=350, height=224 + foot),
    )


def outside(observed: float | None, low: float | None, high: float | None) -> bool:
    """Whether the observed left the surface of the expected; never without an expected."""
    if not (_known(observed) and _known(low) and _known(high)):
        return False
    return bool(observed < low or observed > high)  # type: ignore[operator]


def describe(series: WeeklySeries) -> str:
    """What a reader of the drawing sees at its last week, as a sentence."""
    if not series.weeks:
        return _("Inga veckor att visa.")
    last = _(
        "%(week)s: %(count)s",
        week=week(series.weeks[-1]).capitalize(),
        count=number(series.observed[-1]),
    )
    if series.low and _known(series.low[-1]) and _known(series.high[-1]):
        last += _(", väntat %(span)s", span=span(series.low[-1], series.high[-1], 0))
    return _("%(last)s. Samma uppgifter finns i tabellen.", last=last)


def _known(value: float | None) -> bool:
    return value is not None and isfinite(value)


def _draw(series: WeeklySeries, key: str, title: str, width: int, height: int) -> Markup:
    foot = FOOT if series.coverage else 0
    left, right, above, below = 34.0, width - 12.0, 30.0, height - 26.0 - foot
    count = len(series.weeks)
    values = [v for v in (*series.observed, *series.high) if v is not None and isfinite(v)]
    top, step = svg.nice_top(values)
    wide = (right - left) / max(count - 1, 1)

    def x(index: float) -> float:
        return left + index * wide if count > 1 else (left + right) / 2

    def y(value: float) -> float:
        return below - (below - above) * value / top

    body = [svg.hatch(key)]
    for at in range(int(top / step) + 1):
        level = at * step
        if at:
            body.append(svg.line("grid", left, y(level), right, y(level)))
        body.append(svg.text(number(level, 0), left - 8, y(level) + 4.5, "end"))
    for run in _runs(series.low, series.high):
        upper = [(x(i), y(series.high[i] or 0)) for i in run]
        lower = [(x(i), y(max(series.low[i] or 0, 0))) for i in reversed(run)]
        body.append(svg.path("band", svg.polyline([*upper, *lower], closed=True)))
    for run in _runs(series.middle):
        body.append(svg.path("mid", svg.polyline((x(i), y(series.middle[i] or 0)) for i in run)))
    body.append(svg.line("axis", left, below, right, below))
    body += _events(series, x, below)
    body += _measures(series, x, above, below)
    for run in _runs(series.observed):
        body.append(svg.path("line", svg.polyline((x(i), y(series.observed[i] or 0)) for i in run)))
    body += _dots(series, x, y, right)
    body += _weeks(series, x, below, left, right)
    body += _coverage(series, x, wide, height, key)
    return svg.drawing(width, height, body, key=key, title=title, description=describe(series))


def _runs(*rows: Sequence[float | None]) -> list[list[int]]:
    """Indexes where every row has a value, in unbroken runs: a gap is drawn as a gap."""
    runs: list[list[int]] = [[]]
    for index in range(min(map(len, rows))):
        if all(_known(row[index]) for row in rows):
            runs[-1].append(index)
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]


def _dots(series: WeeklySeries, x: Scale, y: Scale, right: float) -> list[Markup]:
    body: list[Markup] = []
    labels: list[tuple[float, float, str, str, str]] = []
    last = len(series.weeks) - 1
    for index, value in enumerate(series.observed):
        if value is None or not isfinite(value):
            continue
        here = (x(index), y(value))
        low, high = (series.low[index], series.high[index]) if series.low else (None, None)
        if outside(value, low, high):
            body += [svg.circle("halo", *here, 7.5), svg.circle("dot out", *here, 5)]
            # A number stands on the side that the dot left the surface by.
            above = high is None or value > high
            place = (min(here[0], right - 8), here[1] + (-12 if above else 21))
            labels.append((*place, "middle", "em", number(value)))
        else:
            body.append(svg.circle("dot", *here, 3.6 if index == last else 2))
            if index == last:
                # Beside the dot on the side that the line does not come from.
                before = series.observed[index - 1] if index else None
                falls = _known(before) and before > value and here[1] < y(0) - 24  # type: ignore[operator]
                labels.append(
                    (right, here[1] + (19 if falls else -9), "end", "strong", number(value))
                )
    # The newest number is kept when two would cover each other; all of them are in the table.
    kept: list[tuple[float, float]] = []
    for at_x, at_y, anchor, style, said in reversed(labels):
        if not any(abs(at_x - px) < 30 and abs(at_y - py) < 15 for px, py in kept):
            kept.append((at_x, at_y))
            body.append(svg.text(said, at_x, at_y, anchor, style))
    return body


def _measures(series: WeeklySeries, x: Scale, above: float, below: float) -> list[Markup]:
    """A diamond at the week of each measure, and its words where they do not run into others."""
    body: list[Markup] = []
    places = {monday: index for index, monday in enumerate(series.weeks)}
    free_from = x(0)
    for monday, label in sorted(series.measures):
        if monday in places:
            at = x(places[monday])
            body.append(svg.line("leader", at, above - 8, at, below))
            body.append(
                svg.polygon(
                    "dia",
                    [(at, above - 19), (at + 6, above - 13), (at, above - 7), (at - 6, above - 13)],
                )
            )
            if at - 11 - len(label) * LETTER >= free_from:
                body.append(svg.text(label, at - 11, above - 9, "end", "strong"))
            free_from = at + 8
    return body


def _events(series: WeeklySeries, x: Scale, below: float) -> list[Markup]:
    """A small triangle on the axis for each week in which something is known."""
    known = set(series.events)
    return [
        svg.polygon("evt", [(x(i) - 4.5, below + 1), (x(i) + 4.5, below + 1), (x(i), below - 8)])
        for i, monday in enumerate(series.weeks)
        if monday in known
    ]


def _weeks(series: WeeklySeries, x: Scale, below: float, left: float, right: float) -> list[Markup]:
    count = len(series.weeks)
    every = max(1, round(count / max(1, (right - left) // 95)))
    return [
        svg.text(
            _("v %(number)s", number=week_number(series.weeks[index])),
            x(index),
            below + 19,
            "middle" if index else "start",
        )
        for index in range(0, count, every)
        if x(index) < right - 20
    ]


def _coverage(series: WeeklySeries, x: Scale, wide: float, height: int, key: str) -> list[Markup]:
    body: list[Markup] = []
    foot, tall, thick = height - 2.0, 18.0, max(min(wide * 0.8, 12.0), 1.5)
    for index, share in enumerate(series.coverage):
        if share is None or not isfinite(share):
            continue
        at = min(max(x(index) - thick / 2, 34.0), x(len(series.weeks) - 1) - thick / 2)
        up = max(tall * min(share, 1), 1)
        if share < UNCERTAIN_BELOW:
            body.append(svg.rect("", at, foot - tall, thick, tall, fill=f"url(#{key})"))
        else:
            body.append(svg.rect("cov-bar", at, foot - up, thick, up))
    return body
