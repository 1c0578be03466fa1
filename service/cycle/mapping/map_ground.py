"""What the map of the report form is drawn from: the ground and the areas, as JSON of our own."""

import json
from typing import Any

from litestar import Response, get
from litestar.exceptions import NotFoundException

from service.geography import ATTRIBUTION, base_map
from service.web.may import CurrentMember, may
from tenants.roles import Permission
from tenants.scope import fetch

# The ground is the same for everybody in the municipality; areas may change at any time.
GROUND_CACHE = {"Cache-Control": "private, max-age=86400"}
AREAS_CACHE = {"Cache-Control": "private, no-cache"}


@get("/{municipality:str}/karta/grund.json", opt=may(Permission.PICTURE_READ))
async def ground(member: CurrentMember) -> Response[dict[str, Any]]:
    """Land, lakes and localities; rings are [longitude, latitude]."""
    try:
        found = base_map(member.municipality.code)
    except (KeyError, FileNotFoundError):
        raise NotFoundException() from None
    west, south, east, north = found.bounds
    return Response(
        {
            "bounds": [[south, west], [north, east]],
            "land": found.land,
            "surroundings": found.surroundings,
            "lakes": found.lakes,
            "localities": [
                {"name": place.name, "latitude": place.latitude, "longitude": place.longitude}
                for place in found.localities
            ],
            "attribution": ATTRIBUTION,
        },
        headers=GROUND_CACHE,
    )


@get("/{municipality:str}/karta/omraden.json", opt=may(Permission.PICTURE_READ))
async def areas() -> Response[list[dict[str, Any]]]:
    """The municipality's areas with their boundaries as GeoJSON."""
    rows = await fetch(
        """SELECT id, name, kind, latitude, longitude, boundary FROM area
           WHERE retired_on IS NULL ORDER BY key"""
    )
    return Response(
        [dict(row) | {"boundary": json.loads(row["boundary"])} for row in rows],
        headers=AREAS_CACHE,
    )


map_routes = [ground, areas]
