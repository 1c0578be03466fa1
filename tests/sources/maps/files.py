"""Maps that are made up on the spot: a few streets, a lake and houses, as two kinds of file."""

import gzip
import sqlite3
import struct
from collections.abc import Iterable, Mapping
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import shapely
from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import Writer
from pyproj import Transformer

from service.sources.maps.vector_tile import Tile

Rows = Mapping[str, Iterable[tuple[Any, str]]]
CONTENTS = """
CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT, srs_id INTEGER PRIMARY KEY, organization TEXT,
    organization_coordsys_id INTEGER, definition TEXT);
CREATE TABLE gpkg_contents (table_name TEXT PRIMARY KEY, data_type TEXT, srs_id INTEGER);
CREATE TABLE gpkg_geometry_columns (table_name TEXT PRIMARY KEY, column_name TEXT,
    geometry_type_name TEXT, srs_id INTEGER);
"""


def town(longitude: float, latitude: float) -> Rows:
    """Layers with shapes in degrees, as (shape, class), in a square kilometre around a point."""

    def at(east: float, north: float) -> tuple[float, float]:
        return longitude + east / 55_000, latitude + north / 111_200

    def line(*points: tuple[float, float]) -> Any:
        return shapely.LineString([at(*point) for point in points])

    def box(east: float, north: float, size: float) -> Any:
        return shapely.Polygon(
            [at(east, north), at(east + size, north), at(east + size, north + size),
             at(east, north + size)]
        )  # fmt: skip

    streets = [line((-500, 90.0 * n), (500, 90.0 * n)) for n in range(-5, 6)]
    return {
        "vagar": [
            *((street, "Lokalgata") for street in streets),
            (line((-900, -900), (900, 900)), "Motorväg"),
        ],
        "vatten": [(box(250, 250, 400), "Sjö")],
        "byggnader": [(box(60.0 * n - 400, 20, 30), "Bostad") for n in range(12)],
        "mark": [(box(-900, -900, 600), "Barrskog"), (box(-900, 300, 200), "Annan mark")],
        "adresser": [(shapely.Point(longitude, latitude), "1")],
    }


def geopackage(
    layers: Rows, system: int = 3006, *, organization: str = "EPSG", script: str = ""
) -> bytes:
    """As programs write it; `script` is run last, for what a program would not write."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "map.gpkg"
        base = sqlite3.connect(path)
        base.executescript("PRAGMA application_id = 1196444487;" + CONTENTS)
        base.execute(
            "INSERT INTO gpkg_spatial_ref_sys VALUES ('', ?, ?, ?, '')",
            (system, organization, system),
        )
        into = (
            Transformer.from_crs(4326, system, always_xy=True)
            if organization == "EPSG" and system > 0
            else None
        )
        for name, rows in layers.items():
            base.execute(f'CREATE TABLE "{name}" (fid INTEGER PRIMARY KEY, geom BLOB, objekttyp)')
            base.execute("INSERT INTO gpkg_contents VALUES (?, 'features', ?)", (name, system))
            base.execute(
                "INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', 'GEOMETRY', ?)",
                (name, system),
            )
            base.executemany(
                f'INSERT INTO "{name}" (geom, objekttyp) VALUES (?, ?)',
                [(_blob(shape, system, into), said) for shape, said in rows],
            )
        base.executescript(script)
        base.commit()
        base.close()
        return path.read_bytes()


def _blob(shape: Any, system: int, into: Transformer | None) -> bytes:
    if into is not None:
        shape = shapely.transform(
            shape, lambda points: list(zip(*into.transform(*points.T), strict=True))
        )
    return b"GP\0\1" + struct.pack("<i", system) + shapely.to_wkb(shape)


def archive(
    layers: Rows, level: int = 14, *, tile_type: TileType = TileType.MVT, bomb: int = 0
) -> bytes:
    """The tiles of one level; `bomb` is how many bytes of nothing one of them unpacks to."""
    tiles: dict[tuple[int, int], Any] = {}
    into = Transformer.from_crs(4326, 3857, always_xy=True)
    world = 2 * 20037508.342789244
    side = world / (1 << level)
    for name, rows in layers.items():
        for shape, said in rows:
            moved = shapely.transform(
                shape, lambda points: list(zip(*into.transform(*points.T), strict=True))
            )
            moved = shapely.transform(moved, lambda p: (p * (1, -1) + world / 2) / side)
            west, north, east, south = moved.bounds
            for x in range(int(west), int(east) + 1):
                for y in range(int(north), int(south) + 1):
                    part = shapely.clip_by_rect(moved, x - 0.02, y - 0.02, x + 1.02, y + 1.02)
                    if not part.is_empty:
                        placed = shapely.transform(
                            part, lambda points, corner=(x, y): (points - corner) * 4096
                        )
                        _write(tiles.setdefault((x, y), Tile()), name, said, placed)
    packed = {place: gzip.compress(tile.SerializeToString()) for place, tile in tiles.items()}
    if bomb:
        packed[next(iter(packed))] = gzip.compress(bytes(bomb))
    out = BytesIO()
    writer = Writer(out)
    for x, y in sorted(packed, key=lambda place: zxy_to_tileid(level, *place)):
        writer.write_tile(zxy_to_tileid(level, x, y), packed[x, y])
    writer.finalize(
        {
            "tile_type": tile_type, "tile_compression": Compression.GZIP,
            "min_zoom": level, "max_zoom": level, "min_lon_e7": 0, "min_lat_e7": 0,
            "max_lon_e7": 1, "max_lat_e7": 1, "center_zoom": 0, "center_lon_e7": 0,
            "center_lat_e7": 0,
        },
        {},
    )  # fmt: skip
    return out.getvalue()


def _write(tile: Any, name: str, said: str, shape: Any) -> None:
    layer = next((one for one in tile.layers if one.name == name.encode()), None)
    if layer is None:
        layer = tile.layers.add(name=name.encode(), keys=[b"kind"], extent=4096)
    layer.values.add(string_value=said.encode())
    feature = layer.features.add(tags=[0, len(layer.values) - 1])
    feature.type = 1 + shapely.get_dimensions(shape)
    x = y = 0
    for line, closed in _lines_of(shape):
        points = [(round(px), round(py)) for px, py in line.coords][: -1 if closed else None]
        for n, (px, py) in enumerate(points):
            if n == 0:
                feature.geometry.append(1 | 1 << 3)
            elif n == 1:
                feature.geometry.append(2 | len(points) - 1 << 3)
            for step in (px - x, py - y):
                feature.geometry.append((step << 1) ^ (step >> 31))
            x, y = px, py
        if closed:
            feature.geometry.append(7 | 1 << 3)


def _lines_of(shape: Any) -> Iterable[tuple[Any, bool]]:
    for part in shapely.get_parts(shape):
        if part.geom_type == "Polygon":
            # Outer rings turn with the clock where y points down: against it to shapely.
            turned = shapely.geometry.polygon.orient(part, 1)
            yield from ((ring, True) for ring in (turned.exterior, *turned.interiors))
        elif part.geom_type == "LineString":
            yield part, False
