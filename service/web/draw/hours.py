"""Weekday × hour in six steps of plum, with a frame round the window that the sentence names."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from service.web.draw import svg
from service.web.draw.steps import step_of
from service.web.formats import number
from service.web.language import _


@dataclass(frozen=True)
class Window:
    """Weekdays first to last (0 = Monday), hours ``first_hour`` up to ``end_hour`` (1–24)."""

    first_day: int
    last_day: int
    first_hour: int
    end_hour: int


def short_days() -> list[str]:
    return [_("mån"), _("tis"), _("ons"), _("tor"), _("fre"), _("lör"), _("sön")]


def hour_grid(
    counts: Sequence[Sequence[float]], key: str, title: str, window: Window | None = None
) -> Markup:
    """Both drawings of 7 rows (Monday first) × 24 hours; fractional counts are fine."""
    return svg.both(
        _draw(counts, f"{key}-w", title, window, cell=22.5, height=22.5),
        _draw(counts, f"{key}-n", title, window, cell=13.0, height=22.0),
    )


def hour_rows(counts: Sequence[Sequence[float]]) -> list[list[str]]:
    """The grid's equal in a table: hour by hour, Monday to Sunday."""
    return [
        [f"{hour:02}–{hour + 1:02}", *(number(counts[day][hour], 1) for day in range(7))]
        for hour in range(24)
    ]


def describe(counts: Sequence[Sequence[float]], window: Window | None) -> str:
    """The window in words, or the total when no window stands out."""
    total = sum(map(sum, counts))
    if window is None:
        return _("%(total)s händelser. Samma uppgifter finns i tabellen.", total=number(total, 0))
    names = short_days()
    days = names[window.first_day]
    if window.last_day != window.first_day:
        days = _("%(first)s till %(last)s", first=days, last=names[window.last_day])
    return _(
        "Flest händelser %(days)s klockan %(start)s–%(end)s. Samma uppgifter finns i tabellen.",
        days=days,
        start=f"{window.first_hour:02}",
        end=f"{window.end_hour:02}",
    )


def _draw(
    counts: Sequence[Sequence[float]],
    key: str,
    title: str,
    window: Window | None,
    cell: float,
    height: float,
) -> Markup:
    left, above = 38.0, 22.0
    highest = max((value for row in counts for value in row), default=0)
    width = left + 24 * cell + 2
    body = [
        svg.text(f"{hour:02}", left + hour * cell, 14, anchor)
        for hour, anchor in (
            (0, "start"),
            (6, "middle"),
            (12, "middle"),
            (18, "middle"),
            (24, "end"),
        )
    ]
    for day, (name, row) in enumerate(zip(short_days(), counts, strict=True)):
        inside = window is not None and window.first_day <= day <= window.last_day
        body.append(
            svg.text(
                name,
                left - 8,
                above + day * height + height / 2 + 4.5,
                "end",
                "strong" if inside else "",
            )
        )
        body += [
            svg.rect(
                f"q{step_of(value, highest)}",
                left + hour * cell + 1,
                above + day * height + 1,
                cell - 2,
                height - 2,
            )
            for hour, value in enumerate(row)
        ]
    if window is not None:
        body.append(
            svg.rect(
                "frame",
                left + window.first_hour * cell,
                above + window.first_day * height,
                (window.end_hour - window.first_hour) * cell,
                (window.last_day - window.first_day + 1) * height,
            )
        )
    return svg.drawing(
        width,
        above + 7 * height + 2,
        body,
        key=key,
        title=title,
        description=describe(counts, window),
    )
