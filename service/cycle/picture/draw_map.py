"""The picture's map: the municipality's areas by how much was reported, numbered as in the list."""

from collections import OrderedDict
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from markupsafe import Markup

from service.cycle.mapping.week import local_day
from service.cycle.picture.explain import title
from service.geography.base_map import base_map
from service.web.draw import Place, municipality_map, step_of
from tenants.scope import current_tenant, fetch

Numbers = dict[str, Any]

# As many places as the list shows unfolded; more would hide the map under its numbers.
NUMBERED = 5

# Those that were in force then: a map of an edition is drawn as it was, whatever came after.
_AREAS = """
SELECT key, kind, latitude, longitude, boundary FROM area
WHERE retired_on IS NULL OR retired_on >= $1
"""


# The maps drawn last, each of one municipality's one compilation: a page is opened far more often
# than it is compiled, and a map is a third of its work.
_kept: OrderedDict[tuple[UUID, datetime, str], Markup | None] = OrderedDict()
MOST_KEPT = 64


async def kept_map(code: str, wide: Numbers, compiled_at: datetime, here: str) -> Markup | None:
    """The map of the open scope's working picture, drawn once for each compilation."""
    key = (current_tenant(), compiled_at, here)
    if key not in _kept:
        _kept[key] = await draw_map(code, wide, compiled_at, here)
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    return _kept[key]


async def draw_map(
    code: str, wide: Numbers, compiled_at: datetime, here: str = ""
) -> Markup | None:
    """The map, or None for a municipality without a base map; the table says the same.

    `here` is the picture's address, below which each area has a page of its own.
    """
    try:
        ground = base_map(code)
    except (KeyError, OSError):
        return None
    # Only names that the municipality's own areas bear: a neighbourhood that it has not made an
    # area of must not stand beside what is drawn there.
    own = {area["locality"] for area in wide["areas"]}
    ground = ground._replace(localities=[one for one in ground.localities if one.name in own])
    shapes = {row["key"]: row for row in await fetch(_AREAS, local_day(compiled_at))}
    four = wide["by_area"]["four"]
    # The rest of the municipality is not filled, so it must not set the scale either.
    highest = max(
        (
            four[index]
            for index, area in enumerate(wide["areas"])
            if area["key"] in shapes and shapes[area["key"]]["kind"] != "rest"
        ),
        default=0,
    )
    numbers: dict[int, list[tuple[int, str, str]]] = {}
    for row in wide["priorities"][:NUMBERED]:
        place = row["place"]
        numbers.setdefault(row["area"], []).append((place, f"#p{place}", title(wide, row)))
    raised: dict[int, list[str]] = {}
    for row in wide["above"]:
        if row.get("sure", True):
            raised.setdefault(row["area"], []).append(title(wide, row))
    places = []
    for index, area in enumerate(wide["areas"]):
        shape = shapes.get(area["key"])
        if shape is not None:
            places.append(
                Place(
                    name=area["name"],
                    latitude=shape["latitude"],
                    longitude=shape["longitude"],
                    boundary=msgspec.json.decode(shape["boundary"]),
                    step=step_of(four[index], highest),
                    coverage=wide["by_area"]["coverage"][index],
                    kind=shape["kind"],
                    locality=area["locality"],
                    numbers=numbers.get(index, ()),
                    high=index in (wide["hot_spots"] or ()),
                    address=f"{here}/omrade/{area['key']}" if here else "",
                    signal="; ".join(raised.get(index, ())),
                )
            )
    return municipality_map(ground, places, "picture")
