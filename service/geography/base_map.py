"""The base map of one municipality: its land, its lakes, its localities."""

from functools import lru_cache
from typing import NamedTuple

from service.geography.built import read_municipality

ATTRIBUTION = "SCB, GSHHG, GeoNames"

Ring = list[list[float]]


class Locality(NamedTuple):
    """A named place with its inhabitants according to GeoNames (0 when unknown)."""

    name: str
    latitude: float
    longitude: float
    population: int


class BaseMap(NamedTuple):
    """Rings are closed lists of [longitude, latitude] in WGS 84, cut to `bounds`.

    land: the municipality's own land, holes as rings of their own (draw with fill-rule evenodd).
    surroundings: other land inside the window, drawn fainter.
    lakes: lakes inside the window.
    bounds: (west, south, east, north) in degrees.
    """

    code: str
    name: str
    land: list[Ring]
    surroundings: list[Ring]
    lakes: list[Ring]
    localities: list[Locality]
    bounds: tuple[float, float, float, float]


@lru_cache(maxsize=32)
def base_map(code: str) -> BaseMap:
    """The base map of the municipality with this code. Raises KeyError for an unknown code."""
    built = read_municipality(code)
    west, south, east, north = built["bounds"]
    return BaseMap(
        code=code,
        name=built["name"],
        land=built["land"],
        surroundings=built["surroundings"],
        lakes=built["lakes"],
        localities=[Locality(*row) for row in built["localities"]],
        bounds=(west, south, east, north),
    )
