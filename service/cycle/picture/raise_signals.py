"""Note which signals the picture has raised, so that people can say what became of them."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from service.cycle.picture.work_out import METHOD
from tenants.scope import execute, fetch_value

# A cell that stands out again after so many quiet weeks is a new signal.
GOES_ON_WEEKS = 4

_GO_ON = """
UPDATE signal SET last_week = greatest(last_week, $3), weeks = $4, counted = $5, expected = $6
FROM area, category
WHERE area.id = signal.area_id AND area.key = $1
  AND category.id = signal.category_id AND category.key = $2
  AND signal.last_week >= $7
RETURNING signal.id
"""
_BEGIN = """
INSERT INTO signal (tenant_id, id, area_id, category_id, first_week, last_week, method, weeks,
                    counted, expected)
SELECT ks.current_tenant(), $3, area.id, category.id, $4, $4, $5, $6, $7, $8
FROM area, category WHERE area.key = $1 AND category.key = $2
ON CONFLICT (tenant_id, area_id, category_id, first_week) DO NOTHING
"""


async def raise_signals(week: date, wide: dict[str, Any]) -> None:
    """Begin or carry on the signal of every cell above the expected in the picture of `week`.

    Running it again changes nothing.
    """
    for row in wide.get("above", ()):
        area, category = wide["areas"][row["area"]], wide["categories"][row["category"]]
        cell = (area["key"], category["key"])
        numbers = (row["weeks"], row["count"], row["expected"])
        since = week - timedelta(weeks=GOES_ON_WEEKS)
        if not await fetch_value(_GO_ON, *cell, week, *numbers, since):
            await execute(_BEGIN, *cell, uuid4(), week, METHOD, *numbers)
