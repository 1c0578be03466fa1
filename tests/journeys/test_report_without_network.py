"""A report in a phone whose network comes and goes: nothing is lost, and nothing is sent twice."""

import json
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import BrowserContext, Page, async_playwright, expect

from tenants.scope import fetch, fetch_row, fetch_value
from tests.journeys.conftest import PHONE, Doorman, House
from tests.town import Town

FORM = "/rapportera"
READY = "navigator.serviceWorker.ready.then(() => caches.keys()).then(names => names.length)"


@pytest.fixture
async def town(found: Any) -> Town:
    return await found("Tallbacka", areas=["Torget", "Parken"])


async def reports(town: Town) -> int:
    async with town.scope():
        return await fetch_value("SELECT count(*) FROM report")


async def open_form(doorman: Doorman, town: Town) -> Any:
    """A reporter's phone on the form, with the shell kept."""
    visit = await doorman.member(town, "reporter", FORM, viewport=PHONE)
    assert await visit.page.evaluate(READY) == 1
    return visit


async def fill_in(page: Page, place: str = "Torget", text: str = "Två rutor mot gården") -> None:
    await page.locator("label.tile").first.tap()
    await page.locator("label.option").filter(has_text=place).tap()
    await page.locator("#text").fill(text)


async def send(page: Page) -> None:
    await page.get_by_role("button", name="Skicka rapport").tap()


async def test_what_is_sent_without_network_waits_and_goes_once(
    doorman: Doorman, town: Town
) -> None:
    visit = await open_form(doorman, town)
    page = visit.page
    await visit.context.set_offline(True)
    await expect(page.get_by_text("Du är utan nät.")).to_be_visible()
    await fill_in(page)
    await send(page)
    await expect(page.locator("#queue")).to_contain_text("Inte skickad än.")
    await expect(page.get_by_role("heading", name="Väntar i telefonen")).to_be_focused()
    # The form is empty again, and takes the next one.
    await expect(page.locator("#text")).to_have_value("")
    await fill_in(page, "Parken", "Klotter på muren")
    await send(page)
    await expect(page.locator("#queue li")).to_have_count(2)
    assert await reports(town) == 0
    await visit.picture("rapportera-utan-nat")
    await visit.context.set_offline(False)
    await expect(page.locator("#queue")).not_to_contain_text("Inte skickad", timeout=15_000)
    await expect(page.locator("#queue li").first).to_contain_text("Mottagen")
    assert await reports(town) == 2
    await page.reload()
    await expect(page.locator("#waiting")).to_be_hidden()
    assert await reports(town) == 2


async def test_without_network_the_form_opens_all_the_same(doorman: Doorman, town: Town) -> None:
    visit = await open_form(doorman, town)
    page = visit.page
    await visit.context.set_offline(True)
    await page.reload()
    await expect(page.get_by_text("Du är utan nät.")).to_be_visible()
    await page.get_by_role("button", name="Spara").tap()
    await expect(page.get_by_text("Välj vad du har sett, och var.")).to_be_visible()
    await page.locator("label.tile").nth(1).tap()
    await page.get_by_label("Platsens namn").fill("torget")
    await page.locator("#text").fill("Tre lampor släckta")
    assert await visit.axe() == []
    # A draft survives as well.
    await page.reload()
    await expect(page.locator("#text")).to_have_value("Tre lampor släckta")
    await page.get_by_role("button", name="Spara").tap()
    await expect(page.locator("#queue")).to_contain_text("Inte skickad än.")
    await visit.picture("rapportera-skalet")
    await visit.context.set_offline(False)
    await expect(page.locator("#queue")).to_contain_text("Mottagen", timeout=15_000)
    async with town.scope():
        rows = await fetch("SELECT text, time_kind, area_id FROM report")
    assert [tuple(row) for row in rows] == [("Tre lampor släckta", "now", town.areas["Torget"])]


async def test_ones_own_position_is_sent_and_only_with_its_own_report(
    doorman: Doorman, town: Town
) -> None:
    visit = await open_form(doorman, town)
    page = visit.page
    async with town.scope():
        row = await fetch_row("SELECT latitude, longitude FROM area WHERE name = 'Torget'")
    here = (round(row["latitude"], 4), round(row["longitude"], 4))
    await visit.context.grant_permissions(["geolocation"])
    await visit.context.set_geolocation({"latitude": here[0], "longitude": here[1]})
    await visit.context.set_offline(True)
    await page.reload()
    await page.locator("label.tile").first.tap()
    await page.get_by_role("button", name="Använd min position").tap()
    await expect(page.get_by_text("Din position är med.")).to_be_visible()
    # A draft holds it as well, and says so.
    await page.reload()
    await expect(page.get_by_text("Din position är med.")).to_be_visible()
    await page.get_by_role("button", name="Spara").tap()
    await expect(page.locator("#queue")).to_contain_text("Inte skickad än.")
    # The next report is from somewhere else, until one says where.
    await expect(page.get_by_text("Din position är med.")).to_be_hidden()
    await page.locator("label.tile").nth(1).tap()
    await page.get_by_role("button", name="Spara").tap()
    await expect(page.get_by_text("Välj vad du har sett, och var.")).to_be_visible()
    await page.get_by_role("button", name="Använd min position").tap()
    await expect(page.get_by_text("Din position är med.")).to_be_visible()
    await page.get_by_label("Platsens namn").press_sequentially("Parken")
    await expect(page.get_by_text("Din position är med.")).to_be_hidden()
    await page.get_by_role("button", name="Spara").tap()
    await expect(page.locator("#queue li")).to_have_count(2)
    await visit.context.set_offline(False)
    received = page.locator("#queue li").filter(has_text="Mottagen")
    await expect(received).to_have_count(2, timeout=15_000)
    async with town.scope():
        rows = await fetch(
            "SELECT latitude, longitude, area_id FROM report ORDER BY latitude NULLS LAST"
        )
    assert [tuple(row) for row in rows] == [
        (*here, town.areas["Torget"]),
        (None, None, town.areas["Parken"]),
    ]


async def test_a_report_that_is_changed_where_fewer_questions_are_asked_keeps_its_answers(
    doorman: Doorman, town: Town
) -> None:
    visit = await open_form(doorman, town)
    page = visit.page
    await visit.context.set_offline(True)
    await fill_in(page)
    await page.get_by_text("Fler frågor, om du hinner").tap()
    await page.locator("#concern label").nth(2).tap()
    await send(page)
    await expect(page.locator("#queue")).to_contain_text("Inte skickad än.")
    await page.reload()
    await page.get_by_role("button", name="Ändra").tap()
    await expect(page.get_by_text("Platsen du valde är med.")).to_be_visible()
    await page.locator("#text").fill("Tre rutor mot gården")
    # The draft carries them as well.
    await page.reload()
    await expect(page.get_by_text("Platsen du valde är med.")).to_be_visible()
    await page.get_by_role("button", name="Spara").tap()
    await expect(page.locator("#queue")).to_contain_text("Inte skickad än.")
    await expect(page.get_by_text("Platsen du valde är med.")).to_be_hidden()
    await visit.context.set_offline(False)
    await expect(page.locator("#queue")).to_contain_text("Mottagen", timeout=15_000)
    async with town.scope():
        rows = await fetch("SELECT text, concern, area_id FROM report")
    assert [tuple(row) for row in rows] == [("Tre rutor mot gården", 3, town.areas["Torget"])]


async def test_who_logs_in_after_another_does_not_see_what_the_first_began(
    doorman: Doorman, town: Town
) -> None:
    await town.add_member("org_contact")
    visit = await open_form(doorman, town)
    page, text = visit.page, visit.page.locator("#text")

    async def change_to(role: str) -> None:
        await visit.context.clear_cookies()
        await visit.open(f"/{town.slug}{FORM}")
        await page.locator(f'button[value="{town.subject(role)}"]').click()
        await page.wait_for_url(f"**/{town.slug}{FORM}")
        await expect(page.get_by_role("button", name="Skicka rapport").last).to_be_visible()
        assert await page.evaluate(READY) == 1

    async def without_network() -> None:
        await visit.context.set_offline(True)
        await page.reload()
        await expect(page.get_by_role("button", name="Spara")).to_be_visible()

    await without_network()
    await text.fill("Klotter på viadukten")
    await page.reload()
    await expect(text).to_have_value("Klotter på viadukten")
    await visit.context.set_offline(False)
    await change_to("org_contact")
    await without_network()
    await page.wait_for_function("document.querySelector('[name=report_id]').value")
    await expect(text).to_have_value("")
    await visit.context.set_offline(False)
    # Nor does what the second one sends take it away.
    await page.reload()
    await fill_in(page)
    await send(page)
    await expect(page.get_by_role("heading", name="Mottagen")).to_be_visible()
    await change_to("reporter")
    await without_network()
    await expect(text).to_have_value("Klotter på viadukten")


async def test_what_is_kept_says_nothing_of_anybody(doorman: Doorman, town: Town) -> None:
    visit = await open_form(doorman, town)
    await visit.open(f"/{town.slug}/rapporter")
    kept = await visit.page.evaluate(
        """async () => {
            const found = {};
            for (const name of await caches.keys()) {
                const cache = await caches.open(name);
                for (const request of await cache.keys()) {
                    const type = (await cache.match(request)).headers.get("content-type");
                    found[new URL(request.url).pathname] =
                        type.includes("html") ? await (await cache.match(request)).text() : "";
                }
            }
            return found;
        }"""
    )
    assert len(kept) == 8
    assert {path for path in kept if not path.startswith("/static/")} == {"/utan-nat"}
    shell = kept["/utan-nat"]
    for word in (town.slug, town.name, "Torget", "Prov", "csrf", str(town.id)):
        assert word not in shell


async def test_what_may_point_out_somebody_comes_back_to_be_changed(
    doorman: Doorman, town: Town
) -> None:
    visit = await open_form(doorman, town)
    page = visit.page
    await visit.context.set_offline(True)
    await fill_in(page, text="Bil ABC 12D vid porten")
    await send(page)
    await expect(page.locator("#queue")).to_contain_text("Inte skickad än.")
    await visit.context.set_offline(False)
    await expect(page.locator("#queue")).to_contain_text("Det leder till en person", timeout=15_000)
    assert await reports(town) == 0
    await page.get_by_role("button", name="Ändra").tap()
    await expect(page.locator("#text")).to_have_value("Bil ABC 12D vid porten")
    await expect(page.locator("#mirror mark")).to_have_text("ABC 12D")
    await expect(page.locator("#waiting")).to_be_hidden()
    await page.get_by_role("button", name="Ta bort det markerade").tap()
    await expect(page.locator("#guard mark")).to_have_count(0)
    await send(page)
    await expect(page.get_by_role("heading", name="Mottagen")).to_be_visible()
    assert await reports(town) == 1


async def test_two_tabs_send_what_waits_once(doorman: Doorman, town: Town) -> None:
    visit = await open_form(doorman, town)
    other = await visit.context.new_page()
    await other.goto(f"{doorman.house.address}/{town.slug}{FORM}")
    await visit.context.set_offline(True)
    for number in range(3):
        await fill_in(visit.page, text=f"Lampa {number} släckt")
        await send(visit.page)
        await expect(visit.page.locator("#queue li")).to_have_count(number + 1)
    await visit.context.set_offline(False)
    while await reports(town) < 3:
        await visit.page.wait_for_timeout(100)
    await visit.page.reload()
    await other.reload()
    await expect(visit.page.locator("#waiting")).to_be_hidden()
    assert await reports(town) == 3


async def test_logging_out_leaves_nothing_in_the_phone(doorman: Doorman, town: Town) -> None:
    visit = await open_form(doorman, town)
    page = visit.page
    await visit.context.set_offline(True)
    await fill_in(page)
    await send(page)
    await expect(page.locator("#queue li")).to_have_count(1)
    await visit.context.set_offline(False)
    await page.route("**/rapportera/nyckel", lambda route: route.abort())
    await page.locator("details.menu > summary").tap()
    await page.get_by_role("button", name="Logga ut").tap()
    await page.wait_for_url(lambda address: FORM not in address)
    await page.wait_for_load_state("networkidle")
    assert await page.evaluate("indexedDB.databases().then(all => all.map(one => one.name))") == []
    assert await page.evaluate("Object.keys(localStorage)") == []


@asynccontextmanager
async def phone_with_memory(folder: Path) -> AsyncIterator[BrowserContext]:
    """A browser that is opened, used and closed, and remembers."""
    async with async_playwright() as playwright:
        context = await playwright.chromium.launch_persistent_context(
            folder,
            executable_path=os.environ.get("KS_CHROMIUM") or shutil.which("chromium"),
            args=["--no-sandbox"],
            viewport=PHONE,  # type: ignore[arg-type]
            locale="sv-SE",
            has_touch=True,
            is_mobile=True,
        )
        yield context
        await context.close()


async def test_a_closed_browser_and_an_ended_session_lose_nothing(
    house: House, town: Town, tmp_path: Path
) -> None:
    await town.add_member("reporter")
    people = house.settings.data_dir / "people.json"
    people.write_text(json.dumps([asdict(one) for one in town.near.people]))
    subject = town.subject("reporter")

    async def log_in(page: Page) -> None:
        await page.locator(f'button[value="{subject}"]').click()
        await page.wait_for_url(f"**/{town.slug}{FORM}")

    async with phone_with_memory(tmp_path / "profile") as context:
        page = await context.new_page()
        await page.goto(f"{house.address}/{town.slug}{FORM}")
        await log_in(page)
        assert await page.evaluate(READY) == 1
        await context.set_offline(True)
        await fill_in(page)
        await send(page)
        await expect(page.locator("#queue")).to_contain_text("Inte skickad än.")
    async with phone_with_memory(tmp_path / "profile") as context:
        await context.clear_cookies()
        # Without a network the shell shows what waits; with one it asks for a log-in.
        await context.set_offline(True)
        page = await context.new_page()
        await page.goto(f"{house.address}/{town.slug}{FORM}")
        await expect(page.locator("#queue")).to_contain_text("Inte skickad än.")
        await context.set_offline(False)
        await expect(page.locator("#queue")).to_contain_text("Logga in igen", timeout=15_000)
        assert await reports(town) == 0
        await page.get_by_role("link", name="Logga in").click()
        await log_in(page)
        await expect(page.locator("#queue")).to_contain_text("Mottagen", timeout=15_000)
    assert await reports(town) == 1
