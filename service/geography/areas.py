"""The areas that a municipality starts with: localities, hexagons of a grid, and the rest."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise
from math import cos, hypot, inf, radians
from typing import Any, NamedTuple, Protocol, TypeVar

from service.geography.built import read_municipality

KM_PER_DEGREE = 111.2
NEAR_KM = 1.0


class AreaShape(NamedTuple):
    """An area as it is founded; boundary is a GeoJSON MultiPolygon in WGS 84."""

    key: str
    name: str
    kind: str
    locality: str
    latitude: float
    longitude: float
    boundary: dict[str, Any]


class Bounded(Protocol):
    """What `nearest_area` needs to know of an area."""

    @property
    def kind(self) -> str: ...
    @property
    def boundary(self) -> dict[str, Any]: ...


A = TypeVar("A", bound=Bounded)


@lru_cache(maxsize=32)
def areas_of(code: str) -> list[AreaShape]:
    """Localities, hexagons in the larger town and one `rest`. Raises KeyError, unknown code."""
    return [AreaShape(**area) for area in read_municipality(code)["areas"]]


def nearest_area(areas: Sequence[A], latitude: float, longitude: float) -> A:
    """The area that holds the point; failing that one within a kilometre; failing that the rest.

    A point on a quay or off the coarse outline still has a place where it is counted.
    Raises ValueError when there is no area at all.
    """
    distances = [(_distance(area.boundary, latitude, longitude), area) for area in areas]
    if not distances:
        raise ValueError("no areas")
    named = [(km, area) for km, area in distances if area.kind != "rest"]
    rest = [(km, area) for km, area in distances if area.kind == "rest"]
    for candidates, within in ((named, 0.0), (rest, 0.0), (named, NEAR_KM), (rest, inf)):
        near = [pair for pair in candidates if pair[0] <= within]
        if near:
            return min(near, key=lambda pair: pair[0])[1]
    return min(distances, key=lambda pair: pair[0])[1]


def _distance(boundary: dict[str, Any], latitude: float, longitude: float) -> float:
    """Kilometres from the point to the boundary; 0 inside."""
    scale = cos(radians(latitude)) * KM_PER_DEGREE
    shortest = inf
    inside = False
    for ring in _rings(boundary):
        plane = [((x - longitude) * scale, (y - latitude) * KM_PER_DEGREE) for x, y in ring]
        for (x0, y0), (x1, y1) in pairwise(plane):
            # Even-odd rule along the ray to the east; holes toggle it back.
            if (y0 > 0) != (y1 > 0) and x0 - y0 * (x1 - x0) / (y1 - y0) > 0:
                inside = not inside
            dx, dy = x1 - x0, y1 - y0
            along = dx * dx + dy * dy
            t = 0.0 if along == 0 else max(0.0, min(1.0, -(x0 * dx + y0 * dy) / along))
            shortest = min(shortest, hypot(x0 + t * dx, y0 + t * dy))
    return 0.0 if inside else shortest


def _rings(boundary: dict[str, Any]) -> Iterable[list[list[float]]]:
    if boundary["type"] == "Polygon":
        yield from boundary["coordinates"]
    else:
        for polygon in boundary["coordinates"]:
            yield from polygon
