"""Which area a point or a name means, for many rows in a row."""

import json
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from math import cos, radians
from typing import Any
from uuid import UUID

import shapely
from shapely.geometry import shape

from service.geography.areas import KM_PER_DEGREE, NEAR_KM, nearest_area
from tenants.scope import current_tenant, fetch, fetch_value

OFF_THE_COAST_KM = 10.0
"""The outline is coarse, and people are on boats and skerries; further out is another place."""
MOST_KEPT = 32
_kept: OrderedDict[UUID, tuple[str, "Places"]] = OrderedDict()


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
        # The same places come again and again.
        self._look_up = lru_cache(maxsize=4096)(self._find)
        for area in areas:
            for name in {area.name.casefold(), f"{area.name}, {area.locality}".casefold()}:
                # A name that fits two places fits none.
                self._by_name[name] = None if name in self._by_name else area

    def named(self, name: str) -> Area | None:
        return self._by_name.get(name.casefold())

    def at(self, latitude: float, longitude: float, within_km: float = NEAR_KM) -> Area | None:
        """The area that holds the point, or lies so near; None for a point outside."""
        return self._look_up(latitude, longitude, within_km)

    def _find(self, latitude: float, longitude: float, within_km: float) -> Area | None:
        point = shapely.Point(longitude, latitude)
        held = self._areas(self._tree.query(point, predicate="intersects"))
        if len(held) == 1 and held[0].kind != "rest":
            return held[0]
        if all(area.kind == "rest" for area in held):
            north = within_km / KM_PER_DEGREE
            east = north / cos(radians(latitude))
            around = shapely.box(
                longitude - east, latitude - north, longitude + east, latitude + north
            )
            held = self._areas(self._tree.query(around, predicate="intersects"))
        return nearest_area(held, latitude, longitude) if held else None

    def _areas(self, found: Iterable[int]) -> list[Area]:
        return [self.areas[at] for at in sorted(found)]


async def read_places() -> Places:
    """The areas in force in the open scope's municipality.

    Kept from one time to the next, since they are seldom others: an area is never drawn anew, so
    that the same ids are the same places.
    """
    which = await fetch_value(
        "SELECT md5(string_agg(id::text, ' ' ORDER BY key)) FROM area WHERE retired_on IS NULL"
    )
    tenant_id = current_tenant()
    known = _kept.get(tenant_id)
    if known is None or known[0] != which:
        rows = await fetch(
            """SELECT id, key, name, locality, kind, boundary FROM area
               WHERE retired_on IS NULL ORDER BY key"""
        )
        places = [Area(**dict(row) | {"boundary": json.loads(row["boundary"])}) for row in rows]
        known = (which or "", Places(places))
        _kept[tenant_id] = known
    _kept.move_to_end(tenant_id)
    while len(_kept) > MOST_KEPT:
        _kept.popitem(last=False)
    return known[1]
