"""Signals step by step: what is said at which age, and what is never said of one week alone."""

from datetime import date

import pytest

from service.cycle.picture.holidays import easter, is_holiday_week
from tests.cycle.picture.history import compiled, count, live_through


@pytest.mark.parametrize(
    ("weeks", "step"), [(2, "none"), (6, "pooled"), (20, "share"), (60, "budget")]
)
async def test_the_method_follows_the_history_and_the_page_says_which(found, weeks, step):
    town = await found("Tallbacka", areas=3)
    await live_through(town, weeks=weeks)
    method = (await compiled(town))["wide"]["method"]
    assert method["step"] == step
    page = (await town.get("/lagesbild", role="safety_coordinator")).text
    assert {
        "none": "för lite för att säga vad som är ovanligt",
        "pooled": "Så länge jämförs bara kategorierna i hela kommunen",
        "share": "så gränsen är osäker",
        "budget": "egna tidigare veckor",
    }[step] in page


async def test_a_young_municipality_hears_of_a_flood_in_a_category(found):
    town = await found("Tallbacka", areas=3)
    await live_through(town, weeks=6)
    await count(
        town,
        [
            (back, "Ruta 1", "arson", organisation, 12)
            for back in (0, 1)
            for organisation in ("Polisen", "Köpmännen")
        ],
    )
    wide = (await compiled(town))["wide"]
    keys = [one["key"] for one in wide["categories"]]
    assert keys.index("arson") in [row["category"] for row in wide["pooled"]]
    page = (await town.get("/lagesbild", role="steering_member")).text
    assert "rapporter i hela kommunen" in page


async def test_one_actor_alone_raises_its_signal_and_is_named_as_one(found):
    town = await found("Tallbacka", areas=4)
    await live_through(town)
    await count(town, [(back, "Ruta 4", "arson", "Köpmännen", 5) for back in (0, 1, 2)])
    wide = (await compiled(town))["wide"]
    keys = [one["key"] for one in wide["categories"]]
    (row,) = [one for one in wide["above"] if one["category"] == keys.index("arson")]
    assert row["actors"] == 1 and row["count"] > row["at_most"]
    assert (
        "En enda aktör har rapporterat"
        in (await town.get("/lagesbild", role="safety_coordinator")).text
    )


async def test_announced_events_are_no_signals(found):
    town = await found("Tallbacka", areas=4)
    await live_through(town)
    await count(town, [(back, "Ruta 4", "planned_event", "Polisen", 9) for back in (0, 1)])
    wide = (await compiled(town))["wide"]
    keys = [one["key"] for one in wide["categories"]]
    signalled = [row["category"] for row in wide["above"] + wide["watched"]]
    assert keys.index("planned_event") not in signalled


async def test_an_import_of_two_old_years_makes_no_rise_of_now(found):
    town = await found("Tallbacka", areas=3)
    await live_through(town, weeks=30)
    before = (await compiled(town))["wide"]
    await count(
        town,
        [
            (back, area, "graffiti", "Köpmännen", 2, 0)
            for back in range(40, 140)
            for area in town.areas
        ],
    )
    after = (await compiled(town))["wide"]
    assert after["by_category"]["week"] == before["by_category"]["week"]
    assert after["elapsed"] >= before["elapsed"]
    keys = [one["key"] for one in after["categories"]]
    assert keys.index("graffiti") not in [row["category"] for row in after["above"]]


async def test_a_signal_names_the_announced_events_of_its_weeks(grown):
    await count(grown, [(1, "Ruta 3", "planned_event", "Polisen", 2)])
    await compiled(grown)
    page = (await grown.get("/lagesbild", role="safety_coordinator")).text
    assert "Under tiden var 2 evenemang anmälda i området." in page


def test_easter_is_where_it_is():
    assert [easter(year) for year in (2024, 2025, 2026, 2038)] == [
        date(2024, 3, 31), date(2025, 4, 20), date(2026, 4, 5), date(2038, 4, 25),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("monday", "holiday"),
    [
        ("2026-12-21", True),  # Christmas, week 52
        ("2026-12-28", True),  # week 53, New Year
        ("2026-03-30", True),  # Good Friday
        ("2026-04-06", True),  # Easter Monday
        ("2026-06-15", True),  # midsummer eve on the 19th
        ("2026-06-22", False),
        ("2026-11-23", False),
    ],
)
def test_holiday_weeks(monday, holiday):
    assert is_holiday_week(date.fromisoformat(monday)) is holiday
