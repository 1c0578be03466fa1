"""One Mapbox Vector Tile, version 2.1: layers of things, in whole numbers from a corner."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import shapely
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from google.protobuf.message import DecodeError

from service.sources.maps.kinds import CLASS_COLUMNS
from service.sources.maps.refused import Refused

_F = descriptor_pb2.FieldDescriptorProto
_POINT, _LINE, _SURFACE = 1, 2, 3
_MOVE, _DRAW, _CLOSE = 1, 2, 7


def _message() -> Any:
    """The class of a tile, of the fields that are read; texts as bytes, since they may be none."""
    file = descriptor_pb2.FileDescriptorProto(name="vector_tile.proto", syntax="proto2")
    tile = file.message_type.add(name="Tile")

    def fields(name: str, *given: tuple[str, int, int, bool]) -> None:
        message = tile.nested_type.add(name=name)
        for field, number, sort, many in given:
            added = message.field.add(
                name=field, number=number, type=sort,
                label=_F.LABEL_REPEATED if many else _F.LABEL_OPTIONAL,
            )  # fmt: skip
            if many and sort == _F.TYPE_UINT32:
                added.options.packed = True
            if sort == _F.TYPE_MESSAGE:
                added.type_name = {"features": ".Tile.Feature", "values": ".Tile.Value"}[field]

    fields("Value", ("string_value", 1, _F.TYPE_BYTES, False))
    fields(
        "Feature",
        ("tags", 2, _F.TYPE_UINT32, True),
        ("type", 3, _F.TYPE_UINT32, False),
        ("geometry", 4, _F.TYPE_UINT32, True),
    )
    fields(
        "Layer",
        ("name", 1, _F.TYPE_BYTES, False),
        ("features", 2, _F.TYPE_MESSAGE, True),
        ("keys", 3, _F.TYPE_BYTES, True),
        ("values", 4, _F.TYPE_MESSAGE, True),
        ("extent", 5, _F.TYPE_UINT32, False),
    )
    tile.field.add(
        name="layers", number=3, type=_F.TYPE_MESSAGE, label=_F.LABEL_REPEATED,
        type_name=".Tile.Layer",
    )  # fmt: skip
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("Tile"))


Tile = _message()


class Thing(NamedTuple):
    """A shape of shapely, with 0 to 1 across the tile, and what it says that it is."""

    layer: str
    said: str
    shape: Any


def things_of(content: bytes) -> Iterator[Thing]:
    """Lines and surfaces. Raises Refused."""
    try:
        tile = Tile.FromString(content)
    except DecodeError:
        raise Refused("broken") from None
    for layer in tile.layers:
        name = layer.name.decode("utf-8", "replace")
        keys = [key.decode("utf-8", "replace").lower() for key in layer.keys]
        columns = [keys.index(one) for one in CLASS_COLUMNS if one in keys]
        extent = layer.extent or 4096
        for feature in layer.features:
            if feature.type not in (_LINE, _SURFACE):
                continue
            paths = _paths(feature.geometry)
            shape = _lines(paths, extent) if feature.type == _LINE else _surfaces(paths, extent)
            if shape is not None:
                yield Thing(name, _said(layer, feature, columns), shape)


def _said(layer: Any, feature: Any, columns: list[int]) -> str:
    tags = dict(zip(feature.tags[::2], feature.tags[1::2], strict=False))
    for column in columns:
        value = tags.get(column)
        if value is not None and value < len(layer.values):
            return str(layer.values[value].string_value.decode("utf-8", "replace"))
    return ""


def _paths(numbers: Any) -> list[list[tuple[int, int]]]:
    """The commands followed: each path as its corners. Raises Refused."""
    paths: list[list[tuple[int, int]]] = []
    given = iter(numbers)
    x = y = 0
    for command in given:
        act, times = command & 7, command >> 3
        if act == _CLOSE:
            continue  # A surface closes by itself.
        if act not in (_MOVE, _DRAW) or (act == _DRAW and not paths):
            raise Refused("broken")
        for _ in range(times):
            across, down = next(given, None), next(given, None)
            if across is None or down is None:
                raise Refused("broken")
            x += (across >> 1) ^ -(across & 1)
            y += (down >> 1) ^ -(down & 1)
            if act == _MOVE:
                paths.append([])
            paths[-1].append((x, y))
    return paths


def _lines(paths: list[list[tuple[int, int]]], extent: int) -> Any:
    lines = [shapely.linestrings(np.asarray(path) / extent) for path in paths if len(path) > 1]
    return shapely.multilinestrings(lines) if lines else None


def _surfaces(paths: list[list[tuple[int, int]]], extent: int) -> Any:
    """Rings that turn with the clock are outer ones; those after, against it, are its holes."""
    surfaces: list[tuple[Any, list[Any]]] = []
    for path in paths:
        if len(path) < 3:
            continue
        ring = np.asarray([*path, path[0]], dtype=float) / extent
        x, y = ring[:, 0], ring[:, 1]
        turned = float(np.dot(x[:-1], y[1:]) - np.dot(x[1:], y[:-1]))
        if turned > 0:
            surfaces.append((ring, []))
        elif turned < 0 and surfaces:
            surfaces[-1][1].append(ring)
    if not surfaces:
        return None
    return shapely.multipolygons([shapely.Polygon(outer, holes) for outer, holes in surfaces])
