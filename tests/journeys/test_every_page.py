"""Every page, as whom it is for, on a phone and a desk: free of faults, and kept as a picture."""

import pytest
from playwright.async_api import expect

from tests.journeys.conftest import DESK, PHONE, WALL, Doorman
from tests.journeys.past import live_through
from tests.town import Town

PAGES = [
    ("reporter", "/rapportera"),
    ("reporter", "/rapporter"),
    ("reporter", "/lagesbild"),
    ("reporter", "/aterkoppling"),
    ("reporter", "/rapportera/inget"),
    ("safety_coordinator", "/inkorg"),
    ("safety_coordinator", "/tackning"),
    ("safety_coordinator", "/rapporter"),
    ("safety_coordinator", "/lagesbild"),
    ("safety_coordinator", "/lagesbild/tabell"),
    ("safety_coordinator", "/aterkoppling"),
    ("safety_coordinator", "/aterkoppling/publicera"),
    ("steering_member", "/styrgrupp"),
    ("steering_member", "/lagesbild"),
    ("auditor", ""),
]
ROOMS = {"telefon": (PHONE, False), "skrivbord-mork": (DESK, True)}


@pytest.mark.parametrize("room", ROOMS)
async def test_pages_of_a_municipality(tallbacka: Town, doorman: Doorman, room: str) -> None:
    await live_through(tallbacka)
    viewport, dark = ROOMS[room]
    visits = {}
    for role, path in PAGES:
        if role not in visits:
            visits[role] = await doorman.member(tallbacka, role, path, viewport=viewport, dark=dark)
        visit = visits[role]
        await visit.open(f"/{tallbacka.slug}{path}")
        if path == "/lagesbild" and role != "reporter":
            await expect(visit.page.locator("main")).to_contain_text(
                "Krossade rutor", timeout=20_000
            )
        name = f"{role}{path.replace('/', '-')}-{room}"
        await visit.picture(name)
        assert await visit.axe() == [], name
        width = await visit.page.evaluate("document.documentElement.scrollWidth")
        assert width <= viewport["width"], f"{name}: the page is wider than its window"
    assert [visit.complaints for visit in visits.values() if visit.complaints] == []


@pytest.mark.parametrize("room", ROOMS)
async def test_pages_outside_a_municipality(tallbacka: Town, doorman: Doorman, room: str) -> None:
    viewport, dark = ROOMS[room]
    visit = await doorman.visitor(viewport=viewport, dark=dark)
    for path, name in (
        ("/", "start"),
        (f"/{tallbacka.slug}/tryggt", "tryggt"),
        ("/logga-in", "logga-in"),
        ("/finns/inte", "fel-404"),
        ("/auth/callback/local?state=x&code=y", "fel-inloggning"),
    ):
        await visit.open(path)
        await visit.picture(f"{name}-{room}")
        assert await visit.axe() == [], name


async def test_the_dashboard_fills_a_wall(tallbacka: Town, doorman: Doorman) -> None:
    await live_through(tallbacka)
    visit = await doorman.member(tallbacka, "steering_co_opted", "/styrgrupp", viewport=WALL)
    await expect(visit.page.locator("main")).to_contain_text("Krossade rutor", timeout=20_000)
    assert await visit.page.evaluate("document.documentElement.scrollHeight") <= WALL["height"]
    await visit.picture("styrgrupp-vagg")
    assert await visit.axe() == []
