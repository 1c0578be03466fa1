"""Maps of two kinds become the same tiles, and what is hostile in them is refused in words."""

import gzip
import json
import random
import sqlite3
from base64 import b64decode
from typing import Any

import pytest
import shapely
from pmtiles.tile import TileType

from service.bounded import OutOfBounds, lines_of
from service.geography import base_map
from service.sources.maps.kinds import Kind, kind_of
from service.sources.maps.read import read
from tests.sources.maps.files import archive, geopackage, town

GROUND = base_map("2182")
LONGITUDE, LATITUDE = GROUND.localities[0].longitude, GROUND.localities[0].latitude
HERE = town(LONGITUDE, LATITUDE)


def read_of(content: bytes) -> tuple[dict[tuple[int, int, int], dict[str, str]], dict[str, Any]]:
    *tiles, last = read(GROUND.bounds, content)
    drawn = {
        tuple(one["tile"]): json.loads(gzip.decompress(b64decode(one["body"]))) for one in tiles
    }
    return drawn, last


@pytest.mark.parametrize("system", [3006, 3011, 4326, 3857, 3021])
def test_a_geopackage_is_cut_into_tiles(system: int) -> None:
    tiles, last = read_of(geopackage(HERE, system))
    assert last["kept"] == {
        "main": 1, "road": 11, "water": 1, "stream": 0, "building": 12, "green": 1
    }  # fmt: skip
    assert last["left"] == ["adresser"] and last["outside"] == 0
    by_level = {level: set() for level, _x, _y in tiles}
    for (level, _x, _y), paths in tiles.items():
        by_level[level] |= set(paths)
    assert by_level == {
        10: {"green", "water", "main"},
        12: {"green", "water", "main", "road"},
        14: {"green", "water", "main", "road", "building"},
    }
    # Where the town lies, at each level.
    assert (14, 8968, 4636) in tiles and (12, 2242, 1159) in tiles


def test_an_archive_gives_the_same_drawing() -> None:
    ours, _last = read_of(geopackage(HERE))
    theirs, _last = read_of(archive(HERE))
    assert theirs.keys() == ours.keys()
    assert {place: set(paths) for place, paths in theirs.items()} == {
        place: set(paths) for place, paths in ours.items()
    }


def test_an_archive_of_a_coarser_or_a_finer_level_is_read() -> None:
    for level in (12, 15):
        tiles, last = read_of(archive(HERE, level))
        assert last["kept"]["road"] >= 11
        assert (14, 8968, 4636) in tiles


def test_what_lies_outside_the_municipality_is_cut_away() -> None:
    elsewhere = town(13.0, 55.6)
    content = geopackage({"vagar": [*HERE["vagar"], *elsewhere["vagar"]]})
    tiles, last = read_of(content)
    assert last["outside"] == 12
    assert {x for level, x, _y in tiles if level == 10} == {560}


def test_a_hole_stays_a_hole() -> None:
    lake = HERE["vatten"][0][0]
    island = shapely.Polygon(lake.exterior, [lake.centroid.buffer(lake.length / 40).exterior])
    for made in (geopackage, archive):
        tiles, _last = read_of(made({"vatten": [(island, "Sjö")]}))
        assert any(paths["water"].count("M") > 1 for paths in tiles.values())


def test_words_tell_what_a_layer_holds() -> None:
    assert kind_of("Väglinje", "") is Kind.ROAD
    assert kind_of("transportation", "motorway") is Kind.MAIN
    assert kind_of("Järnväg", "") is Kind.RAIL
    assert kind_of("parkering", "") is None
    assert kind_of("park", "") is Kind.GREEN
    assert kind_of("mark", "Sjö") is Kind.WATER
    assert kind_of("mark", "Öppen mark") is None
    assert kind_of("vagnamn", "") is None


def huge() -> bytes:
    points = [(LONGITUDE + n * 1e-7, LATITUDE) for n in range(1000)]
    return geopackage({"vagar": [(shapely.LineString(points), "")] * 3001}, 4326)


def changed(script: str) -> bytes:
    return geopackage(HERE, script=script)


REFUSED = {
    "a_picture": (lambda: b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "no_map"),
    "a_zip": (lambda: b"PK\x03\x04" + bytes(100), "zip"),
    "noise_as_sqlite": (
        lambda: b"SQLite format 3\0" + random.Random(1).randbytes(9000), "broken"
    ),
    "half_a_file": (lambda: geopackage(HERE)[:20_000], "broken"),
    "no_geopackage": (lambda: changed("DROP TABLE gpkg_contents"), "broken"),
    "no_layers": (lambda: geopackage({}), "no_layers"),
    "pictures": (lambda: archive(HERE, tile_type=TileType.PNG), "pictures"),
    "no_header": (lambda: b"PMTiles\x03" + bytes(50), "broken"),
    "noise_as_archive": (
        lambda: archive(HERE)[:127] + random.Random(2).randbytes(5000), "broken"
    ),
    "bomb_in_a_tile": (lambda: archive(HERE, bomb=64 * 1024 * 1024), "too_large"),
    "unknown_system": (lambda: geopackage(HERE, 99, organization="NONE"), "system"),
    "foreign_system": (
        lambda: geopackage({"vagar": HERE["vagar"]}, 2154), "system"
    ),
    "another_town": (lambda: geopackage(town(13.0, 55.6)), "outside"),
    "another_town_in_tiles": (lambda: archive(town(13.0, 55.6)), "empty"),
    "swapped": (
        lambda: geopackage({
            "vagar": [(shapely.LineString([(LATITUDE, LONGITUDE), (LATITUDE, LONGITUDE + 1)]), "")]
        }, 4326),
        "outside",
    ),
    "nothing_known": (lambda: geopackage({"hemligheter": HERE["vagar"]}), "empty"),
    "no_rows": (lambda: geopackage({"vagar": []}), "empty"),
    "infinite": (
        lambda: geopackage({
            "vagar": [(shapely.LineString([(float("inf"), 0), (float("nan"), 1)]), "")]
        }, 3857),
        "empty",
    ),
    "too_many_corners": (huge, "vertices"),
    # A table that computes something whenever it is read.
    "computing": (
        lambda: changed(
            """ALTER TABLE vagar RENAME TO other;
               CREATE TABLE vagar (geom AS (zeroblob(1000000000)), n);
               INSERT INTO vagar (n) VALUES (1);"""
        ),
        "broken",
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", REFUSED)
def test_what_is_no_map_is_refused_with_the_reason(kind: str) -> None:
    make, reason = REFUSED[kind]
    *tiles, last = read(GROUND.bounds, make())
    assert last.get("refused") == reason, last
    assert not tiles


def test_a_view_is_not_read() -> None:
    content = changed(
        """ALTER TABLE vagar RENAME TO other;
           CREATE VIEW vagar AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)
               SELECT geom, objekttyp FROM other, n;"""
    )
    _tiles, last = read_of(content)
    assert "road" not in last["kept"] and last["kept"]["building"] == 12


def test_a_file_left_in_write_ahead_mode_is_read(tmp_path: Any) -> None:
    path = tmp_path / "map.gpkg"
    path.write_bytes(geopackage(HERE))
    base = sqlite3.connect(path)
    base.execute("PRAGMA journal_mode = WAL")
    base.close()
    assert read_of(path.read_bytes())[1]["kept"]["road"] == 11


def test_noise_in_any_place_is_no_crash() -> None:
    chance = random.Random(7)
    for whole in (geopackage(HERE), archive(HERE)):
        for _ in range(60):
            content = bytearray(whole)
            for _ in range(chance.randrange(1, 40)):
                content[chance.randrange(8, len(content))] = chance.randrange(256)
            *_tiles, last = read(GROUND.bounds, bytes(content))
            assert "kept" in last or "refused" in last


async def test_a_directory_that_unpacks_without_end_ends_its_own_process() -> None:
    whole = archive(HERE)
    bomb = _gzip_bomb(3_000)
    # The root directory is put last, where there is room for it.
    header = bytearray(whole[:127])
    header[8:16] = len(whole).to_bytes(8, "little")
    header[16:24] = len(bomb).to_bytes(8, "little")
    given = json.dumps(GROUND.bounds).encode() + b"\n" + bytes(header) + whole[127:] + bomb
    with pytest.raises(OutOfBounds):
        async for _line in lines_of("service.sources.maps.read", given, megabytes=1536, seconds=60):
            pass


def _gzip_bomb(megabytes: int) -> bytes:
    """Members one after the other are one stream to who unpacks it."""
    return gzip.compress(bytes(1024 * 1024), 9) * megabytes
