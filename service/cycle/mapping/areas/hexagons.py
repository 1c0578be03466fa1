"""A grid of hexagons over the built-up parts of a municipality, named after the nearest place."""

from collections import Counter

import h3
import shapely
from shapely.geometry import Polygon, shape

from service.cycle.mapping.areas.read_file import MOST, WrongFile, shaped, with_the_rest
from service.geography.areas import AreaShape, areas_of
from service.web.language import _, later

SIZES = {
    "7": later("stora, omkring 5 kvadratkilometer"),
    "8": later("mellan, omkring 0,7 kvadratkilometer"),
    "9": later("små, omkring 0,1 kvadratkilometer"),
}
"""Resolutions of H3, and how large their cells are in Sweden."""


def hexagons(code: str, resolution: int) -> list[AreaShape]:
    """The cells whose middle lies in a locality, and one area for the rest.

    Raises KeyError for an unknown municipality, and WrongFile where they are too many or none.
    """
    known = areas_of(code)
    built = [area for area in known if area.kind != "rest"]
    cells: dict[str, str] = {}
    for area in built:
        for cell in h3.geo_to_cells(shape(area.boundary), resolution):
            cells.setdefault(cell, area.locality)
    if not cells:
        raise WrongFile(_("Så stora hexagoner ryms inte i någon ort. Välj mindre."))
    if len(cells) >= MOST:
        raise WrongFile(
            _("Det blir %(num)s områden. Högst %(most)s går bra. Välj större hexagoner.",
              num=len(cells), most=MOST)
        )  # fmt: skip
    numbers: Counter[str] = Counter()
    areas = []
    # From north to south, so that neighbours bear numbers near each other.
    for cell, locality in sorted(cells.items(), key=lambda one: (one[1], _from_north(one[0]))):
        numbers[locality] += 1
        ring = [(east, north) for north, east in h3.cell_to_boundary(cell)]
        name = f"{locality} {numbers[locality]}"
        areas.append(shaped(cell, name, "hexagon", Polygon(ring), locality=locality))
    whole = shapely.union_all([shape(area.boundary) for area in known])
    return with_the_rest(areas, whole)


def _from_north(cell: str) -> tuple[float, float]:
    north, east = h3.cell_to_latlng(cell)
    return -round(north, 2), east
