"""Coordinates of SWEREF 99 TM, which Swedish authorities' systems give in metres."""

from functools import cache

from pyproj import Transformer

NORTHINGS = (6_100_000.0, 7_700_000.0)
EASTINGS = (250_000.0, 930_000.0)


def is_in_sweden(northing: float, easting: float) -> bool:
    """Whether the two can be a point of SWEREF 99 TM in Sweden, in that order."""
    return NORTHINGS[0] <= northing <= NORTHINGS[1] and EASTINGS[0] <= easting <= EASTINGS[1]


def to_degrees(northing: float, easting: float) -> tuple[float, float]:
    """Latitude and longitude in WGS 84."""
    longitude, latitude = _transformer().transform(easting, northing)
    return latitude, longitude


@cache
def _transformer() -> Transformer:
    return Transformer.from_crs(3006, 4326, always_xy=True)
