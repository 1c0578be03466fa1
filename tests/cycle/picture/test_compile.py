"""Compile: counts become one picture, the same each time, in their own municipality only."""

import pytest

from service.cycle.mapping.week import now, week_of
from service.cycle.picture import counts as reading
from service.cycle.picture.work_out import work_out
from tenants.scope import execute, fetch_value
from tests.cycle.picture.history import compiled, count, live_through


def cell(picture: dict, area: str, category: str) -> dict:
    wide = picture["wide"]
    names = [one["name"] for one in wide["areas"]]
    keys = [one["key"] for one in wide["categories"]]
    columns = wide["cells"]
    for index in range(len(columns["area"])):
        if names[columns["area"][index]] == area and keys[columns["category"][index]] == category:
            return {key: values[index] for key, values in columns.items()}
    raise AssertionError(f"{area} {category} is not in the picture")


async def test_counts_expectations_changes_and_actors_of_a_cell(grown):
    picture = await compiled(grown)
    wide = picture["wide"]
    rise = cell(picture, "Ruta 3", "violence")
    assert rise["four"] == 18.0 and rise["week"] == 6.0 and rise["actors"] == 2
    assert rise["expected"] < 1 and rise["change"] == pytest.approx(18 - rise["expected"])
    assert wide["expects"] and wide["begun"]
    assert wide["actors"] == {"asked": 4, "reported": 4, "nothing": 0, "silent": 0}
    usual = cell(picture, "Ruta 1", "glass_breakage")
    assert usual["four"] <= usual["at_most"] * 1.5
    assert wide["hours"]["hot"]["days"] == [4]


async def test_the_rise_is_found_first_and_its_parts_make_its_score(grown):
    wide = (await compiled(grown))["wide"]
    first = wide["priorities"][0]
    assert wide["areas"][first["area"]]["name"] == "Ruta 3"
    assert wide["categories"][first["category"]]["key"] == "violence"
    assert next((a["area"], a["category"]) for a in wide["above"]) == (
        first["area"],
        first["category"],
    )
    for row in wide["priorities"]:
        score = (
            row["weight"]
            * (row["level"] + max(0, row["level"] - row["usual"]))
            * (1 - 0.5 ** row["actors"])
        )
        assert row["score"] == pytest.approx(score, abs=0.01)
        assert row["place_low"] <= row["place"] <= row["place_high"]
        assert row["level_low"] <= row["level"] <= row["level_high"]
    assert first["earlier_place"] is None


async def test_compiled_twice_it_is_the_same_picture(grown):
    async with grown.scope():
        counts = await reading.read_counts(week_of(now()))
    at = now()
    assert work_out(counts, grown.id, at) == work_out(counts, grown.id, at)
    one, two = await compiled(grown), await compiled(grown)
    # Only the share of the week that has passed may differ between two moments.
    assert one["sums"] == two["sums"] and one["named"] == two["named"]
    assert one["wide"]["cells"]["four"] == two["wide"]["cells"]["four"]
    places = [[(r["area"], r["category"]) for r in p["wide"]["priorities"]] for p in (one, two)]
    assert places[0] == places[1]
    async with grown.scope():
        assert await fetch_value("SELECT count(*) FROM picture") == 1


async def test_a_neighbour_changes_nothing(grown, found):
    before = await compiled(grown)
    neighbour = await found("Sjöhaga", areas=4)
    await count(neighbour, [(0, "Ruta 1", "arson", "Polisen", 40)])
    theirs = await compiled(neighbour)
    after = await compiled(grown)
    assert before["sums"] == after["sums"]
    assert before["wide"]["by_category"]["four"] == after["wide"]["by_category"]["four"]
    assert theirs["wide"]["total"]["week"] == 40.0


async def test_an_actor_that_falls_silent_lowers_what_is_expected(found):
    town = await found("Tallbacka", areas=2)
    await live_through(town, skip=lambda back, who: who == "Polisen" and back < 4)
    wide = (await compiled(town))["wide"]
    assert all(0.5 < share < 0.9 for share in wide["by_area"]["coverage"])
    assert wide["actors"]["silent"] == 1
    total = sum(wide["cells"]["four"])
    expected = sum(wide["cells"]["expected"])
    assert total == pytest.approx(expected, rel=0.5)


async def test_nothing_is_said_of_an_area_where_too_few_are_heard(found):
    town = await found("Tallbacka", areas=2)
    await live_through(
        town, skip=lambda back, who: (who != "Köpmännen" and back < 8) or who == "Köpmännen"
    )
    await count(town, [(0, "Ruta 1", "arson", "Köpmännen", 9)])
    wide = (await compiled(town))["wide"]
    assert wide["above"] == [] and wide["priorities"] == []
    assert wide["by_area"]["expected"] == [None, None]
    assert [row["area"] for row in wide["unspoken"]] == [0]
    assert wide["unspoken"][0]["four"] == 9.0


async def test_a_zero_report_is_heard(found):
    town = await found("Tallbacka", areas=2)
    async with town.scope():
        await execute(
            "INSERT INTO zero_report (tenant_id, organisation_id, week)"
            " VALUES (ks.current_tenant(), $1, $2)",
            town.organisations["Polisen"],
            week_of(now()),
        )
    wide = (await compiled(town))["wide"]
    assert wide["actors"] == {"asked": 4, "reported": 0, "nothing": 1, "silent": 3}
    assert wide["begun"] is False


async def test_a_second_opinion_on_sums_needs_two_years(found):
    town = await found("Tallbacka", areas=2)
    await live_through(town, weeks=120)
    await count(
        town,
        [
            (1, area, "graffiti", organisation, 6)
            for area in town.areas
            for organisation in ("Polisen", "Bostadsbolaget", "Köpmännen")
        ],
    )
    wide = (await compiled(town))["wide"]
    keys = [one["key"] for one in wide["categories"]]
    sums = {row["category"]: row for row in wide["second_opinion"] if row["area"] is None}
    row = sums[keys.index("graffiti")]
    assert row["count"] > row["at_most"] > row["expected"]
    page = (await town.get("/lagesbild", role="steering_member")).text
    assert "i hela kommunen" in page and "jämfört med 2 tidigare år" in page


async def test_a_year_and_a_half_has_no_second_opinion(grown):
    assert (await compiled(grown))["wide"]["second_opinion"] is None


async def test_an_empty_municipality_compiles(found):
    town = await found("Tallbacka", areas=0)
    picture = await compiled(town)
    assert picture["wide"]["begun"] is False and picture["sums"]["groups"] == []


async def test_a_young_municipality_ranks_without_an_expectation(found):
    town = await found("Tallbacka", areas=2)
    await live_through(town, weeks=3)
    wide = (await compiled(town))["wide"]
    assert not wide["expects"] and wide["above"] == []
    assert wide["priorities"] and wide["priorities"][0]["usual"] is None
    assert wide["series"]["expected"] is None
