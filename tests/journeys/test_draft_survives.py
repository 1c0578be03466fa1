"""A session that ends while somebody writes loses nothing: what stands there is sent afterwards."""

import pytest
from playwright.async_api import expect

from tenants.scope import execute, fetch_value, platform_scope
from tests.journeys.conftest import PHONE, Doorman
from tests.town import Town

ENDS = {
    "idle": "UPDATE session SET seen_at = now() - interval '31 minutes' WHERE person_id = $1",
    "too old": "UPDATE session SET created_at = now() - interval '11 hours' WHERE person_id = $1",
    "ended elsewhere": "DELETE FROM session WHERE person_id = $1",
}


@pytest.mark.parametrize("end", ENDS)
async def test_the_draft_survives_the_log_in(tallbacka: Town, doorman: Doorman, end: str) -> None:
    visit = await doorman.member(tallbacka, "reporter", "/rapportera", viewport=PHONE)
    page, person = visit.page, await tallbacka.add_member("reporter")
    await page.locator("label.tile").first.tap()
    await page.get_by_label("Beskrivning").fill("Två lampor släckta vid trappan")
    async with platform_scope():
        await execute(ENDS[end], person)
    await page.get_by_role("button", name="Skicka rapport").tap()
    # Asked to log in; nothing has been stored and nothing thrown away.
    await expect(page.locator("#failure")).to_contain_text("Logga in")
    async with tallbacka.scope():
        assert await fetch_value("SELECT count(*) FROM report") == 0
    await visit.open(f"/logga-in?next=/{tallbacka.slug}/rapportera")
    await page.locator(f'button[value="{tallbacka.subject("reporter")}"]').tap()
    await page.wait_for_url(f"**/{tallbacka.slug}/rapportera")
    await expect(page.get_by_label("Beskrivning")).to_have_value("Två lampor släckta vid trappan")
    await expect(page.locator("label.tile").first.locator("input")).to_be_checked()
    await page.locator('input[name="area"]').first.check(force=True)
    await page.get_by_role("button", name="Skicka rapport").tap()
    await expect(page.get_by_role("heading", name="Mottagen")).to_be_visible()
    async with tallbacka.scope():
        assert await fetch_value("SELECT text FROM report") == "Två lampor släckta vid trappan"
    assert await page.evaluate("Object.keys(localStorage)") == []
