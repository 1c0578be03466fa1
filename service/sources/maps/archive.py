"""PMTiles, version 3: an archive of vector tiles. Only those over the municipality are opened."""

import zlib
from bisect import bisect_left
from collections.abc import Iterator
from struct import error as StructError
from typing import Any

import numpy as np
import shapely
from pmtiles.tile import (
    Compression,
    Entry,
    HeaderDict,
    TileType,
    deserialize_directory,
    deserialize_header,
    tileid_to_zxy,
    zxy_to_tileid,
)

from service.sources.maps.kinds import Kind, kind_of
from service.sources.maps.layers import Layers
from service.sources.maps.plane import DETAIL, SIDE, Window
from service.sources.maps.refused import Refused
from service.sources.maps.vector_tile import things_of

MAGIC = b"PMTiles"
HEADER = 127
MOST_WANTED = 80_000
LARGEST_TILE = 8 * 1024 * 1024
"""Unpacked; makers keep them under half a megabyte."""
DEEPEST = 4
"""Directories below each other; the format says that there are at most so many."""


def read_archive(content: bytes, layers: Layers) -> None:
    """Put its things into `layers`. Raises Refused."""
    try:
        header = deserialize_header(content[:HEADER])
    except (ValueError, IndexError, KeyError, TypeError, StructError):
        raise Refused("broken") from None
    if header["tile_type"] is not TileType.MVT:
        raise Refused("pictures")
    if header["tile_compression"] not in (Compression.GZIP, Compression.NONE):
        raise Refused("compression")
    level = min(max(header["min_zoom"], min(header["max_zoom"], DETAIL)), DETAIL + 2)
    wanted = _wanted(layers.window, level)
    drawn: set[str] = set()
    seen: set[str] = set()
    for tile, packed in _tiles(content, header, wanted):
        _z, x, y = tileid_to_zxy(tile)
        for name, read in _read_tile(_unpacked(packed, header), (level, x, y), layers).items():
            seen.add(name)
            if read:
                drawn.add(name)
    layers.left += sorted(seen - drawn)


def _wanted(window: Window, level: int) -> list[int]:
    """The ids of the tiles over the window, in the archive's order."""
    side = SIDE / (1 << level)
    west, east = int(window.west / side), int(window.east / side)
    north, south = int(window.north / side), int(window.south / side)
    if (east - west + 1) * (south - north + 1) > MOST_WANTED:
        raise Refused("vertices")
    return sorted(
        zxy_to_tileid(level, x, y) for x in range(west, east + 1) for y in range(north, south + 1)
    )


def _tiles(content: bytes, header: HeaderDict, wanted: list[int]) -> Iterator[tuple[int, bytes]]:
    """The packed tiles among `wanted`; an entry may stand for a run of the same ones."""
    waiting = [(header["root_offset"], header["root_length"], 1)]
    while waiting:
        offset, length, depth = waiting.pop()
        for entry in _directory(content[offset : offset + length]):
            if entry.run_length == 0:
                if depth >= DEEPEST:
                    raise Refused("broken")
                # One that begins behind the last wanted tile holds none of them.
                if wanted and entry.tile_id <= wanted[-1]:
                    at = header["leaf_directory_offset"] + entry.offset
                    waiting.append((at, entry.length, depth + 1))
                continue
            at = header["tile_data_offset"] + entry.offset
            first = bisect_left(wanted, entry.tile_id)
            for tile in wanted[first : bisect_left(wanted, entry.tile_id + entry.run_length)]:
                yield tile, content[at : at + entry.length]


def _directory(packed: bytes) -> list[Entry]:
    try:
        return deserialize_directory(packed)
    except (OSError, EOFError, zlib.error, ValueError, IndexError, TypeError):
        raise Refused("broken") from None


def _unpacked(packed: bytes, header: HeaderDict) -> bytes:
    if header["tile_compression"] is Compression.NONE:
        return packed
    unpacking = zlib.decompressobj(wbits=31)
    try:
        content = unpacking.decompress(packed, LARGEST_TILE)
    except zlib.error:
        raise Refused("broken") from None
    if unpacking.unconsumed_tail:
        raise Refused("too_large")
    return content


def _read_tile(content: bytes, place: tuple[int, int, int], layers: Layers) -> dict[str, int]:
    """How much of each of its layers is drawn. Tiles overlap, so each is cut at its own edge."""
    level, across, down = place
    side = SIDE / (1 << level)
    read: dict[str, int] = {}
    by_kind: dict[Kind, list[Any]] = {}
    for thing in things_of(content):
        read.setdefault(thing.layer, 0)
        kind = kind_of(thing.layer, thing.said)
        if kind is not None:
            read[thing.layer] += 1
            by_kind.setdefault(kind, []).append(thing.shape)
    for kind, some in by_kind.items():
        shapes = np.asarray(some, dtype=object)
        layers.count(shapes)
        bad = ~shapely.is_valid(shapes)
        shapes[bad] = shapely.make_valid(shapes[bad])
        shapes = shapely.clip_by_rect(shapes, 0, 0, 1, 1)
        corner = np.array((across, down))
        placed = shapely.transform(shapes, lambda points, at=corner: (points + at) * side)
        layers.add(kind, placed)
    return read
