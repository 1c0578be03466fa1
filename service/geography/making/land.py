"""Each municipality's land: the coast from GSHHG, the borders inland from Statistics Sweden.

The coarse outlines miss islands and headlands and reach into the sea. So land inside an outline
belongs to it; land outside every outline goes to the nearest one, unless it is abroad. Geometry
is done in a plane of kilometres whose east-west scale holds at 60 degrees north: good enough to
say what is nearest anywhere in the country.
"""

from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from service.geography.making.coast import Coast
from service.geography.making.outlines import Outlines

EAST_KM, NORTH_KM = 55.6, 111.2
FARTHEST_KM = 12.0
LARGEST_KM2 = 60.0
SPLIT_KM2 = 3.0

# Sea borders in degrees, drawn by hand, generously inside the foreign water: without them
# Saltholm would be Malmö's, Hvaler Strömstad's and Åland's skerries Norrtälje's.
ABROAD = [
    [(12.0, 56.4), (12.55, 56.2), (12.64, 56.0), (12.66, 55.86), (12.86, 55.62), (12.75, 55.2),
     (12.0, 55.0)],
    [(10.0, 58.88), (10.85, 58.93), (11.12, 58.99), (11.3, 59.12), (11.3, 59.6), (10.0, 59.6)],
    [(19.14, 59.6), (25.0, 59.6), (25.0, 60.8), (19.14, 60.8)],
    [(20.9, 62.8), (24.16, 65.4), (24.16, 65.85), (25.0, 65.85), (25.0, 60.8), (20.9, 60.8)],
    [(14.5, 54.9), (15.4, 54.9), (15.4, 55.36), (14.5, 55.36)],
]  # fmt: skip

Shapes = npt.NDArray[Any]


def to_plane(shapes: Any) -> Any:
    """Degrees to kilometres, see the module's docstring."""
    return shapely.transform(shapes, lambda points: points * (EAST_KM, NORTH_KM))


def to_degrees(shapes: Any) -> Any:
    """Kilometres back to degrees."""
    return shapely.transform(shapes, lambda points: points / (EAST_KM, NORTH_KM))


def share_land(outlines: Outlines, coast: Coast) -> list[Any]:
    """One (multi)polygon per outline, in kilometres of the plane, in the outlines' order."""
    shapes = to_plane(outlines.shapes)
    land = to_plane(coast.land)
    by_outline: list[list[Any]] = [[] for _ in shapes]
    for owner, piece in _inside(shapes, land):
        by_outline[owner].append(piece)
    for owner, piece in _left_over(shapes, land):
        by_outline[owner].append(piece)
    return [shapely.disjoint_subset_union_all(pieces) for pieces in by_outline]


def _inside(shapes: Shapes, land: Shapes) -> Any:
    tree = shapely.STRtree(land)
    for owner, shape in enumerate(shapes):
        near = land[tree.query(shape)]
        # The mainland is one polygon of a hundred thousand points: cut it down first.
        near = shapely.make_valid(shapely.clip_by_rect(near, *shape.bounds))
        for piece in shapely.intersection(near, shape):
            if not piece.is_empty:
                yield owner, piece


def _left_over(shapes: Shapes, land: Shapes) -> Any:
    tree = shapely.STRtree(shapes)
    sweden = shapely.union_all(shapes)
    shapely.prepare(sweden)
    outside = land[~shapely.contains_properly(sweden, land)]
    crossing = shapely.intersects(sweden, outside)
    # Ten metres wider, so that a headland and the outline it was cut from grow together again.
    cut_off = shapely.get_parts(shapely.difference(outside[crossing], sweden))
    pieces = np.concatenate([outside[~crossing], shapely.buffer(cut_off, 0.01, quad_segs=1)])
    pieces = pieces[shapely.area(pieces) < LARGEST_KM2]
    abroad = to_plane(shapely.union_all([shapely.Polygon(ring) for ring in ABROAD]))
    pieces = pieces[~shapely.intersects(abroad, shapely.centroid(pieces))]
    small = shapely.area(pieces) < SPLIT_KM2
    which, owner = tree.query_nearest(pieces[small], max_distance=FARTHEST_KM, all_matches=False)
    yield from zip(owner.tolist(), pieces[small][which], strict=True)
    for piece in pieces[~small]:
        owners = tree.query(piece, predicate="dwithin", distance=FARTHEST_KM)
        if len(owners):
            yield from _split(piece, owners, shapes)


def _split(piece: Any, owners: npt.NDArray[np.intp], shapes: Shapes) -> Any:
    """A large piece is shared by Voronoi cells of points along the outlines near it."""
    corners, owner_of = shapely.get_coordinates(
        shapely.segmentize(shapes[owners], 0.7), return_index=True
    )
    near = shapely.dwithin(shapely.points(corners), piece, FARTHEST_KM)
    corners, first, times = np.unique(
        corners[near].round(3), axis=0, return_index=True, return_counts=True
    )
    # A corner that two outlines share says nothing about whose the land is.
    owner_of = owners[owner_of[near][first]]
    alone = times == 1
    corners, owner_of = corners[alone], owner_of[alone]
    if len(set(owner_of.tolist())) == 1:
        yield int(owner_of[0]), piece
        return
    cells = shapely.get_parts(
        shapely.voronoi_polygons(shapely.multipoints(corners), extend_to=piece, ordered=True)
    )
    for owner in set(owner_of.tolist()):
        part = shapely.intersection(piece, shapely.coverage_union_all(cells[owner_of == owner]))
        if not part.is_empty:
            yield owner, part
