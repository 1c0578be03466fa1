"""The municipality's own areas, read from a GeoJSON file or taken as suggested."""

import json
from typing import Any

import shapely
from shapely.geometry import mapping, shape

from service.cycle.mapping.lay_out import lay_out_areas
from service.geography.areas import AreaShape, areas_of
from service.geography.municipalities import slug
from service.web.language import _
from tenants.audit import record
from tenants.members import Member
from tenants.scope import execute, fetch, fetch_value

LARGEST_FILE = 2 * 1024 * 1024
MOST = 300
MOST_POINTS = 200_000
LONGEST_NAME = 80
# Degrees; what lies outside is not Sweden, or not in WGS 84.
WEST, SOUTH, EAST, NORTH = 10.0, 55.0, 24.5, 69.5
SLIVER = 1e-6
"""Square degrees, some thousand square metres: what is smaller is no place of its own."""


class WrongFile(ValueError):
    """What is wrong with the file, in words for the one who sent it."""


class InUse(ValueError):
    """Reports lie in the areas already, so that they cannot be exchanged."""


def read_areas(content: bytes, code: str) -> list[AreaShape]:
    """The areas of a GeoJSON file, and one for the rest of the municipality. Raises WrongFile."""
    named = [_area(feature, n) for n, feature in enumerate(_features(content), start=1)]
    names = [name for name, _shape in named]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        raise WrongFile(
            _("Två områden heter %(name)s. Varje område behöver ett eget namn.", name=twice)
        )
    _check_apart(named)
    whole = shapely.union_all([shape(one.boundary) for one in areas_of(code)])
    together = shapely.union_all([one for _name, one in named])
    if not together.intersects(whole):
        raise WrongFile(_("Områdena ligger inte i kommunen."))
    keys: dict[str, int] = {}
    areas = [_shaped(_key(name, keys), name, "district", one) for name, one in named]
    rest = whole.difference(together.buffer(1e-6))
    if rest.area > SLIVER:
        areas.append(_shaped(_key("rest", keys), _("Övriga kommunen"), "rest", rest))
    return areas


async def exchange_areas(areas: list[AreaShape], *, by: Member) -> None:
    """Put `areas` in the place of those that there are. Raises InUse if something lies in them."""
    # A report that is handed in at this moment holds its area: wait for it, and then look.
    await fetch("SELECT id FROM area FOR UPDATE")
    used = await fetch_value(
        """SELECT EXISTS (SELECT 1 FROM report) OR EXISTS (SELECT 1 FROM weekly_count)
                  OR EXISTS (SELECT 1 FROM hourly_count)"""
    )
    if used:
        raise InUse()
    await execute("DELETE FROM area WHERE tenant_id = ks.current_tenant()")
    await lay_out_areas(areas)
    await record(by=by, verb="area.lay_out", object_kind="area", detail={"areas": len(areas)})


def _features(content: bytes) -> list[Any]:
    if len(content) > LARGEST_FILE:
        raise WrongFile(_("Filen är för stor. Den får vara högst 2 MB."))
    try:
        read = json.loads(content)
    except (ValueError, RecursionError):
        raise WrongFile(_("Filen är ingen GeoJSON. Spara om den från kartprogrammet.")) from None
    features = read.get("features") if isinstance(read, dict) else None
    if not isinstance(features, list) or not features:
        raise WrongFile(_("Filen har inga områden. Den ska vara en FeatureCollection."))
    if len(features) > MOST:
        raise WrongFile(
            _("Filen har %(num)s områden. Högst %(most)s går bra.", num=len(features), most=MOST)
        )
    return features


def _area(feature: Any, number: int) -> tuple[str, Any]:
    where = _("Område %(number)s", number=number)
    properties = feature.get("properties") if isinstance(feature, dict) else None
    given = (
        (properties or {}).get("name", (properties or {}).get("namn"))
        if isinstance(properties, dict)
        else None
    )
    name = " ".join(str(given).split())[:LONGEST_NAME] if isinstance(given, str) else ""
    if not name or not name.isprintable():
        raise WrongFile(
            _("%(where)s saknar namn. Namnet ska stå i egenskapen name eller namn.", where=where)
        )
    geometry = feature.get("geometry")
    if not isinstance(geometry, dict) or geometry.get("type") not in ("Polygon", "MultiPolygon"):
        raise WrongFile(
            _("%(name)s är ingen yta. Områden ska vara Polygon eller MultiPolygon.", name=name)
        )
    try:
        drawn = shapely.force_2d(shape(geometry))
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, shapely.GEOSException):
        raise WrongFile(
            _("%(name)s går inte att rita: hörnen är inte tal, eller för få.", name=name)
        ) from None
    if shapely.get_num_coordinates(drawn) > MOST_POINTS or drawn.is_empty:
        raise WrongFile(_("%(name)s är tom eller har för många hörn.", name=name))
    west, south, east, north = drawn.bounds
    if not (west >= WEST and east <= EAST and south >= SOUTH and north <= NORTH):
        raise WrongFile(
            _(
                "%(name)s ligger inte i Sverige. Spara filen i WGS 84, longitud före latitud.",
                name=name,
            )
        )
    if not drawn.is_valid:
        drawn = shapely.make_valid(drawn)
    surfaces = [one for one in _parts(drawn) if one.area > 0]
    if not surfaces:
        raise WrongFile(
            _("%(name)s är ingen yta. Områden ska vara Polygon eller MultiPolygon.", name=name)
        )
    return name, shapely.MultiPolygon(surfaces)


def _parts(drawn: Any) -> list[Any]:
    """The polygons of a geometry, however it is nested."""
    if drawn.geom_type == "Polygon":
        return [drawn]
    return [part for one in getattr(drawn, "geoms", ()) for part in _parts(one)]


def _check_apart(named: list[tuple[str, Any]]) -> None:
    """A report lies in one area: two may touch, and not cover each other."""
    tree = shapely.STRtree([one for _name, one in named])
    for first, (name, one) in enumerate(named):
        for second in tree.query(one):
            if second > first and one.intersection(named[second][1]).area > SLIVER:
                raise WrongFile(
                    _(
                        "%(one)s och %(other)s ligger delvis på varandra.",
                        one=name,
                        other=named[second][0],
                    )
                )


def _key(name: str, taken: dict[str, int]) -> str:
    word = slug(name)[:40] or "omrade"
    taken[word] = taken.get(word, 0) + 1
    return word if taken[word] == 1 else f"{word}-{taken[word]}"


def _shaped(key: str, name: str, kind: str, drawn: Any) -> AreaShape:
    if drawn.geom_type == "Polygon":
        drawn = shapely.MultiPolygon([drawn])
    drawn = shapely.MultiPolygon(_parts(drawn))
    within = drawn.representative_point()
    boundary = json.loads(json.dumps(mapping(shapely.set_precision(drawn, 1e-5))))
    if boundary["type"] == "Polygon":
        boundary = {"type": "MultiPolygon", "coordinates": [boundary["coordinates"]]}
    return AreaShape(key, name, kind, name, within.y, within.x, boundary)
