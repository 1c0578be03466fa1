"""The inbox without a mouse: what waits is read, merged, rejected and taken back by keys."""

from typing import Any
from uuid import uuid4

from playwright.async_api import expect

from tenants.scope import fetch_value
from tests.journeys.conftest import PHONE, Doorman


async def hand_in(town: Any, organisation: str, **other: str) -> None:
    sent = {
        "report_id": str(uuid4()),
        "category": "unsettling_gathering",
        "place": "usual",
        "area": str(town.areas["Resecentrum"]),
        "when": "now",
    }
    answer = await town.post(
        "/rapportera", role="reporter", organisation=organisation, **sent | other
    )
    assert answer.status_code == 200


async def test_the_inbox_by_keyboard_alone(doorman: Doorman, found: Any) -> None:
    town = await found("Tallbacka", areas=["Resecentrum", "Kajen"])
    await hand_in(town, "Bostadsbolaget", text="Stor grupp vid taxizonen, ingen skadegörelse.")
    await hand_in(
        town, "Kommunen", category="noise", area=str(town.areas["Kajen"]),
        text="Kim A spelade högt", anyway="yes",
    )  # fmt: skip
    await hand_in(town, "Polisen", text="Cirka tio vid ingången, resenärer gick runt.")
    visit = await doorman.member(town, "safety_coordinator", "/inkorg")
    page = visit.page
    await expect(page.get_by_role("heading", level=1)).to_have_text("3 rapporter väntar")
    await expect(page.get_by_role("heading", name="Är det samma händelse?")).to_be_visible()
    assert await visit.axe() == []
    await visit.picture("inkorg")
    # Live: what comes in is there by itself, and the report that is read stays.
    await hand_in(town, "Bostadsbolaget", category="littering")
    await expect(page.get_by_role("heading", level=1)).to_have_text(
        "4 rapporter väntar", timeout=15_000
    )
    await expect(page.get_by_role("heading", name="Är det samma händelse?")).to_be_visible()
    await page.keyboard.press("s")
    await expect(page.get_by_text("Ihopslagen: ")).to_be_visible()
    await expect(page.locator("[data-case][aria-current]")).to_be_focused()
    async with town.scope():
        assert await fetch_value("SELECT count(*) FROM report_merge") == 1
    await page.keyboard.press("z")
    await expect(page.get_by_role("heading", level=1)).to_have_text("4 rapporter väntar")
    await expect(page.get_by_role("heading", name="Är det samma händelse?")).to_be_visible()
    async with town.scope():
        assert await fetch_value("SELECT count(*) FROM report_merge") == 0
    # Down to the held text, which is let go.
    await page.keyboard.press("j")
    await expect(page.locator(".work mark")).to_have_text("Kim A")
    await visit.picture("inkorg-halls-inne")
    await page.keyboard.press("p")
    await expect(page.locator(".work mark")).to_have_count(0)
    await page.keyboard.press("a")
    await expect(page.get_by_text("Avvisad: ")).to_be_visible()
    # Turned off, a key is only a letter.
    await page.locator("[data-keys]").click()
    await page.keyboard.press("a")
    await expect(page.get_by_role("heading", level=1)).to_have_text("3 rapporter väntar")
    assert visit.complaints == []


async def test_what_was_refused_stands_until_it_is_put_right(doorman: Doorman, found: Any) -> None:
    town = await found("Tallbacka", areas=["Resecentrum", "Kajen"])
    await hand_in(town, "Bostadsbolaget", text="Stor grupp vid taxizonen.")
    visit = await doorman.member(town, "safety_coordinator", "/inkorg")
    page = visit.page
    await page.get_by_text("Rätta eller stryk").click()
    await page.get_by_label("Plats", exact=True).select_option(label="Kajen")
    text = page.get_by_label("Texten som ska stå kvar")
    await text.fill("Stor grupp, ring 070-174 06 05")
    await page.get_by_role("button", name="Spara texten").click()
    alert = page.get_by_role("alert").filter(has_text="Ta bort det markerade")
    await expect(alert).to_be_visible()
    # Another report comes in while it is put right.
    await page.evaluate(
        """() => document.querySelector("#live").addEventListener(
               "inbox", () => { document.body.dataset.told = "yes"; })"""
    )
    await page.get_by_role("heading", level=2).click()
    await hand_in(town, "Polisen", category="littering")
    await expect(page.locator("body[data-told]")).to_have_count(1, timeout=15_000)
    await page.wait_for_timeout(1500)
    await expect(alert).to_be_visible()
    await expect(text).to_have_value("Stor grupp, ring 070-174 06 05")
    await expect(page.locator("#area option:checked")).to_have_text("Kajen")
    await text.fill("Stor grupp.")
    await page.get_by_role("button", name="Spara texten").click()
    await expect(alert).to_have_count(0)
    await expect(page.get_by_role("heading", level=1)).to_have_text("2 rapporter väntar")
    async with town.scope():
        assert await fetch_value("SELECT count(*) FROM report WHERE text = 'Stor grupp.'") == 1
    # And from then on what comes in is there by itself again.
    await hand_in(town, "Polisen", category="noise")
    await expect(page.get_by_role("heading", level=1)).to_have_text(
        "3 rapporter väntar", timeout=15_000
    )


async def test_the_inbox_fits_a_phone_in_the_dark(doorman: Doorman, found: Any) -> None:
    town = await found("Tallbacka", areas=["Resecentrum"])
    await hand_in(town, "Bostadsbolaget", text="Stor grupp vid taxizonen.")
    await hand_in(town, "Polisen", text="Cirka tio vid ingången.")
    visit = await doorman.member(town, "municipal_police", "/inkorg", viewport=PHONE, dark=True)
    assert await visit.page.evaluate("document.documentElement.scrollWidth") <= 390
    assert await visit.axe() == []
    await visit.picture("inkorg-telefon-mork")
