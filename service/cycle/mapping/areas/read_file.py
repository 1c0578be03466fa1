"""Areas in a GeoJSON file: DeSO and RegSO as Statistics Sweden gives them, or a city's own.

Run as a program it reads a line ``[language, known areas]`` and then the file on standard input,
and writes an area a line as JSON, or ``{"wrong": words}``.
"""

import json
import sys
from collections.abc import Sequence
from typing import Any

import shapely
from shapely.geometry import mapping, shape

from service.geography.areas import AreaShape
from service.geography.municipalities import slug
from service.web.language import _, use

LARGEST_FILE = 8 * 1024 * 1024
MOST = 600
MOST_POINTS = 200_000
LONGEST_NAME = 80
# Degrees; what lies outside is not Sweden, or not in WGS 84.
WEST, SOUTH, EAST, NORTH = 10.0, 55.0, 24.5, 69.5
SLIVER = 1e-6
"""Square degrees, some thousand square metres: what is smaller is no place of its own."""


class WrongFile(ValueError):
    """What is wrong with the file, in words for the one who sent it."""


# What the property is called that names an area, before what is only its code; in small letters.
NAMES = ("name", "namn", "regsonamn", "desonamn", "omradesnamn", "områdesnamn", "stadsdel",
         "delomr", "regso", "deso", "regsokod", "desokod", "kod", "code")  # fmt: skip
PRECISION = 1e-5
"""Degrees, about a metre: files are drawn finer than anything that is counted in them."""


REST = "ovriga"


def read_areas(content: bytes, known: Sequence[AreaShape]) -> list[AreaShape]:
    """The areas of a GeoJSON file, and one for what they leave of the municipality, whose `known`
    areas cover all of it. Raises WrongFile."""
    named = [_area(feature, n) for n, feature in enumerate(_features(content), start=1)]
    _check_names([name for name, _shape in named])
    _check_apart(named)
    whole = shapely.union_all([shape(one.boundary) for one in known])
    named = _simpler(named)
    together = shapely.union_all([one for _name, one in named])
    if not together.intersects(whole):
        raise WrongFile(_("Områdena ligger inte i kommunen."))
    keys = {REST: 1}
    areas = [shaped(_key(name, keys), name, "district", one) for name, one in named]
    areas = with_the_rest(areas, whole)
    _check_names([area.name for area in areas])
    return areas


def _check_names(names: list[str]) -> None:
    """A report may say a name as it is written or in small letters: it must mean one place."""
    seen: set[str] = set()
    for name in names:
        if name.casefold() in seen:
            raise WrongFile(
                _("Två områden heter %(name)s. Varje område behöver ett eget namn.", name=name)
            )
        seen.add(name.casefold())


def with_the_rest(areas: list[AreaShape], whole: Any) -> list[AreaShape]:
    """The areas, and one for what they leave of the `whole` municipality."""
    together = shapely.union_all([shape(one.boundary) for one in areas])
    rest = whole.difference(together.buffer(1e-6))
    if rest.area <= SLIVER:
        return areas
    return [*areas, shaped(REST, _("Övriga kommunen"), "rest", rest)]


def _features(content: bytes) -> list[Any]:
    if len(content) > LARGEST_FILE:
        raise WrongFile(_("Filen är för stor. Den får vara högst 8 MB."))
    try:
        read = json.loads(content, parse_constant=_no_number)
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


def _no_number(said: str) -> Any:
    """What Python would read as a number, and GeoJSON does not know: NaN and the infinite."""
    raise ValueError(said)


def _area(feature: Any, number: int) -> tuple[str, Any]:
    where = _("Område %(number)s", number=number)
    properties = feature.get("properties") if isinstance(feature, dict) else None
    given = _named(properties) if isinstance(properties, dict) else None
    name = " ".join(str(given).split())[:LONGEST_NAME] if isinstance(given, str) else ""
    if not name or not name.isprintable():
        raise WrongFile(
            _(
                "%(where)s saknar namn. Namnet ska stå i egenskapen name eller namn, eller "
                "heta som i DeSO och RegSO.",
                where=where,
            )
        )
    geometry = feature.get("geometry")
    if not isinstance(geometry, dict) or geometry.get("type") not in ("Polygon", "MultiPolygon"):
        raise WrongFile(
            _("%(name)s är ingen yta. Områden ska vara Polygon eller MultiPolygon.", name=name)
        )
    try:
        drawn = shapely.force_2d(shape(geometry))
    except (
        *(ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError),
        shapely.GEOSException,
    ):
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


def _named(properties: dict[str, Any]) -> Any:
    small = {str(key).lower(): value for key, value in properties.items()}
    return next((small[name] for name in NAMES if small.get(name)), None)


def _simpler(named: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
    """Without corners that nobody sees; neighbours keep the border that they share."""
    drawn = shapely.set_precision([one for _name, one in named], PRECISION)
    simpler = shapely.coverage_simplify(drawn, 5 * PRECISION) if _is_coverage(drawn) else drawn
    return [(name, one) for (name, _was), one in zip(named, simpler, strict=True)]


def _is_coverage(drawn: Any) -> bool:
    return bool(shapely.coverage_is_valid(drawn))


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


def shaped(key: str, name: str, kind: str, drawn: Any, locality: str = "") -> AreaShape:
    """An area as it is founded, drawn to a metre."""
    drawn = shapely.MultiPolygon(_parts(drawn))
    within = drawn.representative_point()
    boundary = json.loads(json.dumps(mapping(shapely.set_precision(drawn, PRECISION))))
    if boundary["type"] == "Polygon":
        boundary = {"type": "MultiPolygon", "coordinates": [boundary["coordinates"]]}
    return AreaShape(key, name, kind, locality or name, within.y, within.x, boundary)


if __name__ == "__main__":
    chosen, given = json.loads(sys.stdin.buffer.readline())
    use(chosen)
    try:
        found = read_areas(sys.stdin.buffer.read(), [AreaShape(*one) for one in given])
        told: list[dict[str, Any]] = [area._asdict() for area in found]
    except WrongFile as why:
        told = [{"wrong": str(why)}]
    for line in told:
        sys.stdout.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")
