"""The public's numbers in words and bars. What has not passed the gate cannot be shown here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from markupsafe import Markup

from service.cycle.feedback.gate import PublicNumber
from service.cycle.feedback.public_counts import Period, PublicCounts, Table
from service.web.draw.strips import count_bar
from service.web.formats import days, number
from service.web.language import _


def period(first: date, last: date) -> str:
    """``5 oktober – 1 november 2026`` of a period's first and last Monday."""
    return days(first, last + timedelta(days=6))


def told(count: PublicNumber | None) -> str:
    """A number for everybody. Raises TypeError for one that has not been through the gate."""
    if count is not None and not isinstance(count, PublicNumber):
        raise TypeError(f"{count!r} has not passed the gate to the public.")
    return number(count, 0)


@dataclass(frozen=True)
class Bar:
    name: str
    told: str
    bar: Markup


def table_bars(table: Table, rest: str) -> list[Bar]:
    """The parts of a table on one scale, and then all others together, called `rest`."""
    rows = [(part.name, part.count) for part in table.parts]
    return _bars(rows + ([] if table.rest is None else [(rest, table.rest)]))


def series_bars(series: list[Period]) -> list[Bar]:
    """Period by period on one scale, the oldest first."""
    return _bars([(period(one.first, one.last), one.count) for one in series])


def _bars(rows: Sequence[tuple[str, PublicNumber | None]]) -> list[Bar]:
    top = max((count for _name, count in rows if count is not None), default=1)
    return [Bar(name, told(count), count_bar(count or 0, top)) for name, count in rows]


@dataclass(frozen=True)
class Shown:
    """A publication's numbers as text and drawings."""

    first: str
    period: str
    total: str | None
    organisations: str | None
    areas: list[Bar]
    groups: list[Bar]
    series: list[Bar]
    note: str


def shown(counts: PublicCounts | None) -> Shown | None:
    if counts is None:
        return None
    return Shown(
        first=counts.first.isoformat(),
        period=period(counts.first, counts.last),
        total=told(counts.total) if counts.total is not None else None,
        organisations=told(counts.organisations) if counts.organisations is not None else None,
        areas=table_bars(counts.areas, _("Övriga områden tillsammans")),
        groups=table_bars(counts.groups, _("Annat tillsammans")),
        series=series_bars(counts.series) if len(counts.series) > 1 else [],
        note=protection_note(),
    )


def protection_note() -> str:
    """How the numbers are protected, for who reads them."""
    return _(
        "Siffrorna är skyddade så att ingen ska kunna pekas ut. Varje tal är slumpjusterat med "
        "högst två rapporter upp eller ned, alltid lika mycket för samma rapporter. Färre än fem "
        "rapporter, eller rapporter från färre än tre organisationer eller nästan bara från en, "
        "visas tillsammans med andra eller inte alls. Summor kan därför avvika med någon enhet."
    )
