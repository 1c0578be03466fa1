"""Show: the page at each level of seeing, from the empty municipality to the grown one."""

import json
import re

import pytest

from tenants.scope import execute
from tests.cycle.picture.history import compiled, count, live_through, monday
from tests.town import Town


async def test_the_coordinator_sees_sentence_coverage_list_and_reasons(grown):
    await compiled(grown)
    answer = await grown.get("/lagesbild", role="safety_coordinator")
    assert answer.status_code == 200
    page = answer.text
    assert re.search(r"Ruta 3.{0,20} ligger över det väntade\.", page)
    assert any(
        said in page for said in ("I övrigt är veckan", "I övrigt ryms", "Kommunen som helhet")
    )
    assert "4 av 4" in page and "aktörer har rapporterat" in page
    assert re.search(
        r"Plats 1 \(troligen [\d–]+\): [\d,]+ rapporter i veckan, [\d,]+ fler än", page
    )
    assert "allvar 16 av 16, två oberoende aktörer" in page
    assert "Våld, Ruta 3" in page
    for words in ("Prioritering", "Händelser per vecka", "Veckodag och timme", "Så räknar vi"):
        assert words in page
    assert "fredagar klockan 20–24" in page.lower()
    assert "Polisens publicerade händelser" in page


@pytest.mark.parametrize("section", ["_laget", "_var", "_nar"])
async def test_sections_are_fetched_alone_and_are_in_the_page(grown, section):
    await compiled(grown)
    role = "safety_coordinator"
    alone = await grown.get(f"/lagesbild/{section}", role=role, headers={"hx-request": "true"})
    assert alone.status_code == 200
    assert alone.text.lstrip().startswith("<div id=") and "<html" not in alone.text
    whole = (await grown.get("/lagesbild", role=role)).text
    # No conditions in the trigger: the strict policy blocks them.
    assert f'/lagesbild/{section}" hx-trigger="picture from:#live throttle:1s"' in whole


async def test_the_whole_table_and_an_unknown_section(grown):
    await compiled(grown)
    table = await grown.get("/lagesbild/tabell", role="municipal_police")
    assert table.status_code == 200 and "Krossade rutor" in table.text
    assert (await grown.get("/lagesbild/_annat", role="municipal_police")).status_code == 404


async def test_the_names_of_silent_actors_are_for_those_who_see_all(found):
    town = await found("Tallbacka", areas=2)
    await live_through(town, skip=lambda back, who: who == "Köpmännen" and back < 2)
    await compiled(town)
    coordinator = (await town.get("/lagesbild", role="safety_coordinator")).text
    steering = (await town.get("/lagesbild", role="steering_member")).text
    reporter = (await town.get("/lagesbild", role="reporter")).text
    assert "Köpmännen" in coordinator
    for page in (steering, reporter):
        assert "Köpmännen" not in page and "1 har inte hörts av" in page


async def test_steering_sees_small_cells_that_a_reporter_does_not(found):
    town = await found("Tallbacka", areas=2)
    await count(
        town,
        [
            (back, "Ruta 1", "arson", "Polisen", 1)  # one actor
            for back in range(4)
        ]
        + [
            (back, area, "graffiti", organisation, 2)
            for back in range(12)
            for area in town.areas
            for organisation in ("Polisen", "Köpmännen")
        ],
    )
    await compiled(town)
    for role in ("safety_coordinator", "steering_member"):
        assert "Anlagd brand" in (await town.get("/lagesbild", role=role)).text
    for path in ("/lagesbild", "/lagesbild/_laget", "/lagesbild/_var", "/lagesbild/tabell"):
        page = (await town.get(path, role="reporter")).text
        assert "Anlagd brand" not in page and "Plats 1" not in page
    page = (await town.get("/lagesbild", role="reporter")).text
    assert "Fyra veckor tillsammans" in page and "Klotter" in page


async def test_a_badge_says_one_actor_and_low_coverage(found):
    town = await found("Tallbacka", areas=1)
    await live_through(
        town, weeks=60, skip=lambda back, who: who in ("Polisen", "Köpmännen") and back < 4
    )
    await count(town, [(back, "Ruta 1", "arson", "Kommunen", 4) for back in range(4)])
    await compiled(town)
    page = (await town.get("/lagesbild", role="safety_coordinator")).text
    assert "Osäkert underlag, en enda aktör" in page
    assert re.search(r"Osäkert underlag, täckning \d\d\s%", page)


async def test_who_may_not(grown, found):
    await compiled(grown)
    for path in ("/lagesbild", "/lagesbild/_laget", "/lagesbild/tabell"):
        assert (await grown.get(path, role="records_officer")).status_code == 403
        assert (await grown.anonymous.get(f"/{grown.slug}{path}")).status_code in (302, 303, 401)
    neighbour = await found("Sjöhaga")
    client = await neighbour.client("safety_coordinator")
    assert (await client.get(f"/{grown.slug}/lagesbild")).status_code in (403, 404)


@pytest.mark.parametrize("role", ["safety_coordinator", "steering_member", "reporter"])
async def test_before_the_first_report_the_page_says_what_will_come(found, role):
    town = await found("Tallbacka")
    never = await town.get("/lagesbild", role=role)
    assert never.status_code == 200
    assert "Bilden börjar med den första rapporten." in never.text
    assert "Så här kommer bilden att se ut" in never.text
    assert ("Rapportera det första" in never.text) == (role != "steering_member")
    await compiled(town)
    nothing = await town.get("/lagesbild", role=role)
    assert nothing.status_code == 200 and "0 av 4" in nothing.text


async def test_a_young_municipality_is_told_when(found):
    town = await found("Tallbacka")
    await live_through(town, weeks=3)
    await compiled(town)
    page = (await town.get("/lagesbild", role="safety_coordinator")).text
    assert "Bilden börjar ta form." in page
    assert re.search(r"Om ungefär \d+ veckor går det att säga vad som är väntat\.", page)
    assert "Krossade rutor" in page and "okänt vad som är vanligt" in page


async def test_two_looks_at_the_sums_cannot_be_subtracted(found):
    """What comes in after a period is closed changes no published sum, late or not."""
    town = await found("Tallbacka", areas=3)
    await live_through(town, weeks=20)
    before = (await compiled(town))["sums"]
    seen = (await town.get("/lagesbild", role="reporter")).text
    late = next(back for back in range(1, 9) if monday(back).isoformat() == before["last"])
    await count(
        town,
        [
            (0, "Ruta 1", "robbery", "Polisen", 1),
            (late, "Ruta 2", "robbery", "Polisen", 1, 0),  # occurred then, arrived now
        ],
    )
    after = (await compiled(town))["sums"]
    assert after["groups"] == before["groups"]
    rows = re.compile(r"<tbody>.*?</tbody>", re.S)
    page = (await town.get("/lagesbild", role="reporter")).text
    assert rows.findall(page)[0] == rows.findall(seen)[0]
    assert "Rån" not in page


async def test_every_published_sum_is_safe_and_counts_each_report_once(found):
    town = await found("Tallbacka", areas=3)
    await live_through(town, weeks=12, seed=8)
    sums = (await compiled(town))["sums"]
    assert sums["groups"]
    assert all(group["count"] >= 3 for group in sums["groups"])
    named = [(group["area"], group["category"]) for group in sums["groups"]]
    assert len(named) == len(set(named))
    page = (await town.get("/lagesbild", role="reporter")).text
    # The page holds no other number of the period: no total, no margin to subtract from.
    assert "Händelser per vecka" not in page and "Väntat" not in page


async def test_what_an_older_method_stored_can_still_be_read(grown):
    content = await compiled(grown)
    wide = content["wide"]
    for key in (
        "watched",
        "pooled",
        "clusters",
        "hot_spots",
        "change",
        "method",
        "weights",
        "second_opinion",
    ):
        del wide[key]
    for row in wide["above"]:
        row["four"] = row.pop("count")
        del row["weeks"], row["sure"], row["since"], row["events"]
    for row in wide["priorities"]:
        del row["weight_most"]
    async with grown.scope():
        await execute("UPDATE picture SET method = '1.0', content = $1::jsonb", json.dumps(content))
    for path in ("/lagesbild", "/lagesbild/tabell", "/styrgrupp"):
        answer = await grown.get(path, role="steering_member")
        assert answer.status_code == 200, path
        assert "Ruta 3" in answer.text


async def test_what_is_divided_otherwise_since_lately_is_said(tallbacka: Town) -> None:
    await live_through(tallbacka, weeks=60)
    async with tallbacka.scope():
        await execute("UPDATE area SET retired_on = ks.today() - 3 WHERE name = 'Ruta 2'")
        await execute("UPDATE category SET hidden_on = ks.today() - 9 WHERE key = 'littering'")
        await execute("UPDATE category SET hidden_on = ks.today() - 400 WHERE key = 'noise'")
    await compiled(tallbacka)
    page = (await tallbacka.get("/lagesbild", role="steering_member")).text
    assert "Området Ruta 2 är inte längre ett eget område sedan" in page
    assert "Kategorin Nedskräpning, dumpning går inte längre att rapportera sedan" in page
    assert page.count("går inte längre att rapportera") == 1
    # The sum is whole all the same: what was reported there is counted.
    assert "26 veckor" in page
