"""How one division into areas becomes another: a pure function of the two."""

from collections.abc import Sequence
from dataclasses import dataclass

import shapely
from shapely.geometry import shape

from service.cycle.mapping.places import Area
from service.geography.areas import AreaShape

SAME = 1e-6
"""Of the area that two drawings do not share: they are one place drawn alike."""


@dataclass(frozen=True)
class Division:
    """`kept` maps an old area's position to that of the new one which is the same place;
    `heirs` maps every other old position to the new one that covers most of it."""

    kept: dict[int, int]
    heirs: dict[int, int]


def divide(old: Sequence[Area], new: Sequence[AreaShape]) -> Division:
    """Raises ValueError where there is no new area."""
    if not new:
        raise ValueError("no areas")
    before = [shapely.make_valid(shape(area.boundary)) for area in old]
    after = [shapely.make_valid(shape(area.boundary)) for area in new]
    tree = shapely.STRtree(after)
    kept: dict[int, int] = {}
    heirs: dict[int, int] = {}
    for at, drawn in enumerate(before):
        near = sorted(int(one) for one in tree.query(drawn, predicate="intersects"))
        shared = {one: drawn.intersection(after[one]).area for one in near}
        most = max(near, key=lambda one: shared[one], default=None)
        if most is None:
            heirs[at] = int(tree.nearest(drawn))
            continue
        whole = max(drawn.area, after[most].area)
        same = whole - shared[most] <= SAME * whole and old[at].name == new[most].name
        (kept if same else heirs)[at] = most
    return Division(kept, heirs)
