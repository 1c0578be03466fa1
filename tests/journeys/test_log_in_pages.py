"""The administrator's pages of log-ins and a person's own, reached by a surer log-in."""

import pytest
from playwright.async_api import expect

from tests.journeys.conftest import DESK, PHONE, Doorman
from tests.town import Town

ROOMS = {"telefon": (PHONE, False), "skrivbord-mork": (DESK, True)}


@pytest.mark.parametrize("room", ROOMS)
async def test_the_administrator_decides_about_a_log_in(
    tallbacka: Town, doorman: Doorman, room: str
) -> None:
    viewport, dark = ROOMS[room]
    place = f"/{tallbacka.slug}/inloggning"
    visit = await doorman.member(
        tallbacka, "tenant_admin", "/lagesbild", viewport=viewport, dark=dark
    )
    await visit.open(place)
    # The provider's page asks once more; what it then vouches for is enough.
    await visit.page.locator(f'button[value="{tallbacka.subject("tenant_admin")}"]').click()
    await expect(visit.page.locator("h1")).to_have_text("Inloggning i Tallbacka")
    for path, name in (
        (place, "inloggningar"),
        (f"{place}/local", "inloggning"),
        (f"{place}/foresla", "inloggning-foresla"),
        ("/konto", "konto"),
    ):
        await visit.open(path)
        await visit.picture(f"{name}-{room}")
        assert await visit.axe() == [], name
        width = await visit.page.evaluate("document.documentElement.scrollWidth")
        assert width <= viewport["width"], f"{name}: the page is wider than its window"
    await visit.open(f"{place}/local")
    await visit.page.get_by_label("Egen tabell för kommunen").check(force=True)
    await visit.page.get_by_label("Värden för acr").fill("loa3 = sju")
    await visit.page.get_by_role("button", name="Spara").click()
    await expect(visit.page.locator("#acr-error")).to_contain_text("Rad 1")
    await visit.picture(f"inloggning-fel-{room}")
    # The page of the picture is not the administrator's, and what was sent was refused.
    expected = ("403", "422")
    assert [one for one in visit.complaints if not any(n in one for n in expected)] == []
