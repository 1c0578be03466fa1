"""The audit: whether anybody can work out a hidden count from everything that was ever published.

All publications are read as one system, those that were taken back too, since somebody may have
kept them: every table, rest, total and period, with the noise that its number may have. Windows
that overlap are cut where any of them begins or ends, so that what subtraction reaches is asked
about as well. Then every hidden count that is not nought is attacked (`statistics.attacker`).
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

import msgspec

from service.cycle.feedback.gate import (
    NONE,
    SENSITIVE,
    SENSITIVE_THRESHOLD,
    THRESHOLD,
    Cell,
    bounds,
    cell_of,
)
from service.cycle.feedback.public_counts import NOT_COUNTED
from service.cycle.mapping.categories import GROUPS
from service.cycle.picture.close_period import ClosedCell, read_closed
from service.statistics.attacker import PROTECTION, Attacker, Contradiction, Range, Told
from service.web.language import _
from tenants.scope import fetch

WEEK = timedelta(weeks=1)
ANY = ""


@dataclass(frozen=True, order=True)
class Hidden:
    """A count that was not told: of weeks, an area (ANY: all) and a group (ANY: all)."""

    first: date
    last: date
    area: str
    group: str


@dataclass(frozen=True)
class Leak:
    """`hidden` can be worked out to lie within `found`; the names are for people."""

    hidden: Hidden
    found: Range
    area: str
    group: str


@dataclass(frozen=True)
class Audit:
    """`told` numbers in `publications`, `hidden` counts attacked. `contradictory` when no counts
    can have given all of them: something was published that did not come through the gate."""

    publications: int
    told: int
    hidden: int
    leaks: tuple[Leak, ...]
    contradictory: bool = False

    @property
    def sound(self) -> bool:
        return not self.leaks and not self.contradictory


@dataclass(frozen=True)
class _World:
    """What the numbers are of. `segments` are (first, last) weeks, cut where any window is."""

    areas: dict[str, str]  # id → name
    groups: dict[str, str]  # key → label
    segments: list[tuple[date, date]]
    cells: dict[tuple[date, date], dict[tuple[str, str], Cell]]

    def within(self, first: date, last: date) -> list[tuple[date, date]]:
        return [one for one in self.segments if one[0] >= first and one[1] <= last]

    def unknowns(
        self, first: date, last: date, areas: Iterable[str], groups: Iterable[str]
    ) -> frozenset[Any]:
        groups = list(groups)
        return frozenset(
            (segment, area, group)
            for segment in self.within(first, last)
            for area in areas
            for group in groups
        )


async def audit_publications(also: dict[str, Any] | None = None) -> Audit:
    """All publications of the open scope's municipality, and `also` one that is not published yet.

    With `also` only what it adds is found: hidden counts of its own windows that can be worked out
    more closely with it than without it.
    """
    rows = await fetch("SELECT content FROM publication ORDER BY published_at")
    contents = [msgspec.json.decode(row["content"]) for row in rows]
    if also is not None:
        contents.append(also)
    windows = {window for content in contents for window in _windows(content)}
    asked = windows if also is None else set(_windows(also))
    world = await _world(windows)
    told = [one for content in contents for one in _told(content, world)]
    hidden = _hidden(world, asked)
    # Seconds of arithmetic, in which other requests go on.
    found, contradictory = await asyncio.to_thread(_attack, told, hidden, world)
    if also is not None and (found or contradictory):
        before = [one for content in contents[:-1] for one in _told(content, world)]
        known, was_so = await asyncio.to_thread(
            _attack, before, [at for at, _range in found], world
        )
        found = [one for one in found if one not in known]
        contradictory = contradictory and not was_so
    leaks = tuple(
        Leak(one, range_, world.areas.get(one.area, ""), world.groups.get(one.group, ""))
        for one, range_ in found
    )
    return Audit(len(contents), len(set(told)), len(hidden), leaks, contradictory)


def _attack(
    told: Sequence[Told], hidden: Sequence[Hidden], world: _World
) -> tuple[list[tuple[Hidden, Range]], bool]:
    cells = {
        one: world.unknowns(
            one.first,
            one.last,
            [one.area] if one.area else world.areas,
            [one.group] if one.group else world.groups,
        )
        for one in hidden
    }
    attacker = Attacker(told, cells.values())
    attacker.find_tables(PROTECTION, cells.values())
    found = []
    contradictory = False
    for one in hidden:
        try:
            range_ = attacker.closer_than(PROTECTION, cells[one])
        except Contradiction:
            contradictory = True
            continue
        if range_ is not None:
            found.append((one, range_))
    return found, contradictory


def _windows(content: dict[str, Any]) -> list[tuple[date, date]]:
    found = [_window(content)]
    if "protected" in content:
        found += [_window(one) for one in content["protected"]["series"] if one["count"]]
    return found


def _window(stored: dict[str, Any]) -> tuple[date, date]:
    return date.fromisoformat(stored["first"]), date.fromisoformat(stored["last"])


def _told(content: dict[str, Any], world: _World) -> list[Told]:
    """What one publication told, as sums of unknowns."""
    first, last = _window(content)

    def of(areas: Iterable[str], groups: Iterable[str]) -> frozenset[Any]:
        return world.unknowns(first, last, areas, groups)

    if "protected" not in content:
        return _told_before_the_gate(content, world)
    protected = content["protected"]
    told = []
    if protected["total"] is not None:
        low, high = bounds(protected["total"])
        told.append(Told(of(world.areas, world.groups), low, high))
    for number, (table, every) in enumerate(
        ((protected["areas"], world.areas), (protected["groups"], world.groups))
    ):
        named = {key for key, _name, _count in table["parts"]}
        for key, _name, count in table["parts"]:
            bar = SENSITIVE_THRESHOLD if key in SENSITIVE else THRESHOLD
            sides = ([key], world.groups) if number == 0 else (world.areas, [key])
            told.append(Told(of(*sides), *bounds(count, bar)))
        if table["rest"] is not None:
            others = [key for key in every if key not in named]
            sides = (others, world.groups) if number == 0 else (world.areas, others)
            told.append(Told(of(*sides), *bounds(table["rest"])))
    for one in protected["series"]:
        if one["count"] is not None:
            whole = world.unknowns(*_window(one), world.areas, world.groups)
            told.append(Told(whole, *bounds(one["count"])))
    return told


def _told_before_the_gate(content: dict[str, Any], world: _World) -> list[Told]:
    """Areas by name, small ones together, without noise; rounded, since reports have fractions."""
    first, last = _window(content)
    named = {name for name, _count in content.get("areas", ())}
    told = [
        Told(
            world.unknowns(
                first, last, [key for key, its in world.areas.items() if its == name], world.groups
            ),
            max(count - 1, 0),
            count + 1,
        )
        for name, count in content.get("areas", ())
    ]
    if content.get("rest") is not None:
        others = [key for key, name in world.areas.items() if name not in named]
        rest = content["rest"]
        told.append(Told(world.unknowns(first, last, others, world.groups), rest - 1, rest + 1))
    return told


async def _world(windows: Iterable[tuple[date, date]]) -> _World:
    windows = list(windows)
    cuts = sorted({day for first, last in windows for day in (first, last + WEEK)})
    segments = [
        (first, after - WEEK)
        for first, after in pairwise(cuts)
        if any(begin <= first and after - WEEK <= end for begin, end in windows)
    ]
    categories = {
        row["id"]: row["group_key"]
        for row in await fetch("SELECT id, group_key FROM category WHERE key <> $1", NOT_COUNTED)
    }
    return _World(
        areas={str(row["id"]): row["name"] for row in await fetch("SELECT id, name FROM area")},
        groups={group.key: _(group.label) for group in GROUPS},
        segments=segments,
        cells={segment: await _cells(segment, categories) for segment in segments},
    )


async def _cells(
    segment: tuple[date, date], categories: dict[UUID, str]
) -> dict[tuple[str, str], Cell]:
    """The true counts of a segment: as they were frozen, or as they are where it is no period."""
    first, last = segment
    closed = await read_closed(first)
    if closed is not None and closed.last == last:
        rows = list(closed.cells)
    else:
        rows = [
            ClosedCell(**dict(row), cell_key=0)
            for row in await fetch(
                """SELECT area_id, category_id, organisation_id, sum(count) AS count
                   FROM weekly_count WHERE week BETWEEN $1 AND $2
                   GROUP BY area_id, category_id, organisation_id""",
                first,
                last,
            )
        ]
    together: dict[tuple[UUID, UUID], list[ClosedCell]] = defaultdict(list)
    for row in rows:
        if row.category_id in categories:
            together[row.area_id, row.category_id].append(row)
    cells: dict[tuple[str, str], Cell] = defaultdict(lambda: NONE)
    for (area, category), its in together.items():
        cells[str(area), categories[category]] += cell_of(its)
    return dict(cells)


def _hidden(world: _World, asked: set[tuple[date, date]]) -> list[Hidden]:
    """Counts that the gate would not let through alone, by area, by group and by both."""
    found = []
    for segment, cells in world.cells.items():
        if not any(first <= segment[0] and segment[1] <= last for first, last in asked):
            continue
        sums: dict[tuple[str, str], Cell] = defaultdict(lambda: NONE)
        for (area, group), cell in cells.items():
            for key in ((area, group), (area, ANY), (ANY, group)):
                sums[key] += cell
        for (area, group), cell in sums.items():
            bar = SENSITIVE_THRESHOLD if group in SENSITIVE else THRESHOLD
            if cell.count and not cell.may_be_told(bar):
                found.append(Hidden(*segment, area, group))
    return sorted(found)
