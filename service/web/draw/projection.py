"""From longitude and latitude to a drawing: equirectangular at mid-latitude, cut and simplified.

Within one municipality the error of this projection is far below a pixel's worth of meaning.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import cos, radians
from typing import Any

import shapely
from shapely.geometry import Polygon

from service.web.draw.svg import Point, polyline

KM_PER_DEGREE = 111.2
# A ring of so few corners, such as a cell of a grid, is drawn as it is.
PLAIN = 12
Ring = Sequence[Sequence[float]]
Bounds = tuple[float, float, float, float]


@dataclass(frozen=True)
class Projection:
    """A window (west, south, east, north in degrees) on a drawing of that size in units."""

    window: Bounds
    width: float
    height: float

    @cached_property
    def _squeeze(self) -> float:
        return cos(radians((self.window[1] + self.window[3]) / 2))

    @cached_property
    def per_degree(self) -> float:
        """Drawing units per degree of latitude; the window fits whole."""
        west, south, east, north = self.window
        return min(self.width / ((east - west) * self._squeeze), self.height / (north - south))

    @property
    def per_km(self) -> float:
        return self.per_degree / KM_PER_DEGREE

    def point(self, longitude: float, latitude: float) -> Point:
        west, south, east, north = self.window
        return (
            self.width / 2 + (longitude - (west + east) / 2) * self._squeeze * self.per_degree,
            self.height / 2 - (latitude - (south + north) / 2) * self.per_degree,
        )

    def outline(self, rings: Iterable[Ring], detail: float = 0.7, smallest: float = 2.0) -> str:
        """Path data of all rings, cut to the drawing (with a margin that hides the cut edge).

        ``detail`` is the largest error and ``smallest`` the smallest area shown, in drawing units.
        """
        data = []
        for ring in rings:
            drawn = [self.point(*corner[:2]) for corner in ring]
            if len(ring) <= PLAIN and all(self._holds(point) for point in drawn):
                data.append(polyline(drawn[:-1], closed=True))
                continue
            data += [
                polyline(part.exterior.coords[:-1], closed=True)
                for part in self._parts(drawn, detail)
                if part.area >= smallest
            ]
        return "".join(data)

    def _holds(self, point: Point) -> bool:
        return 0 <= point[0] <= self.width and 0 <= point[1] <= self.height

    def _parts(self, ring: Sequence[Point], detail: float) -> Iterator[Polygon]:
        if len(ring) < 4:
            return
        frame = (-20, -20, self.width + 20, self.height + 20)
        drawn = Polygon(ring)
        cut = shapely.clip_by_rect(drawn if drawn.is_valid else drawn.buffer(0), *frame)
        simple = cut.simplify(detail)
        # Holes come as rings of their own, so only the outside of a cut part is used.
        for part in getattr(simple, "geoms", (simple,)):
            if isinstance(part, Polygon) and not part.is_empty:
                yield part


def rings_of(boundary: dict[str, Any]) -> list[Ring]:
    """All rings of a GeoJSON Polygon or MultiPolygon."""
    if boundary["type"] == "Polygon":
        return list(boundary["coordinates"])
    return [ring for polygon in boundary["coordinates"] for ring in polygon]


def bounds_of(points: Iterable[Sequence[float]]) -> Bounds:
    """(west, south, east, north) of the points. ValueError when there are none."""
    longitudes, latitudes = zip(*((p[0], p[1]) for p in points), strict=True)
    return min(longitudes), min(latitudes), max(longitudes), max(latitudes)


def look_at(
    inner: Bounds, outer: Bounds, width: float, height: float, margin: float = 0.14
) -> Projection:
    """A drawing of ``inner`` with a margin, ``width`` units wide and about ``height`` high.

    It shows nothing outside ``outer``, where no ground is known, and is made lower or higher (70 to
    125 per cent of ``height``) when that helps.
    """
    west, south, east, north = inner
    squeeze = cos(radians((south + north) / 2))
    wide = max((east - west) * squeeze, 0.02) * (1 + 2 * margin)
    high = max(north - south, 0.02) * (1 + 2 * margin)
    aspect = height / width
    wide, high = max(wide, high / aspect), max(high, wide * aspect)
    known_wide, known_high = (outer[2] - outer[0]) * squeeze, outer[3] - outer[1]
    wide, high = min(wide, known_wide), min(high, known_high)
    aspect = min(max(high / wide, aspect * 0.7), aspect * 1.25)
    # What the limits on the shape took away is given back where the ground is known.
    wide, high = (
        min(max(wide, high / aspect), known_wide),
        min(max(high, wide * aspect), known_high),
    )
    middle_x = _within((west + east) / 2, wide / squeeze, outer[0], outer[2])
    middle_y = _within((south + north) / 2, high, outer[1], outer[3])
    half_x, half_y = wide / squeeze / 2, high / 2
    window = (middle_x - half_x, middle_y - half_y, middle_x + half_x, middle_y + half_y)
    return Projection(window, width, round(width * aspect))


def _within(middle: float, size: float, low: float, high: float) -> float:
    """The middle moved so that the window stays between low and high where it can."""
    if size >= high - low:
        return (low + high) / 2
    return min(max(middle, low + size / 2), high - size / 2)
