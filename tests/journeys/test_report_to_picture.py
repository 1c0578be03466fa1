"""A report made on a phone is in its own municipality's open pages in time, and in no other's."""

import asyncio
import re
import time

from playwright.async_api import Page, expect

from tests.journeys.conftest import DESK, PHONE, WALL, Doorman, Visit
from tests.journeys.past import live_through
from tests.town import Town

IN_TIME = 2_000
"""Milliseconds from the receipt to the change in every open page of the municipality."""


async def _text(page: Page) -> str:
    return await page.locator("main").inner_text()


async def send_report(visit: Visit, *, area: str, category: str) -> None:
    page = visit.page
    tile = page.locator(f'label:has(input[name="category"][value="{category}"])').first
    if not await tile.is_visible():
        await page.locator("summary", has_text="Alla 38 kategorier").click()
    await tile.click()
    await page.locator("label.option, label", has_text=area).first.click()
    await page.get_by_role("button", name="Skicka rapport").click()
    await expect(page.locator("main")).to_contain_text("Mottagen")


async def test_a_report_is_seen_where_it_belongs_and_nowhere_else(
    tallbacka: Town, sjohaga: Town, doorman: Doorman
) -> None:
    for town in (tallbacka, sjohaga):
        await live_through(town)

    coordinator = await doorman.member(tallbacka, "safety_coordinator", "/lagesbild")
    steering = await doorman.member(tallbacka, "steering_member", "/styrgrupp", viewport=WALL)
    neighbours = [
        await doorman.member(sjohaga, "safety_coordinator", "/lagesbild", dark=True),
        await doorman.member(sjohaga, "steering_member", "/styrgrupp"),
    ]
    for visit in (coordinator, steering, *neighbours):
        await expect(visit.page.locator("main")).to_contain_text("Krossade rutor", timeout=20_000)

    phone = await doorman.member(tallbacka, "reporter", "/rapportera", viewport=PHONE)
    await phone.picture("rapportera-telefon")
    assert await phone.axe() == []
    before = {visit: await _text(visit.page) for visit in (coordinator, steering, *neighbours)}

    began = time.monotonic()
    for _ in range(4):
        await send_report(phone, area="Ruta 1", category="violence")
        await phone.open(f"/{tallbacka.slug}/rapportera")
    assert time.monotonic() - began < 4 * 30

    for visit in (coordinator, steering):
        await expect(visit.page.locator("main")).to_contain_text(
            re.compile("Våld"), timeout=IN_TIME
        )
    await asyncio.sleep(2)
    for visit in neighbours:
        assert "Våld" not in await _text(visit.page)
        assert await _text(visit.page) == before[visit]

    for visit, name in (
        (coordinator, "lagesbild-skrivbord"),
        (steering, "styrgrupp-vagg"),
        (neighbours[0], "lagesbild-skrivbord-mork"),
        (neighbours[1], "styrgrupp-skrivbord"),
    ):
        await visit.picture(name)
        assert await visit.axe() == [], name
    await coordinator.page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    await coordinator.picture("lagesbild-telefon")
    assert await coordinator.axe() == []
    await coordinator.page.set_viewport_size(DESK)  # type: ignore[arg-type]
    for visit in doorman.visits:
        assert visit.complaints == []


async def test_one_report_changes_an_open_page_within_two_seconds(
    tallbacka: Town, doorman: Doorman
) -> None:
    await live_through(tallbacka)
    coordinator = await doorman.member(tallbacka, "safety_coordinator", "/lagesbild")
    await expect(coordinator.page.locator("main")).to_contain_text("Krossade rutor", timeout=20_000)
    phone = await doorman.member(tallbacka, "reporter", "/rapportera", viewport=PHONE)
    # What the reader has unfolded and where the reader stands is left alone.
    folded = coordinator.page.locator("main details")
    await folded.evaluate_all("all => all.forEach(one => { one.open = true })")
    await coordinator.page.locator("summary", has_text="Visa kategorierna").focus()
    before = await _text(coordinator.page)
    await send_report(phone, area="Ruta 2", category="glass_breakage")
    arrived = time.monotonic()
    while await _text(coordinator.page) == before and time.monotonic() - arrived < 15:
        await asyncio.sleep(0.05)
    took = time.monotonic() - arrived
    assert took * 1000 < IN_TIME, f"the open page changed after {took:.1f} s"
    await asyncio.sleep(1)  # the other sections arrive by themselves
    assert await folded.evaluate_all("all => all.every(one => one.open)")
    focused = await coordinator.page.evaluate("document.activeElement.textContent")
    assert focused == "Visa kategorierna"
