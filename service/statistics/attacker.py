"""What somebody who reads everything published can work out of a count that was not.

The attacker's knowledge is a system: every unknown is a whole number of at least nought, and every
published number says that a sum of unknowns lies between two bounds, equal ones where it was
published without noise. The least and the greatest value that a hidden sum can have under the
system are found by integer programming (HiGHS); nobody can conclude more from the numbers alone.
How probable the values between them are is another matter, see `cell_key`.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

PROTECTION = 4
"""A hidden count is safe where its least and greatest possible values are this far apart."""
SECONDS = 20.0
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
        self._systems: dict[int, tuple[dict[int, int], LinearConstraint | None]] = {}

    def range_of(self, cells: frozenset[Hashable]) -> Range:
        """Least and greatest possible value of the sum over `cells`, which were named as hidden.

        Parts of it that share no unknown add up. Raises Contradiction.
        """
        wanted: dict[int, set[int]] = defaultdict(set)
        for cell in cells:
            if cell not in self._block:
                return Range(0, None)
            block = self._block[cell]
            wanted[self._part[block]].add(block)
        low, high = 0, 0
        for part, blocks in wanted.items():
            least, greatest = self._solve(part, blocks)
            low += least
            if greatest is None:
                return Range(low, None)
            high += greatest
        return Range(low, high)

    def _solve(self, part: int, wanted: set[int]) -> tuple[int, int | None]:
        column, limits = self._system(part)
        if limits is None:
            return 0, None
        goal = np.zeros(len(column))
        goal[[column[block] for block in wanted]] = 1.0
        least = _extreme(goal, limits)
        greatest = _extreme(-goal, limits)
        assert least is not None  # No sum is under nought.
        return least, None if greatest is None else -greatest

    def _system(self, part: int) -> tuple[dict[int, int], LinearConstraint | None]:
        """The columns of the part's unknowns, and what was told of them."""
        if part in self._systems:
            return self._systems[part]
        blocks = [block for block, its in enumerate(self._part) if its == part]
        column = {block: index for index, block in enumerate(blocks)}
        chosen = [
            (one, row)
            for one, row in zip(self.told, self._rows, strict=True)
            if row and self._part[row[0]] == part
        ]
        limits = None
        if chosen:
            at = [(number, column[b]) for number, (_, row) in enumerate(chosen) for b in row]
            limits = LinearConstraint(
                csr_array(
                    (np.ones(len(at)), tuple(np.array(at).T)), shape=(len(chosen), len(blocks))
                ),
                [one.low for one, _ in chosen],
                [np.inf if one.high is None else one.high for one, _ in chosen],
            )
        self._systems[part] = column, limits
        return column, limits


def _extreme(goal: np.ndarray, limits: LinearConstraint) -> int | None:
    """The least value of the goal, None where there is none. Raises Contradiction, TimeoutError.

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
        _extreme(np.zeros(goal.size), limits)
        return None
    if found.status != _OPTIMAL or found.fun is None:
        raise TimeoutError(f"The audit's integer programme did not end: {found.message}")
    return round(found.fun)


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
    found = [(name, attacker.range_of(cells)) for name, cells in hidden.items()]
    return [Leak(name, one) for name, one in found if not one.is_wider_than(protection)]
