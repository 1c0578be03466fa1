"""What may point out a person is marked while one types, in a real browser."""

import pytest
from playwright.async_api import expect

from tenants.scope import fetch_value
from tests.cycle.mapping.phone import phone
from tests.cycle.mapping.test_report_on_a_phone import choice, reports, violations

TYPED = "Ett tiotal vid ingången, Kim A på blå moped, ABC 12D."


@pytest.fixture
async def town(found):
    return await found("Tallbacka", areas=["Torget", "Parken"])


async def test_it_is_marked_where_it_stands_and_taken_out_with_a_tap(town):
    async with phone(town) as (page, _net):
        await page.goto("rapportera")
        await page.locator("label.tile").first.tap()
        await choice(page, "Torget").tap()
        await page.locator("#text").fill(TYPED)
        await expect(page.locator("#mirror mark")).to_have_text(["Kim A", "ABC 12D"])
        await expect(page.get_by_text("2 ställen kan peka ut en person.")).to_be_visible()
        # Behind the letters, so the mark stands where the word stands.
        typed = await page.locator("#text").bounding_box()
        assert typed == await page.locator("#mirror").bounding_box()
        assert await violations(page) == []
        await page.get_by_role("button", name="Ta bort det markerade").tap()
        await expect(page.locator("#guard mark")).to_have_count(0)
        await expect(page.locator("#text")).to_have_value("Ett tiotal vid ingången, på blå moped.")
        await expect(choice(page, "Torget").locator("input")).to_be_checked()
        # Nothing of it comes back from the draft.
        await page.goto("rapportera")
        await expect(page.locator("#text")).to_have_value("Ett tiotal vid ingången, på blå moped.")
    assert await reports(town) == 0


async def test_what_is_no_person_is_sent_and_read_by_the_coordinator_first(town):
    async with phone(town) as (page, _net):
        await page.goto("rapportera")
        await page.locator("label.tile").first.tap()
        await choice(page, "Torget").tap()
        await page.locator("#text").fill("Kim A satt kvar")
        await page.get_by_text("Det är ingen person").tap()
        # Typing on asks the guard anew, and the answer stands.
        await page.locator("#text").press_sequentially(" länge")
        await expect(page.locator("#mirror")).to_have_text("Kim A satt kvar länge")
        await expect(page.locator('[name="anyway"]')).to_be_checked()
        await page.get_by_role("button", name="Skicka rapport").tap()
        await expect(page.get_by_text("Samordnaren läser din beskrivning")).to_be_visible()
    async with town.scope():
        assert await fetch_value("SELECT text FROM held_text") == "Kim A satt kvar länge"


async def test_enter_in_the_search_field_sends_the_report(town):
    async with phone(town) as (page, _net):
        await page.goto("rapportera")
        await page.locator("label.tile").first.tap()
        await page.locator("#text").fill("Lugnt nu, men ABC123 stod där")
        await expect(page.locator("#mirror mark")).to_have_count(1)
        await choice(page, "Sök").tap()
        await page.locator("#area_name").fill("Torget")
        await page.locator("#area_name").press("Enter")
        # It was sent and refused, not taken out unasked.
        await expect(page.get_by_text("Ta bort det markerade ur").first).to_be_visible()
        await expect(page.locator("#text")).to_have_value("Lugnt nu, men ABC123 stod där")
