"""An edition from its draft to its proof in a browser, on a phone and a desk."""

import pytest
from playwright.async_api import expect

from tests.cycle.picture.editions.test_draft import approved
from tests.journeys.conftest import DESK, PHONE, Doorman
from tests.journeys.past import live_through
from tests.town import Town

ROOMS = {"telefon": (PHONE, False), "skrivbord-mork": (DESK, True)}


@pytest.mark.parametrize("room", ROOMS)
async def test_an_edition_is_written_signed_and_proved(
    tallbacka: Town, doorman: Doorman, room: str
) -> None:
    viewport, dark = ROOMS[room]
    await live_through(tallbacka)
    await approved(tallbacka, "tertial")
    coordinator = await doorman.member(
        tallbacka, "safety_coordinator", "/lagesbild/utgavor", viewport=viewport, dark=dark
    )
    member = await doorman.member(tallbacka, "preparatory_member", "/lagesbild/utgavor")
    page = coordinator.page

    async def look(name: str) -> None:
        await coordinator.picture(f"{name}-{room}")
        assert await coordinator.axe() == [], name
        width = await page.evaluate("document.documentElement.scrollWidth")
        assert width <= viewport["width"], f"{name}: the page is wider than its window"

    await look("utgavor")
    await page.locator("#edition").select_option(index=1)
    await page.get_by_role("button", name="Börja på utkastet").click()
    await expect(page.locator("h1")).to_contain_text("Lägesbild")
    # Who prepares hears of the draft, reads it and says something, which shows where it is written.
    await member.page.locator("#drafts a").first.click(timeout=30_000)
    await member.page.get_by_label("Kommentera").fill("Nämn belysningen.")
    await member.page.get_by_role("button", name="Skicka kommentaren").click()
    await expect(page.locator("#comments")).to_contain_text("Nämn belysningen.", timeout=30_000)
    await page.locator('[name="summary"]').fill("Belysningen är bytt, och det märks.")
    await page.get_by_role("button", name="Spara texterna").click()
    await look("utkast")
    await page.get_by_role("button", name="Omhändertagen").click()
    await page.get_by_role("button", name="Fastställ utgåvan").click()
    await expect(page.locator("main")).to_contain_text("Väntar på underskrift: kommunpolis")
    await page.get_by_role("button", name="Pröva utgåvan").click()
    await expect(page.locator("#proof")).to_contain_text("Samma kontrollsumma")
    await look("utgava")
    await coordinator.open(f"/{tallbacka.slug}/lagesbild/utgavor")
    await page.get_by_role("button", name="Visa skillnaden").click()
    await expect(page.locator("main")).to_contain_text("Inte samma slags utgåvor.")
    await look("skillnad")
    assert coordinator.complaints == member.complaints == []
