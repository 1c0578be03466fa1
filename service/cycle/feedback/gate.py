"""The one gate that a number passes on its way to the public.

A cell is told only when it holds enough reports, from enough organisations, none of which is nearly
all of it; then with the noise of its cell key. What may not be told alone is told together with
others. Nothing else makes a `PublicNumber`, and a public page shows no other number of reports.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np

from service.cycle.picture.close_period import ClosedCell
from service.statistics.cell_key import KEYS, MOST, perturb

THRESHOLD = 5
SENSITIVE_THRESHOLD = 10
"""Of groups of categories that concern people more closely than things."""
SENSITIVE = frozenset({"violence", "substances"})
ORGANISATIONS_NEEDED = 3
DOMINANT = 0.8
"""No organisation may have given more than this share of a cell."""


class PublicNumber(int):
    """A count that has passed the gate."""

    __slots__ = ()


@dataclass(frozen=True)
class Cell:
    """Reports counted together; `shares` is how many each organisation gave, in fractions."""

    count: int
    key: int
    shares: tuple[tuple[UUID, float], ...]

    def may_be_told(self, threshold: int = THRESHOLD) -> bool:
        given = [share for _, share in self.shares if share > 0]
        return (
            min(self.count, self.perturbed) >= threshold
            and len(given) >= ORGANISATIONS_NEEDED
            and max(given) <= DOMINANT * sum(given)
        )

    @property
    def perturbed(self) -> int:
        return int(perturb(np.array([self.count]), np.array([self.key]))[0])

    def __add__(self, other: "Cell") -> "Cell":
        shares: dict[UUID, float] = defaultdict(float)
        for organisation, share in (*self.shares, *other.shares):
            shares[organisation] += share
        key = (self.key + other.key) % KEYS
        return Cell(self.count + other.count, key, tuple(sorted(shares.items())))


NONE = Cell(0, 0, ())


def cell_of(rows: Iterable[ClosedCell]) -> Cell:
    """The cell of one area and category; its count is whole, so that cells add up."""
    rows = list(rows)
    return Cell(
        # Half is counted: int(x + ½), since a fraction told twice is better than never.
        int(sum(row.count for row in rows) + 0.5),
        sum(row.cell_key for row in rows) % KEYS,
        tuple(sorted((row.organisation_id, row.count) for row in rows)),
    )


@dataclass(frozen=True)
class Protected:
    """One table as everybody may see it: named parts and all others together, or None of either."""

    named: dict[str, PublicNumber]
    rest: PublicNumber | None


def pass_one(cell: Cell, threshold: int = THRESHOLD) -> PublicNumber | None:
    """One cell through the gate, None when it may not be told."""
    return PublicNumber(cell.perturbed) if cell.may_be_told(threshold) else None


def pass_table(
    parts: dict[str, Cell],
    together: Iterable[str] = (),
    sensitive: frozenset[str] = frozenset(),
) -> Protected:
    """The parts of one whole through the gate; those named in `together` go to the rest at once.

    The rest takes in the smallest named part until it may be told itself, or is nothing at all.
    """

    def least(name: str) -> int:
        return SENSITIVE_THRESHOLD if name in sensitive else THRESHOLD

    kept = set(together)
    named = {
        name: cell
        for name, cell in parts.items()
        if name not in kept and cell.may_be_told(least(name))
    }
    outside = [name for name, cell in parts.items() if name not in named and cell.count]

    def rest() -> Cell:
        return sum((parts[name] for name in outside), NONE)

    def untold() -> bool:
        bar = max((least(name) for name in outside), default=THRESHOLD)
        # A rest of one would be that one under another name.
        return bool(outside) and not (len(outside) > 1 and rest().may_be_told(bar))

    while untold() and named:
        smallest = min(named, key=lambda name: (named[name].count, name))
        del named[smallest]
        outside.append(smallest)
    told = None if not outside or untold() else PublicNumber(rest().perturbed)
    return Protected({name: PublicNumber(cell.perturbed) for name, cell in named.items()}, told)


def pass_organisations(count: int) -> PublicNumber | None:
    """How many organisations were heard from, when they are too many to be guessed."""
    return PublicNumber(count) if count >= ORGANISATIONS_NEEDED else None


def bounds(told: int, threshold: int = THRESHOLD) -> tuple[int, int]:
    """Between what the true count of a told number lies, for who knows how the gate works."""
    return max(told - MOST, threshold), told + MOST


def write_down(told: PublicNumber | None) -> int | None:
    """The number as it is frozen in a publication."""
    return None if told is None else int(told)


def read_back(value: Any) -> PublicNumber | None:
    """A number of a frozen publication that passed the gate when it was published."""
    return None if value is None else PublicNumber(value)
