"""Small cells merged upwards, so that what is published cannot be taken apart again.

The published groups are a partition: every report is counted in exactly one of them, and each
group holds at least a threshold of reports from at least two actors. All that is published are the
groups' counts and sums of them, so no subtraction on the page can reach below a group.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Marks = NDArray[np.bool_]

THRESHOLD = 3.0
ACTORS_NEEDED = 2
PUBLIC_THRESHOLD = 5.0
"""For what everybody may read; among those who report, THRESHOLD."""
# A report that was spread over hours may come together as a hair less than itself.
HAIR = 1e-6


@dataclass(frozen=True)
class Group:
    """One published count. `area` or `category` is None where it was merged over all the others.

    (a, c) is one cell, (a, None) the rest of an area, (None, c) the rest of a category,
    (None, None) the rest of the municipality.
    """

    area: int | None
    category: int | None
    count: float
    cells: tuple[tuple[int, int], ...]


def merge_upwards(counts: Array, actors: Marks, threshold: float = THRESHOLD) -> list[Group]:
    """Partition all reported cells into groups that may be shown.

    `counts` (A, C) reports of one period, `actors` (A, C, K) who reported each cell. A cell under
    the threshold, or from one actor, goes to its area; what an area cannot hold goes to its
    category over such areas; what remains goes to the municipality, which swallows the smallest
    group when it is itself too small. Gives an empty list when even the whole is too small.
    """
    nearly = threshold - HAIR
    left = counts > 0
    groups: list[Group] = []

    def safe(chosen: Marks) -> bool:
        heard = int(actors[chosen].any(axis=0).sum())
        return bool(counts[chosen].sum() >= nearly and heard >= ACTORS_NEEDED)

    def publish(area: int | None, category: int | None, chosen: Marks) -> None:
        cells = tuple((int(a), int(c)) for a, c in np.argwhere(chosen))
        groups.append(Group(area, category, float(counts[chosen].sum()), cells))
        left[chosen] = False

    alone = (counts >= nearly) & (actors.sum(axis=2) >= ACTORS_NEEDED)
    for a, c in np.argwhere(alone).tolist():
        groups.append(Group(a, c, float(counts[a, c]), ((a, c),)))
    left &= ~alone
    for a in np.flatnonzero(left.any(axis=1)).tolist():
        chosen = np.zeros(left.shape, dtype=bool)
        chosen[a] = left[a]
        if safe(chosen):
            publish(a, None, chosen)
    for c in np.flatnonzero(left.any(axis=0)).tolist():
        chosen = np.zeros(left.shape, dtype=bool)
        chosen[:, c] = left[:, c]
        if safe(chosen):
            publish(None, c, chosen)
    if not left.any():
        return groups
    rest = left.copy()
    while not safe(rest) and groups:
        # Rest of areas and categories first: a cell with a name of its own is worth more.
        smallest = min(
            groups,
            key=lambda group: (
                group.area is not None and group.category is not None,
                group.count,
                group.cells,
            ),
        )
        groups.remove(smallest)
        for a, c in smallest.cells:
            rest[a, c] = True
    if safe(rest):
        publish(None, None, rest)
    return groups
