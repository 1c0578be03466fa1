"""How a municipality is cut into areas: a grid over the larger town, localities, and the rest.

No package knows the outline of a built-up area, and real neighbourhoods are not named here on
purpose: nothing invented may stand beside a real one. So a locality is a disc whose size follows
from its inhabitants, and towns whose discs touch are one town, cut by a grid of hexagons that are
named by row and column only.
"""

import string
from math import ceil, cos, hypot, pi, radians, sqrt
from typing import Any, NamedTuple

import h3
import shapely

from service.geography.areas import KM_PER_DEGREE
from service.geography.making.places import Place
from service.geography.municipalities import slug

PEOPLE_PER_KM2 = 2800
SMALLEST_RADIUS = 0.6
GAP_KM = 1.0
TOWN = 10_000
SUBURB_KM = 4.5  # what lies this near a town may be a part of it, and is not named
HEXAGON = 8  # h3's resolution: about 0.75 km2, 1 km across
HEXAGON_KM2 = 0.75
FEWEST, MOST = 12, 48
DRY_SHARE = 0.3
REST = "Övriga kommunen"


class Plane(NamedTuple):
    """Kilometres east and north of a point; true to a per cent within a municipality."""

    latitude: float
    longitude: float

    @property
    def scale(self) -> tuple[float, float]:
        return KM_PER_DEGREE * cos(radians(self.latitude)), KM_PER_DEGREE

    def flat_point(self, latitude: float, longitude: float) -> tuple[float, float]:
        east, north = self.scale
        return (longitude - self.longitude) * east, (latitude - self.latitude) * north

    def flat(self, shape: Any) -> Any:
        return shapely.transform(
            shape, lambda p: (p - (self.longitude, self.latitude)) * self.scale
        )

    def round(self, shape: Any) -> Any:
        """Back to degrees."""
        return shapely.transform(shape, lambda p: p / self.scale + (self.longitude, self.latitude))


class Cut(NamedTuple):
    """An area in the making; shape in kilometres of the plane."""

    key: str
    name: str
    kind: str
    locality: str
    shape: Any


def cut(land: Any, places: list[Place], plane: Plane) -> list[Cut]:
    """The areas of one municipality; land in kilometres of the plane.

    Every area has a shape; areas do not overlap; together they cover the land.
    """
    areas: list[Cut] = []
    villages: list[Place] = []
    for cluster in touching(places, plane):
        if sum(place.population for place in cluster) >= TOWN:
            areas += _town(cluster, land, plane)
        else:
            villages += cluster
    taken = shapely.union_all([area.shape for area in areas])
    for place in sorted(villages, key=lambda place: -place.population):
        if any(area.name == place.name for area in areas):
            continue  # GeoNames has it twice, or it cannot be told from its namesake.
        disc = _disc(place, plane)
        shape = _solid(disc.intersection(land).difference(taken)) or _solid(disc.difference(taken))
        if shape:
            taken = taken.union(shape)
            areas.append(Cut(slug(place.name), place.name, "locality", place.name, shape))
    rest = _solid(land.difference(taken.buffer(0.001))) or land
    return [*areas, Cut("ovriga-kommunen", REST, "rest", REST, rest)]


def touching(places: list[Place], plane: Plane) -> list[list[Place]]:
    """Places whose discs nearly touch are one cluster, largest first; so are suburbs of a town."""
    clusters: list[list[Place]] = []
    for place in places:
        disc = _disc(place, plane)
        near = [
            cluster
            for cluster in clusters
            if any(
                disc.distance(_disc(other, plane))
                < (SUBURB_KM if max(place.population, other.population) >= TOWN else GAP_KM)
                for other in cluster
            )
        ]
        merged = [member for cluster in near for member in cluster] + [place]
        clusters = [cluster for cluster in clusters if cluster not in near] + [merged]
    return [sorted(cluster, key=lambda place: -place.population) for cluster in clusters]


def _town(cluster: list[Place], land: Any, plane: Plane) -> list[Cut]:
    name = cluster[0].name
    people = sum(place.population for place in cluster)
    wanted = min(MOST, max(FEWEST, round(people / PEOPLE_PER_KM2 / HEXAGON_KM2)))
    shapes: list[Any] = []
    for outwards, cell in sorted(
        (_outwards(cell, cluster, plane), cell) for cell in _cells(cluster)
    ):
        if outwards > 1.25 or len(shapes) == wanted:
            break
        corners = [plane.flat_point(*corner) for corner in h3.cell_to_boundary(cell)]
        whole = shapely.Polygon(corners)
        dry = _solid(whole.intersection(land))
        if dry and dry.area >= DRY_SHARE * whole.area:
            shapes.append(dry)
    areas = [
        Cut(f"{slug(name)}-{square.lower()}", f"{name}, ruta {square}", "hexagon", name, shape)
        for square, shape in zip(_squares(shapes), shapes, strict=True)
    ]
    discs = shapely.union_all([_disc(place, plane) for place in cluster])
    edge = _solid(discs.intersection(land).difference(shapely.union_all(shapes).buffer(0.001)))
    if edge and edge.area > HEXAGON_KM2:
        key = f"{slug(name)}-ytterkant"
        areas.append(Cut(key, f"{name}, ytterkanten", "locality", name, edge))
    return sorted(areas, key=lambda area: area.key)


def _outwards(cell: str, cluster: list[Place], plane: Plane) -> float:
    """How far out in the town the cell lies: 0 in the middle of a place, 1 at its edge."""
    x, y = plane.flat_point(*h3.cell_to_latlng(cell))
    distances = []
    for place in cluster:
        east, north = plane.flat_point(place.latitude, place.longitude)
        distances.append(hypot(x - east, y - north) / _radius(place))
    return min(distances)


def _cells(cluster: list[Place]) -> set[str]:
    return {
        cell
        for place in cluster
        for cell in h3.grid_disk(
            h3.latlng_to_cell(place.latitude, place.longitude, HEXAGON),
            ceil(_radius(place) / 0.8) + 1,
        )
    }


def _squares(shapes: list[Any]) -> list[str]:
    """Rows are letters from the north, columns numbers from the west: `A1`, `A2`, `B1`."""
    if not shapes:
        return []
    middles = [shape.centroid for shape in shapes]
    north, south = max(m.y for m in middles), min(m.y for m in middles)
    rows = max(1, min(len(string.ascii_uppercase), round((north - south) / 0.9)))
    height = (north - south) / rows or 1.0
    row = [min(rows - 1, int((north - m.y) / height)) for m in middles]
    # Rows that nothing lies in, between a town and its suburb, take no letter.
    letters = dict(zip(sorted(set(row)), string.ascii_uppercase, strict=False))
    names = [""] * len(shapes)
    column = [0] * rows
    for which in sorted(range(len(shapes)), key=lambda i: middles[i].x):
        column[row[which]] += 1
        names[which] = f"{letters[row[which]]}{column[row[which]]}"
    return names


def _radius(place: Place) -> float:
    return max(SMALLEST_RADIUS, sqrt(place.population / PEOPLE_PER_KM2 / pi))


def _disc(place: Place, plane: Plane) -> Any:
    middle = shapely.Point(plane.flat_point(place.latitude, place.longitude))
    return middle.buffer(_radius(place), quad_segs=6)


def _solid(shape: Any) -> Any:
    """The polygons of the shape, slivers left out; None when nothing is left."""
    parts = [
        part
        for part in shapely.get_parts(shape)
        if part.geom_type == "Polygon" and part.area > 0.01
    ]
    return shapely.MultiPolygon(parts) if parts else None
