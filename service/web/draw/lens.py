"""The town in a large hexagon on empty ground: its cells are too small on the whole map."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, hypot, radians
from typing import Any, Protocol

from service.web.draw.projection import Projection, rings_of
from service.web.draw.svg import Point

FEWEST = 4


class Cell(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def latitude(self) -> float: ...
    @property
    def longitude(self) -> float: ...
    @property
    def kind(self) -> str: ...
    @property
    def locality(self) -> str: ...
    @property
    def boundary(self) -> dict[str, Any]: ...


@dataclass(frozen=True)
class Lens:
    """A hexagon at (x, y) that shows what lies within ``reach`` of ``town`` through ``view``."""

    name: str
    x: float
    y: float
    radius: float
    town: Point
    reach: float
    view: Projection
    members: frozenset[Point]

    def holds(self, place: Cell) -> bool:
        return (place.longitude, place.latitude) in self.members

    def rays(self) -> list[list[Point]]:
        """Two lines from the small hexagon to the large one, between the corners that face."""
        half = 0.866
        side = -1 if abs(self.x - self.town[0]) < abs(self.y - self.town[1]) else 0
        if side:
            way = 1 if self.y > self.town[1] else -1
            ends = [(-half, -way / 2), (half, -way / 2)]
            starts = [(-half, way / 2), (half, way / 2)]
        else:
            way = 1 if self.x > self.town[0] else -1
            ends = [(-way * half, -0.5), (-way * half, 0.5)]
            starts = [(way * half, -0.5), (way * half, 0.5)]
        return [
            [
                (self.town[0] + a * self.reach, self.town[1] + b * self.reach),
                (self.x + c * self.radius, self.y + d * self.radius),
            ]
            for (a, b), (c, d) in zip(starts, ends, strict=True)
        ]


def find_lens(view: Projection, cells: Sequence[Cell]) -> Lens | None:
    """A lens when the largest town's hexagons are too small to read and there is room for one."""
    towns: dict[str, list[Cell]] = {}
    for cell in cells:
        if cell.kind == "hexagon":
            towns.setdefault(cell.locality, []).append(cell)
    town = max(towns.values(), key=len, default=[])
    if len(town) < FEWEST:
        return None
    corners = [
        view.point(*c[:2]) for cell in town for ring in rings_of(cell.boundary) for c in ring
    ]
    xs, ys = [c[0] for c in corners], [c[1] for c in corners]
    x, y = (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2
    # A hexagon holds what lies within 0.866 of its radius, whichever way one looks.
    reach = max(hypot(cx - x, cy - y) for cx, cy in corners) / 0.9
    radius = min(view.width, view.height) * 0.27
    if reach > radius * 0.55:
        return None
    inside = {id(cell) for cell in town}
    others = [view.point(c.longitude, c.latitude) for c in cells if id(c) not in inside]
    spot = _empty_spot(view, radius, (x, y), reach, others)
    if spot is None:
        return None
    return Lens(
        _town_name(town),
        *spot,
        radius,
        (x, y),
        reach,
        _enlarged(view, (x, y), reach, spot, radius),
        frozenset((cell.longitude, cell.latitude) for cell in town),
    )


def _empty_spot(
    view: Projection, radius: float, town: Point, reach: float, others: Sequence[Point]
) -> Point | None:
    """The place for the lens that covers fewest other cells, as near to the town as it gets."""
    best: tuple[float, float, Point] | None = None
    step = 10
    for x in range(int(radius) + 4, int(view.width - radius) - 3, step):
        for y in range(int(radius) + 4, int(view.height - radius) - 42, step):
            distance = hypot(x - town[0], y - town[1])
            if distance < radius + reach + 10:
                continue
            hidden = sum(hypot(x - ox, y - oy) < radius + 14 for ox, oy in others)
            candidate = (hidden, distance, (float(x), float(y)))
            if best is None or candidate < best:
                best = candidate
    return best[2] if best else None


def _enlarged(
    view: Projection, town: Point, reach: float, spot: Point, radius: float
) -> Projection:
    """A projection whose drawing has the town in the lens: the same window, larger and moved."""
    times = radius / reach
    west, south, east, north = view.window
    squeeze = cos(radians((south + north) / 2))
    # The point of the ground under the town, and how much ground the whole drawing then shows.
    longitude = (west + east) / 2 + (town[0] - view.width / 2) / (view.per_degree * squeeze)
    latitude = (south + north) / 2 - (town[1] - view.height / 2) / view.per_degree
    per_degree = view.per_degree * times
    middle_x = longitude - (spot[0] - view.width / 2) / (per_degree * squeeze)
    middle_y = latitude + (spot[1] - view.height / 2) / per_degree
    half_x, half_y = view.width / 2 / per_degree / squeeze, view.height / 2 / per_degree
    return Projection(
        (middle_x - half_x, middle_y - half_y, middle_x + half_x, middle_y + half_y),
        view.width,
        view.height,
    )


def _town_name(town: Sequence[Cell]) -> str:
    return town[0].locality or town[0].name
