"""The numbers that the public may see of a closed period: all of them have passed the gate."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from service.cycle.feedback.gate import (
    NONE,
    SENSITIVE,
    Cell,
    Protected,
    PublicNumber,
    cell_of,
    pass_one,
    pass_organisations,
    pass_table,
    read_back,
    write_down,
)
from service.cycle.mapping.categories import GROUPS
from service.cycle.mapping.week import now, week_of
from service.cycle.picture.close_period import Closed, close_period, closed_before, read_closed
from service.web.language import _
from tenants.scope import fetch

SHOWN_PERIODS = 7
# What is announced has not happened.
NOT_COUNTED = "planned_event"


@dataclass(frozen=True)
class Part:
    """A row of a public table; `key` is an area's id or a group's key."""

    key: str
    name: str
    count: PublicNumber


@dataclass(frozen=True)
class Table:
    """`rest` is all other parts together; None where there are none or they may not be told."""

    parts: list[Part] = field(default_factory=list)
    rest: PublicNumber | None = None


@dataclass(frozen=True)
class Period:
    first: date
    last: date
    count: PublicNumber | None


@dataclass(frozen=True)
class PublicCounts:
    """Everything numeric of a publication. A number that may not be told is None."""

    first: date
    last: date
    total: PublicNumber | None
    areas: Table
    groups: Table
    organisations: PublicNumber | None
    series: list[Period]

    def as_content(self) -> dict[str, Any]:
        return {
            "first": self.first.isoformat(),
            "last": self.last.isoformat(),
            "protected": {
                "total": write_down(self.total),
                "organisations": write_down(self.organisations),
                "areas": _table_content(self.areas),
                "groups": _table_content(self.groups),
                "series": [
                    {
                        "first": period.first.isoformat(),
                        "last": period.last.isoformat(),
                        "count": write_down(period.count),
                    }
                    for period in self.series
                ],
            },
        }


async def public_counts(together: Collection[str] = ()) -> PublicCounts:
    """The latest closed four weeks of the open scope's municipality.

    `together` are areas (ids) and groups (keys) that are to be told only with all others.
    """
    closed = await close_period(week_of(now()))
    names = {str(row["id"]): row["name"] for row in await fetch("SELECT id, name FROM area")}
    cells = await cells_of(closed)
    total = pass_one(_sum(cells.values()))
    series = [
        Period(before.first, before.last, pass_one(_sum((await cells_of(before)).values())))
        for before in await _periods(closed.first)
    ]
    areas, groups = Table(), Table()
    if total is not None:
        areas = _table(pass_table(_by(cells, 0), together), names)
        labels = {group.key: _(group.label) for group in GROUPS}
        groups = _table(pass_table(_by(cells, 1), together, SENSITIVE), labels)
    return PublicCounts(
        first=closed.first,
        last=closed.last,
        total=total,
        areas=areas,
        groups=groups,
        organisations=pass_organisations(closed.organisations),
        series=series,
    )


async def cells_of(closed: Closed) -> dict[tuple[str, str], Cell]:
    """The cells of a closed period by area's id and group's key; what is announced left out."""
    categories = {
        row["id"]: (row["key"], row["group_key"])
        for row in await fetch("SELECT id, key, group_key FROM category")
    }
    rows: dict[tuple[UUID, UUID], list[Any]] = defaultdict(list)
    for row in closed.cells:
        if categories[row.category_id][0] != NOT_COUNTED:
            rows[row.area_id, row.category_id].append(row)
    cells: dict[tuple[str, str], Cell] = defaultdict(lambda: NONE)
    for (area, category), its in rows.items():
        cells[str(area), categories[category][1]] += cell_of(its)
    return dict(cells)


async def _periods(last: date) -> list[Closed]:
    found = [await read_closed(first) for first in await closed_before(last, SHOWN_PERIODS)]
    return [one for one in found if one is not None]


def _sum(cells: Collection[Cell]) -> Cell:
    return sum(cells, NONE)


def _by(cells: dict[tuple[str, str], Cell], axis: int) -> dict[str, Cell]:
    parts: dict[str, Cell] = defaultdict(lambda: NONE)
    for key, cell in cells.items():
        parts[key[axis]] += cell
    return dict(parts)


def _table(protected: Protected, names: dict[str, str]) -> Table:
    parts = [Part(key, names[key], count) for key, count in protected.named.items()]
    return Table(sorted(parts, key=lambda part: part.name), protected.rest)


def _table_content(table: Table) -> dict[str, Any]:
    return {
        "parts": [[part.key, part.name, write_down(part.count)] for part in table.parts],
        "rest": write_down(table.rest),
    }


def read_content(content: dict[str, Any]) -> PublicCounts | None:
    """The numbers of a publication; None of one that was frozen before there was a gate."""
    protected = content.get("protected")
    if protected is None:
        return None

    def table(stored: dict[str, Any]) -> Table:
        parts = [(key, name, read_back(count)) for key, name, count in stored["parts"]]
        return Table(
            [Part(key, name, count) for key, name, count in parts if count is not None],
            read_back(stored["rest"]),
        )

    return PublicCounts(
        first=date.fromisoformat(content["first"]),
        last=date.fromisoformat(content["last"]),
        total=read_back(protected["total"]),
        areas=table(protected["areas"]),
        groups=table(protected["groups"]),
        organisations=read_back(protected["organisations"]),
        series=[
            Period(
                date.fromisoformat(one["first"]),
                date.fromisoformat(one["last"]),
                read_back(one["count"]),
            )
            for one in protected["series"]
        ],
    )
