"""Look behind a number: the series, the hours and what is known, as far as the reader may see."""

import re

import pytest

from tenants.scope import fetch_value
from tests.cycle.picture.history import compiled, count, live_through

SEES = ("safety_coordinator", "municipal_police", "preparatory_member", "steering_member")


async def place(town) -> str:
    """The address of the place in which the grown town has its rise."""
    async with town.scope():
        key = await fetch_value("SELECT key FROM area WHERE name = 'Ruta 3'")
    return f"/lagesbild/lage/{key}/violence"


@pytest.mark.parametrize("role", SEES)
async def test_each_signal_leads_to_its_weeks_hours_and_method(grown, role):
    await compiled(grown)
    address = await place(grown)
    picture = (await grown.get("/lagesbild", role=role)).text
    assert f'href="/{grown.slug}{address}"' in picture
    page = (await grown.get(address, role=role)).text
    assert "Våld, Ruta 3" in page and "Vecka för vecka" in page and "Veckodag och timme" in page
    # The running week's six reports, with what was expected of them, and how that was learnt.
    assert re.search(r"6 rapporter hittills i veckan, väntat \d", page)
    assert re.search(r"är lärt av \d+ veckor", page)
    assert "Med hänsyn till tidigare nivå" in page and "2 aktörer har rapporterat" in page


async def test_names_are_for_who_may_know_who_reported(grown):
    await compiled(grown)
    address = await place(grown)
    pages = {role: (await grown.get(address, role=role)).text for role in SEES}
    assert "Vilka som har rapporterat" in pages["safety_coordinator"]
    for role in SEES[1:]:
        assert "Vilka som har rapporterat" not in pages[role]
        assert "Bostadsbolaget" not in pages[role].split("<main", 1)[1]
    # The reports themselves are for those who read reports.
    assert "Rapporterna bakom" in pages["preparatory_member"]
    assert "Rapporterna bakom" not in pages["steering_member"]


@pytest.mark.parametrize("role", ["reporter", "org_contact"])
async def test_who_sees_sums_alone_sees_nothing_behind_them(grown, role):
    await compiled(grown)
    address = await place(grown)
    key = address.split("/")[3]
    for path in (
        address,
        f"/lagesbild/omrade/{key}",
        "/lagesbild/kategori/violence",
        "/lagesbild/omraden",
    ):
        answer = await grown.get(path, role=role)
        assert answer.status_code == 403 and "så att ingen kan pekas ut" in answer.text
    assert "/lagesbild/lage/" not in (await grown.get("/lagesbild", role=role)).text


async def test_areas_stand_on_one_scale_in_their_own_order(grown):
    await compiled(grown)
    page = (await grown.get("/lagesbild/omraden", role="steering_member")).text
    names = re.findall(r"<b>(Ruta \d)</b>", page)
    assert names == sorted(names) and len(names) == 4
    assert "alla rutor från 0 till" in page and "Signal" in page
    one = (await grown.get("/lagesbild/omraden?kategori=graffiti", role="steering_member")).text
    assert one.count("/graffiti") >= 4
    unknown = await grown.get("/lagesbild/omraden?kategori=nothing", role="steering_member")
    assert unknown.status_code == 404


async def test_an_area_and_a_category_have_pages_with_their_parts(grown):
    await compiled(grown)
    key = (await place(grown)).split("/")[3]
    area = (await grown.get(f"/lagesbild/omrade/{key}", role="steering_member")).text
    assert "Kategori för kategori" in area and "Klotter" in area
    category = (await grown.get("/lagesbild/kategori/graffiti", role="steering_member")).text
    assert "Område för område" in category and "Ruta 4" in category


async def test_announced_events_stand_beside_the_weeks(grown):
    await count(grown, [(1, "Ruta 3", "planned_event", "Polisen", 2)])
    await compiled(grown)
    page = (await grown.get(await place(grown), role="safety_coordinator")).text
    assert "2 anmälda evenemang" in page


async def test_without_a_history_the_page_says_so(found):
    town = await found("Tallbacka", areas=["Torget"])
    await live_through(town, weeks=4)
    await compiled(town)
    page = (await town.get("/lagesbild/kategori/graffiti", role="safety_coordinator")).text
    assert "Det väntade ritas när det finns minst" in page and "går inte att säga" in page


async def test_what_is_not_there_is_not_found(grown, found):
    role = "safety_coordinator"
    assert (await grown.get(await place(grown), role=role)).status_code == 404  # not compiled yet
    await compiled(grown)
    for path in ("lage/x/violence", "omrade/x", "kategori/x"):
        assert (await grown.get(f"/lagesbild/{path}", role=role)).status_code == 404
    neighbour = await found("Sjöhaga")
    client = await neighbour.client(role)
    assert (await client.get(f"/{grown.slug}{await place(grown)}")).status_code in (403, 404)


async def test_the_list_of_reports_can_be_cut_to_what_lies_behind(grown):
    page = (await grown.get("/rapporter?kategori=graffiti", role="safety_coordinator")).text
    assert "Bara ett område eller en kategori visas." in page
    assert "antal=20&amp;kategori=graffiti" in page
