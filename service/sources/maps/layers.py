"""What was read of a map, before it is cut."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely

from service.sources.maps.kinds import SURFACES, Kind
from service.sources.maps.plane import Shapes, Window
from service.sources.maps.refused import Refused

MOST_VERTICES = 3_000_000
MOST_THINGS = 1_000_000
_LINES = (shapely.GeometryType.LINESTRING, shapely.GeometryType.LINEARRING)


@dataclass
class Layers:
    """Things by kind inside `window`; `outside` counts those that are not, and `left` names the
    layers of which nothing is drawn."""

    window: Window
    shapes: dict[Kind, list[Shapes]] = field(default_factory=dict)
    counted: Counter[Kind] = field(default_factory=Counter)
    outside: int = 0
    left: list[str] = field(default_factory=list)
    vertices: int = 0
    things: int = 0

    def count(self, shapes: Shapes) -> None:
        """Before anything costly is done with them. Raises Refused."""
        self.vertices += int(shapely.count_coordinates(shapes))
        self.things += len(shapes)
        if self.vertices > MOST_VERTICES or self.things > MOST_THINGS:
            raise Refused("vertices")

    def add(self, kind: Kind, shapes: Shapes) -> int:
        """Keep what of `shapes` (in the plane) can be drawn as `kind`; answers how many that was,
        whether inside or not."""
        if kind is Kind.WATER:
            return self._keep(kind, shapes) + self._keep(Kind.STREAM, shapes)
        return self._keep(kind, shapes)

    def _keep(self, kind: Kind, shapes: Shapes) -> int:
        parts = _drawable(kind, shapes)
        inside = shapely.clip_by_rect(parts, *_box(self.window))
        inside = inside[~shapely.is_empty(inside)]
        self.outside += len(parts) - len(inside)
        self.counted[kind] += len(inside)
        if len(inside):
            self.shapes.setdefault(kind, []).append(inside)
        return len(parts)

    def whole(self) -> dict[Kind, Shapes]:
        return {kind: np.concatenate(some) for kind, some in self.shapes.items()}


def _box(window: Window) -> tuple[float, float, float, float]:
    return window.west, window.north, window.east, window.south


def _drawable(kind: Kind, shapes: Shapes) -> Any:
    """Single surfaces or lines, valid and with finite corners; the rest can not be drawn."""
    shapes = shapes[~(shapely.is_missing(shapes) | shapely.is_empty(shapes))]
    shapes = shapes[np.isfinite(shapely.bounds(shapes)).all(axis=1)]
    kinds = shapely.get_type_id(shapes)
    if kind in SURFACES:
        surfaces = shapes[np.isin(kinds, (3, 6, 7))]
        bad = ~shapely.is_valid(surfaces)
        surfaces[bad] = shapely.make_valid(surfaces[bad])
        parts = shapely.get_parts(shapely.get_parts(surfaces))
        return parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]
    parts = shapely.get_parts(shapes[np.isin(kinds, (1, 2, 5, 7))])
    return parts[np.isin(shapely.get_type_id(parts), _LINES)]
