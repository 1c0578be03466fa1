"""The plane that maps are cut in: Web Mercator, counted in units of the most detailed tiles."""

from math import asinh, pi, radians, tan
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import shapely

DETAIL = 14
"""The level of the most detailed tiles: 2¹⁴ to a side of the world, here some 1,200 m each."""
EXTENT = 2048
"""Units to a side of a tile at its own level: 0.6 m at the most detailed."""
SIDE = EXTENT << DETAIL
HALF_WORLD = pi * 6378137.0

Shapes = npt.NDArray[Any]


class Window(NamedTuple):
    """The part of the plane that a municipality's map shows; y grows to the south."""

    west: float
    north: float
    east: float
    south: float


def window_of(bounds: tuple[float, float, float, float]) -> Window:
    """`bounds` are west, south, east and north in degrees, WGS 84."""
    west, south, east, north = bounds
    return Window(_x(west), _y(north), _x(east), _y(south))


def _x(longitude: float) -> float:
    return (longitude / 360 + 0.5) * SIDE


def _y(latitude: float) -> float:
    return (0.5 - asinh(tan(radians(latitude))) / (2 * pi)) * SIDE


def from_metres(shapes: Shapes) -> Shapes:
    """Shapes in metres of Web Mercator (EPSG:3857), put into the plane."""
    scale = SIDE / (2 * HALF_WORLD)
    return shapely.transform(
        shapes, lambda points: np.column_stack((points[:, 0], -points[:, 1])) * scale + SIDE / 2
    )
