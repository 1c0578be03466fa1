"""The rule of retention and its receipts, on a phone, at a desk and in the dark."""

from playwright.async_api import expect

from service.operations.dispose import dispose
from tests.journeys.conftest import DESK, PHONE, Doorman
from tests.operations.test_dispose import reported
from tests.town import Town


async def test_the_page_of_retention_reads_well_everywhere(
    tallbacka: Town, doorman: Doorman
) -> None:
    await reported(tallbacka, "Gammalt", months=25)
    async with tallbacka.scope():
        await dispose()
    for name, viewport, dark in (
        ("gallring-telefon", PHONE, False),
        ("gallring-skrivbord", DESK, False),
        ("gallring-mork", DESK, True),
    ):
        visit = await doorman.member(
            tallbacka, "records_officer", "/gallring", viewport=viewport, dark=dark
        )
        await expect(visit.page.locator("h1")).to_have_text("Gallring")
        await expect(visit.page.locator("table")).to_be_visible()
        await visit.picture(name)
        assert await visit.axe() == []
        assert visit.complaints == []
