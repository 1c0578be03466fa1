"""Which area a point or a name means, for many rows in a row."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from math import cos, radians
from typing import Any
from uuid import UUID

import shapely
from shapely.geometry import shape

from service.geography.areas import KM_PER_DEGREE, NEAR_KM, nearest_area
from tenants.scope import fetch


@dataclass(frozen=True)
class Area:
    id: UUID
    key: str
    name: str
    locality: str
    kind: str
    boundary: dict[str, Any]


class Places:
    """The areas that reports are counted in now, ready to be looked up."""

    def __init__(self, areas: list[Area]) -> None:
        self.areas = areas
        self.by_key = {area.key: area for area in areas}
        self._tree = shapely.STRtree([shapely.make_valid(shape(one.boundary)) for one in areas])
        self._by_name: dict[str, Area | None] = {}
        self._by_point: dict[tuple[float, float], Area | None] = {}
        for area in areas:
            for name in {area.name.casefold(), f"{area.name}, {area.locality}".casefold()}:
                # A name that fits two places fits none.
                self._by_name[name] = None if name in self._by_name else area

    def named(self, name: str) -> Area | None:
        return self._by_name.get(name.casefold())

    def at(self, latitude: float, longitude: float) -> Area | None:
        """The area that holds the point or lies within a kilometre of it, as for a form."""
        # The same places come again and again.
        if (latitude, longitude) not in self._by_point:
            self._by_point[latitude, longitude] = self._look_up(latitude, longitude)
        return self._by_point[latitude, longitude]

    def _look_up(self, latitude: float, longitude: float) -> Area | None:
        point = shapely.Point(longitude, latitude)
        held = self._areas(self._tree.query(point, predicate="intersects"))
        if len(held) == 1 and held[0].kind != "rest":
            return held[0]
        if all(area.kind == "rest" for area in held):
            north = NEAR_KM / KM_PER_DEGREE
            east = north / cos(radians(latitude))
            around = shapely.box(
                longitude - east, latitude - north, longitude + east, latitude + north
            )
            held = self._areas(self._tree.query(around, predicate="intersects"))
        return nearest_area(held, latitude, longitude) if held else None

    def _areas(self, found: Iterable[int]) -> list[Area]:
        return [self.areas[at] for at in sorted(found)]


async def read_places() -> Places:
    rows = await fetch(
        """SELECT id, key, name, locality, kind, boundary FROM area
           WHERE retired_on IS NULL ORDER BY key"""
    )
    return Places([Area(**dict(row) | {"boundary": json.loads(row["boundary"])}) for row in rows])
