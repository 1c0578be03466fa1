"""A municipality asks to come in and begins, seen on a phone and a desk."""

import pytest

from service.council.seats.lay_out import lay_out_seats
from tests.journeys.conftest import DESK, PHONE, Doorman
from tests.town import Town


@pytest.mark.parametrize("room", ["telefon", "skrivbord", "skrivbord-mork"])
async def test_the_pages_of_the_beginning(tallbacka: Town, doorman: Doorman, room: str) -> None:
    async with tallbacka.scope():
        await lay_out_seats()
    viewport = PHONE if room == "telefon" else DESK
    dark = room.endswith("mork")
    visit = await doorman.member(
        tallbacka, "safety_coordinator", "/kom-igang", viewport=viewport, dark=dark
    )
    for path in ("kom-igang", "kom-igang/omraden", "kom-igang/kategorier", "kom-igang/platser"):
        await visit.open(f"/{tallbacka.slug}/{path}")
        await visit.picture(f"{path.replace('/', '-')}-{room}")
        assert await visit.axe() == [], path
        width = await visit.page.evaluate("document.documentElement.scrollWidth")
        assert width <= viewport["width"], path
    await visit.open("/anslut")
    await visit.picture(f"anslut-{room}")
    assert await visit.axe() == []
    assert visit.complaints == []
