"""Every page, as whom it is for, on a phone and a desk: free of faults, and kept as a picture."""

import pytest
from playwright.async_api import expect

from tests.council import steering
from tests.council.year import a_year_of_steering
from tests.cycle.cases import problem_in_work
from tests.journeys.at_work import at_work
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
    ("safety_coordinator", "/lagesbild/traffar"),
    ("safety_coordinator", "/lagesbild/vikter"),
    ("safety_coordinator", "/lagesbild/niva"),
    ("reporter", "/lagesbild/metod"),
    ("safety_coordinator", "/aterkoppling"),
    ("safety_coordinator", "/aterkoppling/publicera"),
    ("steering_member", "/styrgrupp"),
    ("steering_member", "/lagesbild"),
    ("auditor", "/granskning"),
    ("records_officer", "/gallring"),
    ("working_group_member", "/uppdrag"),
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


PROBLEM_PAGES = [
    ("safety_coordinator", ""),
    ("safety_coordinator", "/notera"),
    ("safety_coordinator", "/orsak"),
    ("safety_coordinator", "/orsak/A"),
    ("safety_coordinator", "/fraga"),
    ("safety_coordinator", "/insats"),
    ("safety_coordinator", "/prioritet"),
    ("safety_coordinator", "/avsluta"),
    ("steering_member", ""),
    ("working_group_lead", ""),
]


@pytest.mark.parametrize("room", ROOMS)
async def test_pages_of_a_problem(tallbacka: Town, doorman: Doorman, room: str) -> None:
    path = await problem_in_work(tallbacka)
    viewport, dark = ROOMS[room]
    visits = {}
    for role, rest in [
        *((role, path + rest) for role, rest in PROBLEM_PAGES),
        ("steering_member", "/problem"),
        ("steering_member", "/insatser"),
        ("safety_coordinator", "/lagesbild"),
    ]:
        if role not in visits:
            visits[role] = await doorman.member(tallbacka, role, rest, viewport=viewport, dark=dark)
        visit = visits[role]
        await visit.open(f"/{tallbacka.slug}{rest}")
        name = f"{role}{rest.replace(path, '/ett-problem').replace('/', '-')}-{room}"
        await visit.picture(name)
        assert await visit.axe() == [], name
        width = await visit.page.evaluate("document.documentElement.scrollWidth")
        assert width <= viewport["width"], f"{name}: the page is wider than its window"
    assert [visit.complaints for visit in visits.values() if visit.complaints] == []


@pytest.mark.parametrize("room", ROOMS)
async def test_pages_of_the_work(tallbacka: Town, doorman: Doorman, room: str) -> None:
    work = await at_work(tallbacka)
    viewport, dark = ROOMS[room]
    coordinator = await doorman.member(
        tallbacka, "safety_coordinator", "/moten", viewport=viewport, dark=dark
    )
    officer = await doorman.member(
        tallbacka, "reporter", "/uppdrag", organisation="Polisen", viewport=viewport, dark=dark
    )
    for visit, name, path in (
        (officer, "uppdrag", "/uppdrag"),
        (officer, "arbetsgruppens-problem", work.problem),
        (coordinator, "problem-i-arbete", work.problem),
        (coordinator, "arbetsgrupp-bjud-in", f"{work.problem}/grupp"),
        (coordinator, "uppgift-ny", f"{work.problem}/uppgift"),
        (coordinator, "uppgift", work.task),
        (coordinator, "uppfoljning", "/uppfoljning"),
        (coordinator, "uppfoljning-formular", work.follow_up),
        (coordinator, "moten", "/moten"),
        (coordinator, "mote", work.meeting),
        (coordinator, "protokoll", f"{work.meeting}/protokoll"),
    ):
        await visit.open(f"/{tallbacka.slug}{path}")
        await visit.picture(f"{name}-{room}")
        assert await visit.axe() == [], name
        width = await visit.page.evaluate("document.documentElement.scrollWidth")
        assert width <= viewport["width"], f"{name}: the page is wider than its window"
    assert coordinator.complaints == officer.complaints == []


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


@pytest.mark.parametrize("room", ROOMS)
async def test_pages_of_the_steering_group(found, doorman: Doorman, room: str) -> None:
    tallbacka = await found("Tallbacka", areas=6)
    decided, waiting = await a_year_of_steering(tallbacka)
    viewport, dark = ROOMS[room]
    for role, path, name in (
        (steering.CHAIR, "/styrgrupp", "tavla"),
        (steering.CHAIR, steering.path(waiting), "forslag"),
        (steering.POLICE_CHIEF, steering.path(waiting), "forslag-adjungerad"),
        (steering.SCHOOL, steering.path(decided), "beslut"),
        ("project_owner", "/styrgrupp/beslut", "alla-beslut"),
        ("project_owner", "/styrgrupp/resurser", "resurser"),
        ("project_owner", "/styrgrupp/platser", "platser"),
    ):
        visit = await doorman.member(tallbacka, role, path, viewport=viewport, dark=dark)
        await visit.picture(f"styrgrupp-{name}-{room}")
        assert await visit.axe() == [], name
        width = await visit.page.evaluate("document.documentElement.scrollWidth")
        assert width <= viewport["width"], f"{name}: the page is wider than its window"
        assert visit.complaints == [], name
        if name == "alla-beslut":
            await visit.page.emulate_media(media="print")
            await visit.picture(f"styrgrupp-{name}-papper-{room}")


async def test_the_dashboard_fills_a_wall(found, doorman: Doorman) -> None:
    tallbacka = await found("Tallbacka", areas=6)
    await a_year_of_steering(tallbacka)
    visit = await doorman.member(tallbacka, "steering_co_opted", "/styrgrupp", viewport=WALL)
    await expect(visit.page.locator("main")).to_contain_text("Fältpass vid resecentrum")
    await visit.picture("styrgrupp-vagg")
    assert await visit.page.evaluate("document.documentElement.scrollHeight") <= WALL["height"]
    # With room for the line that a generated municipality has over its pages.
    board = "document.getElementById('board').getBoundingClientRect().bottom"
    assert await visit.page.evaluate(board) <= WALL["height"] - 40
    assert await visit.axe() == []
