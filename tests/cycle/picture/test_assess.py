"""Assess: ability to influence, moved places, weights and level, always somebody's decision."""

import asyncio

import pytest

from service.web.language import _
from tenants.scope import fetch_value
from tests.cycle.picture.history import compiled, content

CELL = "/lagesbild/bedom/{area}/violence"


async def path_of(town, name="Ruta 3"):
    async with town.scope():
        return CELL.format(area=await fetch_value("SELECT key FROM area WHERE name = $1", name))


async def rows(town, table):
    async with town.scope():
        return await fetch_value(f"SELECT count(*) FROM {table}")  # wall: a test's constant


async def test_influence_is_judged_and_shown_beside_the_need(grown):
    await compiled(grown)
    path = await path_of(grown)
    answer = await grown.post(
        path, role="preparatory_member", influence="3", position="calculated", motive=""
    )
    assert answer.status_code == 303
    page = (await grown.get("/lagesbild", role="steering_member")).text
    assert "Möjlighet att påverka: stor" in page
    assert "Behov gånger möjlighet att påverka" in page
    assert "Bedöm läget" not in page  # Steering reads it; the group judges.
    assert "Bedöm läget" in (await grown.get("/lagesbild", role="municipal_police")).text


async def test_a_moved_place_says_why_and_keeps_its_calculated_place(grown):
    await compiled(grown)
    path = await path_of(grown)
    motive = "Åtgärdat i går, kvar är bara uppföljning."
    await grown.post(path, role="safety_coordinator", position="last", motive=motive)
    page = (await grown.get("/lagesbild", role="safety_coordinator")).text
    assert "Sist enligt gruppen" in page and motive in page
    assert page.index('id="p2"') < page.index('id="p1"')
    board = (await grown.get("/styrgrupp", role="steering_member")).text
    assert not board.split('<h3 class="t">')[1].startswith("Våld, Ruta 3")
    form = (await grown.get(path, role="safety_coordinator")).text
    assert motive in form


async def test_said_twice_at_once_is_kept_apart_only_when_it_differs(grown):
    await compiled(grown)
    path = await path_of(grown)
    for _turn in range(2):
        await grown.post(path, role="safety_coordinator", influence="2", position="calculated")
    assert await rows(grown, "cell_assessment") == 1


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({"position": "first"}, "Skriv varför läget flyttas"),
        ({"position": "elsewhere"}, "Välj var i listan"),
        ({"influence": "9", "position": "calculated"}, "Välj stor, viss eller liten"),
        ({"position": "first", "motive": "x" * 601}, "högst 600"),
    ],
)
async def test_an_unfinished_assessment_keeps_what_was_typed(grown, form, says):
    answer = await grown.post(await path_of(grown), role="safety_coordinator", **form)
    assert answer.status_code == 422 and says in answer.text
    assert form.get("motive", "") in answer.text
    assert await rows(grown, "cell_assessment") == 0


async def test_what_the_group_writes_points_out_nobody(grown):
    named = "Ring 070-123 45 67."
    for path, form in (
        (await path_of(grown), {"position": "first", "motive": named}),
        ("/lagesbild/vikter", {"light": "1", "medium": "2", "severe": "3", "motive": named}),
        ("/lagesbild/niva", {"level": "red", "indicators": named}),
    ):
        answer = await grown.post(path, role="safety_coordinator", **form)
        assert answer.status_code == 422 and "Ta bort det som kan peka ut någon" in answer.text
        assert named in answer.text


async def test_weights_are_versioned_and_the_next_picture_is_calculated_by_them(grown):
    await compiled(grown)
    answer = await grown.post(
        "/lagesbild/vikter",
        role="safety_coordinator",
        light="1",
        medium="2",
        severe="4,5",
        motive="Skadegörelse och våld ska ligga närmare varandra.",
    )
    assert answer.status_code == 303
    await compiled(grown)
    wide = (await content(grown))["wide"]
    assert wide["weights"] == {"version": 1, "by_severity": [1.0, 2.0, 4.5]}
    assert wide["priorities"][0]["weight"] == 4.5
    page = (await grown.get("/lagesbild", role="steering_member")).text
    assert "allvar 4,5 av 4,5" in page and "kommunens vikter, version 1" in page
    versions = (await grown.get("/lagesbild/vikter", role="safety_coordinator")).text
    assert "Skadegörelse och våld ska ligga" in versions


async def test_two_who_weigh_at_once_make_versions_in_order(grown):
    await grown.get("/lagesbild", role="safety_coordinator")
    answers = await asyncio.gather(
        *(
            grown.post(
                "/lagesbild/vikter",
                role="safety_coordinator",
                light="1",
                medium="3",
                severe=str(severe),
                motive="Prövas.",
            )
            for severe in (9, 9, 10)
        )
    )
    assert {answer.status_code for answer in answers} == {303}
    assert await rows(grown, "severity_weighting") in (2, 3)


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({"light": "0", "medium": "2", "severe": "4", "motive": "x"}, "ett tal från 1 till 50"),
        ({"light": "1", "medium": "två", "severe": "4", "motive": "x"}, "ett tal från 1 till 50"),
        ({"light": "1", "medium": "nan", "severe": "4", "motive": "x"}, "ett tal från 1 till 50"),
        ({"light": "5", "medium": "2", "severe": "4", "motive": "x"}, "kan inte väga mindre"),
        ({"light": "1", "medium": "2", "severe": "4"}, "Skriv varför vikterna"),
    ],
)
async def test_unfinished_weights(grown, form, says):
    answer = await grown.post("/lagesbild/vikter", role="safety_coordinator", **form)
    assert answer.status_code == 422 and says in answer.text
    assert await rows(grown, "severity_weighting") == 0


async def test_the_level_is_settled_with_what_it_rests_on(grown):
    await compiled(grown)
    for level in ("", "purple"):
        answer = await grown.post(
            "/lagesbild/niva", role="municipal_police", level=level, indicators="Fler samlingar"
        )
        assert answer.status_code == 422 and "Fler samlingar" in answer.text
    answer = await grown.post("/lagesbild/niva", role="municipal_police", level="yellow")
    assert answer.status_code == 422 and _("Skriv vad nivån bygger på.") in answer.text
    for _turn in range(2):
        await grown.post(
            "/lagesbild/niva", role="municipal_police", level="yellow", indicators="Fler samlingar"
        )
    assert await rows(grown, "situation_level") == 1
    page = (await grown.get("/lagesbild", role="steering_member")).text
    assert "Lägets nivå: gult." in page and "Fler samlingar" in page


@pytest.mark.parametrize("role", ["steering_member", "reporter", "auditor"])
async def test_who_may_not(grown, role):
    for path, form in (
        (await path_of(grown), {"influence": "1", "position": "calculated"}),
        ("/lagesbild/niva", {"level": "red", "indicators": "x"}),
        ("/lagesbild/vikter", {"light": "1", "medium": "1", "severe": "1", "motive": "x"}),
    ):
        assert (await grown.get(path, role=role)).status_code == 403
        assert (await grown.post(path, role=role, **form)).status_code == 403
    police = await grown.get("/lagesbild/vikter", role="municipal_police")
    assert police.status_code == 403


async def test_the_neighbour_sees_nothing(grown, found):
    await compiled(grown)
    neighbour = await found("Sjöhaga", areas=1)
    path = await path_of(grown)
    answer = await neighbour.post(
        path.replace("/bedom/", "/bedom/x"), role="safety_coordinator", position="calculated"
    )
    assert answer.status_code == 404
    await grown.post(
        "/lagesbild/niva", role="safety_coordinator", level="red", indicators="Bara hos oss"
    )
    page = (await neighbour.get("/lagesbild/niva", role="safety_coordinator")).text
    assert "Bara hos oss" not in page
