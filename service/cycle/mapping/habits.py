"""What an organisation usually reports, and where: so that the usual report is three taps."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeAlias
from uuid import UUID

from asyncpg import Record

from service.cycle.mapping.categories import (
    DEFAULT_CATEGORIES,
    FIRST_TILES,
    GROUP_LABELS,
    GROUPS,
    tile_label,
)
from service.cycle.mapping.week import now, week_of
from service.web.icons import category_sign
from service.web.language import _
from tenants.members import Member
from tenants.scope import fetch, fetch_value

Row: TypeAlias = Mapping[str, Any] | Record
WEEKS = 8
TILES = 4
PLACES = 5


@dataclass(frozen=True)
class Choice:
    """A category to choose; `tile` is its short label."""

    key: str
    label: str
    tile: str
    icon: str


@dataclass(frozen=True)
class Spot:
    """An area to choose; `full_name` tells it from others with the same name."""

    id: UUID
    name: str
    full_name: str
    locality: str


@dataclass(frozen=True)
class Choices:
    """What the form offers: the usual ones first, then everything.

    `groups` are (label, categories); `usual` and `places` are few and in order of use, but that
    the place of one's own last report, `last`, comes first.
    """

    usual: list[Choice]
    groups: list[tuple[str, list[Choice]]]
    places: list[Spot]
    last: UUID | None
    all_places: list[Spot]

    @property
    def count(self) -> int:
        return sum(len(choices) for _label, choices in self.groups)


async def offer(by: Member) -> Choices:
    """The choices for the organisation of `by`, from its own last eight weeks."""
    since = week_of(now()) - timedelta(weeks=WEEKS)
    categories = await fetch(
        """SELECT key, label, group_key, position, times IS NOT NULL AS used
           FROM category LEFT JOIN (
               SELECT category_id, sum(count) AS times FROM weekly_count
               WHERE organisation_id = $1 AND week >= $2 GROUP BY category_id
           ) AS used ON used.category_id = category.id
           WHERE hidden_on IS NULL
           ORDER BY times DESC NULLS LAST, position""",
        by.organisation_id,
        since,
    )
    areas = await fetch(
        """SELECT id, name, locality FROM area LEFT JOIN (
               SELECT area_id, sum(count) AS times FROM weekly_count
               WHERE organisation_id = $1 AND week >= $2 GROUP BY area_id
           ) AS used ON used.area_id = area.id
           WHERE retired_on IS NULL
           ORDER BY times DESC NULLS LAST, kind = 'rest', name, locality""",
        by.organisation_id,
        since,
    )
    last = await fetch_value(
        """SELECT area_id FROM report WHERE organisation_id = $1 AND person_id = $2
           ORDER BY received_at DESC LIMIT 1""",
        by.organisation_id,
        by.person_id,
    )
    return Choices(
        usual=_usual(categories),
        groups=_grouped(sorted(categories, key=lambda row: row["position"])),
        places=sorted(_spots(areas), key=lambda spot: spot.id != last)[:PLACES],
        last=last,
        all_places=sorted(_spots(areas), key=lambda spot: spot.full_name),
    )


def offer_default() -> Choices:
    """The choices of nobody in particular: the default categories, and no places."""
    rows = [
        {"key": one.key, "label": one.label, "group_key": one.group_key, "used": None}
        for one in DEFAULT_CATEGORIES
    ]
    return Choices(usual=_usual(rows), groups=_grouped(rows), places=[], last=None, all_places=[])


def _choice(row: Row) -> Choice:
    key, label = row["key"], row["label"]
    return Choice(key, _(label), _(tile_label(key, label)), category_sign(key))


def _usual(categories: Sequence[Row]) -> list[Choice]:
    """The most used ones; a new organisation gets what most actors begin with."""
    first = {key: place for place, key in enumerate(FIRST_TILES)}
    ranked = sorted(
        (row for row in categories if row["used"] or row["key"] in first),
        # Python's sort is stable: the used ones keep the order of use.
        key=lambda row: (not row["used"], 0 if row["used"] else first[row["key"]]),
    )
    return [_choice(row) for row in ranked[:TILES]]


def _grouped(categories: Sequence[Row]) -> list[tuple[str, list[Choice]]]:
    """In the order of the groups; a group that the municipality invented comes last."""
    groups: dict[str, list[Choice]] = {group.key: [] for group in GROUPS}
    for row in categories:
        groups.setdefault(row["group_key"], []).append(_choice(row))
    return [(_(GROUP_LABELS.get(key, key)), rows) for key, rows in groups.items() if rows]


def _spots(areas: list[Record]) -> list[Spot]:
    """In the given order; two areas with one name are told apart by their locality."""
    often = Counter(row["name"] for row in areas)
    return [
        Spot(row["id"], name, name if often[name] == 1 else f"{name}, {locality}", locality)
        for row in areas
        for name, locality in [(row["name"], row["locality"])]
    ]
