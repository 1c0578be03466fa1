"""Who sees which reports, and how much of each."""

import re
from uuid import uuid4

import pytest

from tenants.scope import fetch_value


@pytest.fixture
async def town(found):
    town = await found(name="Tallbacka", areas=2, organisations=["Handlarna"])
    for organisation in ("Bostadsbolaget", "Polisen"):
        answer = await town.post(
            "/rapportera",
            role="reporter",
            organisation=organisation,
            report_id=str(uuid4()),
            category="littering",
            area=str(town.areas["Ruta 1"]),
            text=f"Sopor, säger {organisation}.",
        )
        assert answer.status_code == 200
    return town


@pytest.mark.parametrize("role", ["reporter", "org_contact"])
async def test_an_organisation_reads_its_own_reports_and_no_others(town, role):
    page = await town.get("/rapporter", role=role, organisation="Bostadsbolaget")
    assert page.status_code == 200
    assert "Våra rapporter" in page.text
    assert "Sopor, säger Bostadsbolaget." in page.text
    assert "Sopor, säger Polisen." not in page.text


@pytest.mark.parametrize("role", ["safety_coordinator", "municipal_police", "preparatory_member"])
async def test_who_prepares_reads_all_reports(town, role):
    page = await town.get("/rapporter", role=role)
    assert page.status_code == 200
    assert "Kartläggning" in page.text
    assert page.text.count('id="report-') == 2


@pytest.mark.parametrize(
    "role", ["steering_member", "steering_co_opted", "project_owner", "working_group_member"]
)
async def test_who_may_not(town, role):
    assert (await town.get("/rapporter", role=role)).status_code == 403


async def test_who_handed_in_is_for_the_coordinator_and_the_person_for_nobody(town):
    coordinator = await town.get("/rapporter", role="safety_coordinator")
    assert ", Bostadsbolaget</p>" in coordinator.text
    preparatory = await town.get("/rapporter", role="preparatory_member")
    assert "Bostadsbolaget</p>" not in preparatory.text and "Polisen</p>" not in preparatory.text
    for page in (coordinator, preparatory):
        assert "Prov reporter" not in page.text


@pytest.mark.parametrize("organisation", ["Handlarna", "Bostadsbolaget"])
async def test_texts_of_others_are_for_authorities_only(town, organisation):
    page = await town.get("/rapporter", role="preparatory_member", organisation=organisation)
    assert page.text.count('id="report-') == 2
    assert "Sopor, säger Polisen." not in page.text
    authority = await town.get("/rapporter", role="preparatory_member", organisation="Kommunen")
    assert "Sopor, säger Polisen." in authority.text


async def test_the_neighbour_sees_nothing(town, found):
    neighbour = await found(name="Sjöhaga", areas=1, organisations=["Föreningen"])
    page = await neighbour.get("/rapporter", role="safety_coordinator")
    assert "Inga rapporter än" in page.text
    assert "Sopor" not in page.text


async def test_the_list_alone_is_fetched_again_when_the_picture_changes(town):
    part = await town.get("/rapporter", role="safety_coordinator", headers={"HX-Request": "true"})
    assert "<html" not in part.text
    assert 'hx-trigger="picture from:#live throttle:1s"' in part.text


async def test_a_long_list_begins_with_twenty_and_grows_when_asked(town):
    for number in range(23):
        await town.post(
            "/rapportera",
            role="reporter",
            organisation="Polisen",
            report_id=str(uuid4()),
            category="littering",
            area=str(town.areas["Ruta 1"]),
            text=f"Hög {number}.",
        )
    first = await town.get("/rapporter", role="safety_coordinator")
    assert first.text.count('id="report-') == 20 and "de 20 senaste" in first.text
    onward = re.search(r'href="[^"]*(\?antal=40)#(report-[^"]+)">Visa 20 till', first.text)
    assert onward and f'id="{onward[2]}"' in first.text
    longer = await town.get(f"/rapporter{onward[1]}", role="safety_coordinator")
    assert longer.text.count('id="report-') == 25 and "Visa 20 till" not in longer.text
    # What is fetched again is as long as what the reader had unfolded.
    assert '/rapporter?antal=40" hx-trigger="picture from:#live' in longer.text


@pytest.mark.parametrize("asked", ["", "0", "-1", "tjugo", "99999", "²", "٤٠"])
async def test_a_strange_length_is_bounded(town, asked):
    page = await town.get(f"/rapporter?antal={asked}", role="safety_coordinator")
    assert page.status_code == 200 and page.text.count('id="report-') == 2


async def test_the_menu_calls_the_list_what_its_page_is_called(town):
    for role, name in (("safety_coordinator", "Kartläggning"), ("reporter", "Våra rapporter")):
        page = (await town.get("/rapporter", role=role)).text
        assert re.search(rf'aria-current="page">{name}\s*</a>', page)
        assert f"<h1>{name}</h1>" in page
        # The bar and the folded menu.
        assert len(re.findall(r'/rapporter"[^>]* aria-current', page)) == 2


async def test_reading_what_others_wrote_leaves_its_line(town):
    async def lines() -> int:
        async with town.scope():
            return await fetch_value("SELECT count(*) FROM audit_event WHERE verb = 'report.read'")

    await town.get("/rapporter", role="reporter")
    assert await lines() == 0
    await town.get("/rapporter", role="municipal_police")
    assert await lines() == 1
    await town.get("/rapporter", role="municipal_police", headers={"hx-request": "true"})
    assert await lines() == 1
