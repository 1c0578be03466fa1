"""Give a new municipality its categories and areas; it may change both from there."""

import json
from collections.abc import Iterable
from uuid import UUID, uuid4

from service.cycle.mapping.categories import DEFAULT_CATEGORIES
from service.geography.areas import AreaShape
from tenants.scope import execute_many, fetch


async def lay_out_categories() -> dict[str, UUID]:
    """The ids of the default categories by key, in the open scope; those missing are made now."""
    await execute_many(
        """INSERT INTO category (tenant_id, id, key, label, group_key, kind, severity, position)
           VALUES (ks.current_tenant(), $1, $2, $3, $4, $5, $6, $7)
           ON CONFLICT (tenant_id, key) DO NOTHING""",
        [
            (uuid4(), one.key, one.label, one.group_key, one.kind.value, one.severity, position)
            for position, one in enumerate(DEFAULT_CATEGORIES, start=1)
        ],
    )
    return {row["key"]: row["id"] for row in await fetch("SELECT key, id FROM category")}


async def lay_out_areas(areas: Iterable[AreaShape]) -> None:
    """Write new areas into the open scope's municipality."""
    await execute_many(
        """INSERT INTO area (tenant_id, id, key, name, kind, locality, latitude, longitude,
                             boundary)
           VALUES (ks.current_tenant(), $1, $2, $3, $4, $5, $6, $7, $8)""",
        [(uuid4(), *area[:-1], json.dumps(area.boundary, separators=(",", ":"))) for area in areas],
    )
