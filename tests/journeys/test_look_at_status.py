"""The page on how the service is doing, on a phone, at a desk and in the dark."""

from playwright.async_api import expect

from tests.journeys.conftest import DESK, PHONE, Doorman
from tests.town import Town


async def test_the_status_page_reads_well_everywhere(tallbacka: Town, doorman: Doorman) -> None:
    for name, viewport, dark in (
        ("driftlage-telefon", PHONE, False),
        ("driftlage-skrivbord", DESK, False),
        ("driftlage-mork", DESK, True),
    ):
        visit = await doorman.member(
            tallbacka, "safety_coordinator", "/driftlage", viewport=viewport, dark=dark
        )
        await expect(visit.page.locator("h1")).to_have_text("Driftläge")
        await visit.picture(name)
        assert await visit.axe() == []
        assert visit.complaints == []
