"""How the list of what matters stood when the steering group met, by what was in force then."""

from datetime import datetime, timedelta
from typing import Any

import msgspec

from service.cycle.picture.show import Numbers
from tenants.scope import fetch_row

FIVE = 5
OLDEST = timedelta(weeks=6)
"""A picture that was older than this at the meeting is not what the group had before it."""


async def list_at(meeting: datetime) -> dict[tuple[str, str], int] | None:
    """Each place on the list by its area's and category's keys, of the newest picture that was
    approved before the meeting; None where there was none of late."""
    row = await fetch_row(
        """SELECT content->'wide' AS wide FROM edition
           WHERE kind = 'weekly' AND compiled_at BETWEEN $1::timestamptz - $2::interval AND $1
           ORDER BY compiled_at DESC LIMIT 1""",
        meeting,
        OLDEST,
    )
    if row is None:
        return None
    wide = msgspec.json.decode(row["wide"])
    return {
        _keys(wide, one["area"], one["category"]): one["place"]
        for one in wide.get("priorities", ())
    }


def against_the_meeting(wide: Numbers, then: dict[tuple[str, str], int]) -> Numbers:
    """The picture with the places at the meeting as the earlier ones, and what left its five."""
    areas = {area["key"]: at for at, area in enumerate(wide["areas"])}
    categories = {category["key"]: at for at, category in enumerate(wide["categories"])}
    now = {_keys(wide, one["area"], one["category"]): one["place"] for one in wide["priorities"]}
    left: list[dict[str, Any]] = [
        {"area": areas[keys[0]], "category": categories[keys[1]]}
        for keys, place in sorted(then.items(), key=lambda one: one[1])
        if place <= FIVE < now.get(keys, FIVE + 1) and keys[0] in areas and keys[1] in categories
    ]
    priorities = [
        one | {"earlier_place": then.get(_keys(wide, one["area"], one["category"]))}
        for one in wide["priorities"]
    ]
    return wide | {"priorities": priorities, "left_list": left}


def _keys(wide: Numbers, area: int, category: int) -> tuple[str, str]:
    return wide["areas"][area]["key"], wide["categories"][category]["key"]
