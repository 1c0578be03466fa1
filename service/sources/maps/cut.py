"""Cut a map into tiles of SVG paths, each level with as much detail as one sees there."""

import gzip
import json
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import shapely

from service.sources.maps.kinds import SURFACES, Kind
from service.sources.maps.plane import DETAIL, EXTENT, SIDE, Shapes, Window
from service.sources.maps.refused import Refused

# What each level shows: a street map needs no houses before one sees streets.
LEVELS: dict[int, frozenset[Kind]] = {
    10: frozenset({Kind.GREEN, Kind.WATER, Kind.RAIL, Kind.MAIN}),
    12: frozenset(Kind) - {Kind.BUILDING},
    DETAIL: frozenset(Kind),
}
_FIRST = 6
_COARSE = 2.0
"""Units by which a line may be moved: a quarter of a pixel where the level is shown at its size."""
_SMALLEST = 12.0
"""Units to a side: a smaller surface is a dot."""
_EDGE = 24.0
"""Units beyond the tile's edge, so that a stroke goes on into the next tile."""
MOST_TILES = 40_000
LARGEST_TILE = 400_000
MOST_BYTES = 25 * 1024 * 1024


class CutTile(NamedTuple):
    """`body` is gzipped JSON: SVG path data by kind, from the bottom up, in units of the tile."""

    level: int
    x: int
    y: int
    body: bytes


def cut(shapes: dict[Kind, Shapes], window: Window) -> Iterator[CutTile]:
    """The tiles with something in them. Raises Refused when they come to too much."""
    tiles = size = 0
    for level, kinds in LEVELS.items():
        unit = float(1 << (DETAIL - level))
        simple = {
            kind: _simple(shapes[kind], kind, unit)
            for kind in Kind
            if kind in kinds and kind in shapes
        }
        side = SIDE >> _FIRST
        for x in range(int(window.west // side), int(window.east // side) + 1):
            for y in range(int(window.north // side), int(window.south // side) + 1):
                for tile in _descend((_FIRST, x, y), level, simple):
                    tiles += 1
                    size += len(tile.body)
                    if tiles > MOST_TILES or size > MOST_BYTES or len(tile.body) > LARGEST_TILE:
                        raise Refused("dense")
                    yield tile


def _simple(shapes: Shapes, kind: Kind, unit: float) -> Shapes:
    if kind in SURFACES:
        shapes = shapes[shapely.area(shapes) > (_SMALLEST * unit) ** 2]
        if kind is Kind.BUILDING:
            # A house has few corners, and a moved one is seen.
            return shapes
    simple = shapely.simplify(shapes, _COARSE * unit, preserve_topology=kind in SURFACES)
    return simple[~shapely.is_empty(simple)]


def _descend(
    tile: tuple[int, int, int], level: int, shapes: dict[Kind, Shapes]
) -> Iterator[CutTile]:
    """Halve and halve again, each time with what lies in that half only."""
    z, x, y = tile
    here = _within(shapes, tile, _EDGE * (1 << (DETAIL - level)))
    if not here:
        return
    if z < level:
        for child in ((0, 0), (1, 0), (0, 1), (1, 1)):
            yield from _descend((z + 1, x * 2 + child[0], y * 2 + child[1]), level, here)
        return
    paths = {kind: _path(some, tile) for kind, some in here.items()}
    paths = {kind: path for kind, path in paths.items() if path}
    if paths:
        body = gzip.compress(json.dumps(paths, separators=(",", ":")).encode(), 9, mtime=0)
        yield CutTile(z, x, y, body)


def _within(
    shapes: dict[Kind, Shapes], tile: tuple[int, int, int], edge: float
) -> dict[Kind, Shapes]:
    z, x, y = tile
    side = float(SIDE >> z)
    west, north = x * side - edge, y * side - edge
    east, south = (x + 1) * side + edge, (y + 1) * side + edge
    found = {}
    for kind, some in shapes.items():
        x0, y0, x1, y1 = shapely.bounds(some).T
        near = some[(x0 < east) & (x1 > west) & (y0 < south) & (y1 > north)]
        if len(near):
            clipped = shapely.clip_by_rect(near, west, north, east, south)
            clipped = clipped[~shapely.is_empty(clipped)]
            if len(clipped):
                found[kind] = clipped
    return found


def _path(shapes: Shapes, tile: tuple[int, int, int]) -> str:
    z, x, y = tile
    side = float(SIDE >> z)
    rings = shapely.get_parts(shapes)
    surfaces = rings[shapely.get_type_id(rings) == shapely.GeometryType.POLYGON]
    lines = rings[shapely.get_type_id(rings) == shapely.GeometryType.LINESTRING]
    corner = np.array((x * side, y * side))
    drawn = []
    for line, closed in (
        *((ring, True) for ring in shapely.get_rings(surfaces)),
        *((line, False) for line in lines),
    ):
        points = np.rint((shapely.get_coordinates(line) - corner) * (EXTENT / side))
        drawn.append(_drawn(points.astype(int), closed))
    return "".join(drawn)


def _drawn(points: Any, closed: bool) -> str:
    """Steps from corner to corner, without those that lie on the one before."""
    steps = np.diff(points, axis=0)
    steps = steps[steps.any(axis=1)]
    if len(steps) < (3 if closed else 1):
        return ""
    if closed:
        steps = steps[:-1]
    x, y = points[0]
    return f"M{x} {y}l{' '.join(map(str, steps.ravel().tolist()))}{'z' if closed else ''}"
