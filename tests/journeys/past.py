"""A town with a past: weeks of counts, as reports would have left them."""

from datetime import date, datetime, timedelta

import numpy

from service.cycle.mapping.week import week_of
from tenants.jobs import ask
from tenants.scope import execute_many, fetch_value
from tests.town import Town


async def live_through(town: Town, *, weeks: int = 60, seed: int = 7) -> None:
    """Give `town` a past of `weeks` whole weeks before this one, and ask for its picture."""
    draw = numpy.random.default_rng(seed)
    this_week: date = week_of(await _now(town))
    rows, hours = [], []
    for back in range(1, weeks + 1):
        week = this_week - timedelta(weeks=back)
        for area in town.areas.values():
            for key, rate in (("glass_breakage", 0.8), ("poor_lighting", 0.5), ("littering", 0.4)):
                for organisation in town.organisations.values():
                    number = float(draw.poisson(rate))
                    if not number:
                        continue
                    category = town.categories[key]
                    rows.append((week, area, category, organisation, week, number))
                    hour = int(draw.choice([16, 20, 21, 22])) + 24 * int(draw.choice([4, 5]))
                    hours.append((week, area, category, hour, number))
    async with town.scope():
        await execute_many(
            """INSERT INTO weekly_count (tenant_id, week, area_id, category_id, organisation_id,
                                         source, arrival_week, count)
               VALUES (ks.current_tenant(), $1, $2, $3, $4, 'form', $5, $6)""",
            rows,
        )
        await execute_many(
            """INSERT INTO hourly_count (tenant_id, week, area_id, category_id, hour_of_week, count)
               VALUES (ks.current_tenant(), $1, $2, $3, $4, $5)
               ON CONFLICT (tenant_id, week, area_id, category_id, hour_of_week)
               DO UPDATE SET count = hourly_count.count + excluded.count""",
            hours,
        )
        await ask("picture.compile")


async def _now(town: Town) -> datetime:
    async with town.scope():
        return await fetch_value("SELECT now()")
