"""Towns with a history of counts, as reporting would have left them."""

import json
from datetime import timedelta

import numpy as np

from service.cycle.mapping.week import now, week_of
from service.cycle.picture.compile import compile_picture
from tenants.scope import execute_many, fetch_row

THIS_WEEK = week_of(now())


def monday(back: int):
    """The Monday `back` weeks ago."""
    return THIS_WEEK - timedelta(weeks=back)


async def count(town, rows) -> None:
    """Insert counts: (weeks ago, area, category, organisation, number[, arrived weeks ago])."""
    async with town.scope():
        await execute_many(
            """INSERT INTO weekly_count (tenant_id, week, area_id, category_id, organisation_id,
                                         source, arrival_week, count)
               VALUES (ks.current_tenant(), $1, $2, $3, $4, 'form', $5, $6)
               ON CONFLICT (tenant_id, week, area_id, category_id, organisation_id, source,
                            arrival_week)
               DO UPDATE SET count = weekly_count.count + excluded.count""",
            [
                (
                    monday(back),
                    town.areas[area],
                    town.categories[category],
                    town.organisations[organisation],
                    monday(arrived[0] if arrived else back),
                    float(number),
                )
                for back, area, category, organisation, number, *arrived in rows
            ],
        )
        await execute_many(
            """INSERT INTO hourly_count (tenant_id, week, area_id, category_id, hour_of_week, count)
               VALUES (ks.current_tenant(), $1, $2, $3, $4, $5)
               ON CONFLICT (tenant_id, week, area_id, category_id, hour_of_week)
               DO UPDATE SET count = hourly_count.count + excluded.count""",
            [
                (monday(back), town.areas[area], town.categories[category], hour, number / 4)
                for back, area, category, _organisation, number, *_ in rows
                for hour in (116, 117, 118, 119)  # Friday 20–24
            ],
        )


CATEGORIES = ("glass_breakage", "graffiti", "fight", "littering", "suspected_drug_dealing")


async def live_through(town, weeks: int = 80, seed: int = 3, skip=lambda back, who: False) -> None:
    """`weeks` weeks of ordinary reports from all actors, this week included."""
    random = np.random.default_rng(seed)
    rows = []
    for back in range(weeks):
        for area_number, area in enumerate(town.areas):
            for category_number, category in enumerate(CATEGORIES):
                rate = 0.5 / (1 + category_number) * (1.5 if area_number == 0 else 0.7)
                for organisation in town.organisations:
                    number = random.poisson(rate)
                    if number and not skip(back, organisation):
                        rows.append((back, area, category, organisation, number))
    await count(town, rows)


async def compiled(town) -> dict:
    """The content of the working picture after a compilation now."""
    async with town.scope():
        await compile_picture()
    return await content(town)


async def content(town) -> dict:
    async with town.scope():
        row = await fetch_row("SELECT content FROM picture WHERE kind = 'working'")
    assert row is not None
    return json.loads(row["content"])
