"""Events that are soon followed by another close by are said so, and nothing else is."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import numpy as np
import pytest

from service.cycle.mapping.week import now, week_of
from service.cycle.picture.near_repeat import read_near_repeat, work_out_near_repeat
from tenants.scope import execute_many, fetch, fetch_value
from tests.cycle.picture.history import compiled, live_through
from tests.town import Town

BEFORE = datetime.now(UTC) - timedelta(days=9)


async def events(town: Town, category: str, places: Any, days: Any) -> None:
    """Located reports: (latitude, longitude) each so many days ago."""
    async with town.scope():
        await execute_many(
            """INSERT INTO report (tenant_id, id, organisation_id, category_id, area_id, latitude,
                                   longitude, time_kind, occurred_from, occurred_to)
               VALUES (ks.current_tenant(), $1, $2, $3, $4, $5, $6, 'exact', $7, $7)""",
            [
                (
                    uuid4(),
                    town.organisations["Polisen"],
                    town.categories[category],
                    town.areas["Ruta 1"],
                    float(latitude),
                    float(longitude),
                    BEFORE - timedelta(days=float(day)),
                )
                for (latitude, longitude), day in zip(places, days, strict=True)
            ],
        )


def spread_out(number: int, seed: int) -> tuple[Any, Any]:
    random = np.random.default_rng(seed)
    places = np.column_stack(
        [61.3 + random.uniform(-0.05, 0.05, number), 17.05 + random.uniform(-0.1, 0.1, number)]
    )
    return places, random.uniform(0, 300, number)


async def test_events_that_follow_each_other_are_found_and_scattered_ones_are_not(
    tallbacka: Town,
) -> None:
    places, days = spread_out(40, 1)
    # Each is followed by one some fifty metres off within the week.
    followed = np.vstack([places, np.add(places, [0.0004, 0.0002])])
    await events(tallbacka, "arson", followed, np.concatenate([days, days + 4]))
    await events(tallbacka, "graffiti", *spread_out(80, 2))
    await events(tallbacka, "noise", *spread_out(29, 3))
    async with tallbacka.scope():
        assert await work_out_near_repeat(week_of(now())) == 2
        (found,) = await read_near_repeat()
    assert found.category == "Anlagd brand, brandtillbud" and found.ratio > 3 and found.p < 0.01
    assert found.observed >= 40 and found.events == 80
    await live_through(tallbacka, weeks=30)
    await compiled(tallbacka)
    page = (await tallbacka.get("/lagesbild", role="steering_member")).text
    assert "Följs ofta av fler i närheten" in page and "inom 200 m och 14 dagar" in page
    assert "Åtgärda direkt på platsen." in page
    assert "Följs ofta" not in (await tallbacka.get("/lagesbild", role="reporter")).text


async def test_worked_out_again_it_is_the_same_and_no_point_is_kept(tallbacka: Town) -> None:
    await events(tallbacka, "arson", *spread_out(60, 4))
    told = []
    async with tallbacka.scope():
        for _again in range(2):
            await work_out_near_repeat(week_of(now()))
            told.append(await fetch_value("SELECT sum(observed + p) FROM near_repeat"))
        assert await fetch_value("SELECT count(*) FROM near_repeat") == 1
        columns = await fetch_value("SELECT row_to_json(near_repeat)::text FROM near_repeat")
    assert told[0] == told[1] and "latitude" not in columns and "61.3" not in columns


async def test_what_was_merged_or_rejected_is_no_event(tallbacka: Town) -> None:
    places = np.tile([[61.3, 17.05]], (60, 1))
    await events(tallbacka, "arson", places, np.zeros(60))
    async with tallbacka.scope():
        await execute_many(
            """INSERT INTO review (tenant_id, report_id, outcome, person_id)
               SELECT ks.current_tenant(), id, 'rejected', $1 FROM report LIMIT 31""",
            [(uuid4(),)],
        )
        assert await work_out_near_repeat(week_of(now())) == 0


async def test_what_was_merged_into_a_rejected_one_is_one_event(tallbacka: Town) -> None:
    await events(tallbacka, "arson", np.tile([[61.3, 17.05]], (32, 1)), np.zeros(32))
    async with tallbacka.scope():
        root, *merged = [row["id"] for row in await fetch("SELECT id FROM report LIMIT 3")]
        await execute_many(
            """INSERT INTO report_merge (tenant_id, report_id, into_id, person_id)
               VALUES (ks.current_tenant(), $1, $2, $3)""",
            [(one, root, uuid4()) for one in merged],
        )
        assert await work_out_near_repeat(week_of(now())) == 1
        assert await fetch_value("SELECT events FROM near_repeat") == 30
        await execute_many(
            """INSERT INTO review (tenant_id, report_id, outcome, person_id)
               VALUES (ks.current_tenant(), $1, 'rejected', $2)""",
            [(root, uuid4())],
        )
        assert await work_out_near_repeat(week_of(now())) == 1
        assert await fetch_value("SELECT events FROM near_repeat") == 30


@pytest.mark.parametrize("number", [0, 1, 29])
async def test_too_few_events_say_nothing(tallbacka: Town, number: int) -> None:
    await events(tallbacka, "arson", *spread_out(number, 5))
    async with tallbacka.scope():
        assert await work_out_near_repeat(week_of(now())) == 0
        assert await read_near_repeat() == []
