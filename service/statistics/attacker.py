"""What somebody who reads everything published can work out of a count that was not.

The attacker's knowledge is a system: every unknown is a whole number of at least nought, and every
published number says that a sum of unknowns lies between two bounds, equal ones where it was
published without noise. The least and the greatest value that a hidden sum can have under the
system are found by integer programming (HiGHS); nobody can conclude more from the numbers alone.
How probable the values between them are is another matter, see `cell_key`.

Whether a sum is safe needs less than its range: two tables that both give what was published and
differ enough in the sum are proof. So first tables are sought that differ in many sums at once,
and only what they leave open has a search of its own.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, hstack

PROTECTION = 4
"""A hidden count is safe where its least and greatest possible values are this far apart."""
SECONDS = 20.0
AT_ONCE_SECONDS, AT_ONCE_GAP, FEWEST = 2.0, 0.1, 2
"""For tables that differ in many sums: any will do, and the best is not worth waiting for."""
# The status of scipy.optimize.milp; the last is also its answer for "one of the two before".
_OPTIMAL, _INFEASIBLE, _UNBOUNDED, _OTHER = 0, 2, 3, 4


class Contradiction(ValueError):
    """No table gives all that was published: a bound is wrong."""


@dataclass(frozen=True)
class Told:
    """Published: the sum over `cells` is at least `low` and at most `high` (None: no limit)."""

    cells: frozenset[Hashable]
    low: int
    high: int | None
    name: str = ""


@dataclass(frozen=True)
class Range:
    """What the sum can be; `high` is None when nothing limits it."""

    low: int
    high: int | None

    def is_wider_than(self, protection: int) -> bool:
        return self.high is None or self.high - self.low >= protection


class _System(NamedTuple):
    """One independent part: the column of each of its blocks, and what was told of their sums."""

    column: dict[int, int]
    sums: csr_array
    low: np.ndarray
    high: np.ndarray

    @property
    def limits(self) -> LinearConstraint:
        return LinearConstraint(self.sums, self.low, self.high)

    def allows(self, table: np.ndarray) -> bool:
        told = self.sums @ table
        return bool((table >= 0).all() and (told >= self.low).all() and (told <= self.high).all())


class Attacker:
    """Knows `told` and can ask about any sum of the unknowns in it.

    Unknowns that always occur together are one: the system has as many as there are different
    ways of being counted, and falls apart into parts that share none.
    """

    def __init__(self, told: Iterable[Told], hidden: Iterable[frozenset[Hashable]] = ()) -> None:
        self.told = sorted(set(told), key=lambda one: (len(one.cells), one.name, one.low))
        # Asked sums take part in telling unknowns apart, so that each is a sum of whole blocks.
        self._signature: dict[Hashable, list[int]] = defaultdict(list)
        for number, cells in enumerate([*(one.cells for one in self.told), *hidden]):
            for cell in cells:
                self._signature[cell].append(number)
        self._block: dict[Hashable, int] = {}
        by_signature: dict[tuple[int, ...], int] = {}
        for cell, marks in self._signature.items():
            self._block[cell] = by_signature.setdefault(tuple(marks), len(by_signature))
        rows = [sorted({self._block[cell] for cell in one.cells}) for one in self.told]
        self._part = _parts(len(by_signature), rows)
        self._rows = rows
        self._systems: dict[int, _System] = {}
        self._tables: dict[int, list[np.ndarray]] = defaultdict(list)

    def find_tables(self, protection: int, sums: Iterable[frozenset[Hashable]]) -> None:
        """Look for tables that let `closer_than` answer for many of the sums without a search."""
        open_sums: dict[int, list[set[int]]] = defaultdict(list)
        for cells in sums:
            wanted = self._wanted(cells)
            if wanted is not None and len(wanted) == 1:
                ((part, blocks),) = wanted.items()
                open_sums[part].append(blocks)
        for part, still_open in open_sums.items():
            system = self._system(part)
            before = len(still_open) + FEWEST
            # Until a round settles no more than its own two searches would.
            while still_open and before - len(still_open) >= FEWEST:
                before = len(still_open)
                columns = [[system.column[block] for block in blocks] for blocks in still_open]
                self._tables[part] += _tables_apart(system, columns, protection)
                still_open = [
                    blocks
                    for blocks in still_open
                    if self._tables_differ({part: blocks}) < protection
                ]

    def closer_than(self, protection: int, cells: frozenset[Hashable]) -> Range | None:
        """The range of the sum over `cells` where it is narrower than `protection`, else None.

        The same answer as `range_of` gives, found sooner. Raises Contradiction.
        """
        wanted = self._wanted(cells)
        if wanted is None or self._tables_differ(wanted) >= protection:
            return None
        found = self.range_of(cells)
        return None if found.is_wider_than(protection) else found

    def range_of(self, cells: frozenset[Hashable]) -> Range:
        """Least and greatest possible value of the sum over `cells`, which were named as hidden.

        Parts of it that share no unknown add up. Raises Contradiction.
        """
        wanted = self._wanted(cells)
        if wanted is None:
            return Range(0, None)
        low, high = 0, 0
        for part, blocks in wanted.items():
            least, greatest = self._solve(part, blocks)
            low += least
            if greatest is None:
                return Range(low, None)
            high += greatest
        return Range(low, high)

    def _wanted(self, cells: frozenset[Hashable]) -> dict[int, set[int]] | None:
        """The blocks that the sum is over, by part; None where nothing was told of one of them."""
        wanted: dict[int, set[int]] = defaultdict(set)
        for cell in cells:
            if cell not in self._block:
                return None
            block = self._block[cell]
            wanted[self._part[block]].add(block)
        return wanted

    def _tables_differ(self, wanted: dict[int, set[int]]) -> int:
        """How far apart the sum is in the tables that were found so far; 0 without any of a part,
        of which nobody knows yet whether there are any."""
        apart = 0
        for part, blocks in wanted.items():
            if not self._tables[part]:
                return 0
            column = self._system(part).column
            sums = [table[[column[one] for one in blocks]].sum() for table in self._tables[part]]
            apart += round(max(sums) - min(sums))
        return apart

    def _solve(self, part: int, wanted: set[int]) -> tuple[int, int | None]:
        system = self._system(part)
        goal = np.zeros(len(system.column))
        goal[[system.column[block] for block in wanted]] = 1.0
        least, greatest = _least(goal, system.limits), _least(-goal, system.limits)
        self._tables[part] += [table for table in (least, greatest) if table is not None]
        assert least is not None  # No sum is under nought.
        return round(goal @ least), None if greatest is None else round(goal @ greatest)

    def _system(self, part: int) -> _System:
        if part in self._systems:
            return self._systems[part]
        blocks = [block for block, its in enumerate(self._part) if its == part]
        column = {block: index for index, block in enumerate(blocks)}
        chosen = [
            (one, row)
            for one, row in zip(self.told, self._rows, strict=True)
            if row and self._part[row[0]] == part
        ]
        at = [(number, column[b]) for number, (_, row) in enumerate(chosen) for b in row]
        system = self._systems[part] = _System(
            column,
            csr_array(
                (np.ones(len(at)), np.array(at, dtype=int).reshape(-1, 2).T),
                shape=(len(chosen), len(blocks)),
            ),
            np.array([one.low for one, _ in chosen], dtype=float),
            np.array([np.inf if one.high is None else one.high for one, _ in chosen], dtype=float),
        )
        return system


def _least(goal: np.ndarray, limits: LinearConstraint) -> np.ndarray | None:
    """A table with the least value of the goal, None where there is no least one.

    Raises Contradiction and TimeoutError.

    A search that was cut off has proved nothing, so nothing may rest on it.
    """
    found = milp(
        goal,
        constraints=limits,
        bounds=Bounds(0, np.inf),
        integrality=np.ones(goal.size, dtype=np.int8),
        options={"time_limit": SECONDS, "mip_rel_gap": 0.0},
    )
    if found.status == _INFEASIBLE:
        raise Contradiction("No counts give all that was published.")
    if found.status in (_UNBOUNDED, _OTHER) and goal.any():
        _least(np.zeros(goal.size), limits)
        return None
    if found.status != _OPTIMAL or found.x is None:
        raise TimeoutError(f"The audit's integer programme did not end: {found.message}")
    return np.round(found.x)


def _tables_apart(system: _System, asked: Sequence[Sequence[int]], enough: int) -> list[np.ndarray]:
    """Two tables: in one many of the asked sums of columns are `enough`, in the other few are.

    Fewer where none was found in time, which says nothing.
    """
    unknowns = len(system.column)
    members = np.zeros((len(asked), unknowns))
    for row, columns in zip(members, asked, strict=True):
        row[list(columns)] = 1.0
    # Beside the unknowns: of each sum what counts, which is no more than the sum nor than enough.
    counted = LinearConstraint(csr_array(np.hstack([members, -np.eye(len(asked))])), 0, np.inf)
    padded = hstack([system.sums, csr_array((len(system.low), len(asked)))])
    high = milp(
        np.concatenate([np.zeros(unknowns), -np.ones(len(asked))]),
        constraints=[LinearConstraint(padded, system.low, system.high), counted],
        bounds=Bounds(0, np.concatenate([np.full(unknowns, np.inf), np.full(len(asked), enough)])),
        integrality=np.repeat(np.array([1, 0], dtype=np.int8), [unknowns, len(asked)]),
        options={"time_limit": AT_ONCE_SECONDS, "mip_rel_gap": AT_ONCE_GAP},
    )
    low = milp(
        members.sum(axis=0),
        constraints=system.limits,
        integrality=np.ones(unknowns, dtype=np.int8),
        options={"time_limit": AT_ONCE_SECONDS, "mip_rel_gap": AT_ONCE_GAP},
    )
    found = [np.round(one.x[:unknowns]) for one in (high, low) if one.x is not None]
    # A search that was cut off may hand over what is none.
    return [table for table in found if system.allows(table)]


def _parts(blocks: int, rows: Sequence[Sequence[int]]) -> list[int]:
    """The number of the independent part that each block belongs to (union–find)."""
    parent = list(range(blocks))

    def root(block: int) -> int:
        while parent[block] != block:
            parent[block] = parent[parent[block]]
            block = parent[block]
        return block

    for row in rows:
        for block in row[1:]:
            parent[root(block)] = root(row[0])
    return [root(block) for block in range(blocks)]


@dataclass(frozen=True)
class Leak:
    """A hidden count that can be worked out more closely than it may be."""

    hidden: Hashable
    found: Range


def leaks(
    told: Iterable[Told],
    hidden: dict[Hashable, frozenset[Hashable]],
    protection: int = PROTECTION,
) -> list[Leak]:
    """Those of the named hidden sums whose range is narrower than `protection`, in their order."""
    attacker = Attacker(told, hidden.values())
    attacker.find_tables(protection, hidden.values())
    found = ((name, attacker.closer_than(protection, cells)) for name, cells in hidden.items())
    return [Leak(name, one) for name, one in found if one is not None]
