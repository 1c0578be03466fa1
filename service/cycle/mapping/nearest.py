"""Which of the municipality's areas a point on the map belongs to."""

import json
from dataclasses import dataclass
from math import cos, hypot, radians
from typing import Any
from uuid import UUID

from service.geography.areas import KM_PER_DEGREE, nearest_area
from tenants.scope import fetch

# A point further than this from the middle of every area is in another municipality. Kiruna's
# outlying places lie some 90 km apart.
FARTHEST_KM = 100


@dataclass(frozen=True)
class Place:
    id: UUID
    name: str
    kind: str
    latitude: float
    longitude: float
    boundary: dict[str, Any]


async def area_of_point(latitude: float, longitude: float) -> Place | None:
    """The area that holds the point or lies nearest; None for a point far from every area."""
    places = [
        Place(**dict(row) | {"boundary": json.loads(row["boundary"])})
        for row in await fetch(
            """SELECT id, name, kind, latitude, longitude, boundary FROM area
               WHERE retired_on IS NULL ORDER BY key"""
        )
    ]
    scale = cos(radians(latitude))
    within = any(
        hypot(place.latitude - latitude, (place.longitude - longitude) * scale) * KM_PER_DEGREE
        <= FARTHEST_KM
        for place in places
    )
    return nearest_area(places, latitude, longitude) if within else None
