"""The year's resources: the project owner sets the frame, decisions take from it."""

import asyncio

from service.council.resources.show import this_year
from tenants.scope import fetch, fetch_value
from tests.council.steering import CHAIR, DECISION, path, proposal_in, vote
from tests.town import Town

FRAME = {"money_kr": "1 600 000", "hours": "800"}


async def test_the_project_owner_sets_the_frame_and_sees_what_is_left(tallbacka: Town) -> None:
    proposal = await proposal_in(tallbacka)
    for frame in (FRAME | {"money_kr": "1"}, FRAME):
        answer = await tallbacka.post(
            "/styrgrupp/resurser", role="project_owner", year=this_year(), **frame
        )
        assert answer.status_code == 303
    await vote(tallbacka, proposal, CHAIR="for", VICE="for", SCHOOL="for")
    await tallbacka.post(path(proposal, "beslut"), role=CHAIR, **DECISION)
    page = (await tallbacka.get("/styrgrupp/resurser", role="project_owner")).text
    assert "<b>140\xa0000</b> av 1\xa0600\xa0000, 1\xa0460\xa0000 kvar" in page
    assert "<b>60</b> av 800, 740 kvar" in page
    async with tallbacka.scope():
        lines = await fetch("SELECT detail FROM audit_event WHERE verb = 'resources.set'")
        assert await fetch_value("SELECT count(*) FROM resource_frame") == 2
    assert len(lines) == 2


async def test_sent_twice_it_is_set_once(tallbacka: Town) -> None:
    await tallbacka.get("/styrgrupp/resurser", role="project_owner")
    form = FRAME | {"year": this_year()}
    answers = await asyncio.gather(
        *(tallbacka.post("/styrgrupp/resurser", role="project_owner", **form) for _press in "123")
    )
    assert {answer.status_code for answer in answers} == {303}
    async with tallbacka.scope():
        assert await fetch_value("SELECT count(*) FROM resource_frame") == 1
        lines = await fetch("SELECT detail FROM audit_event WHERE verb = 'resources.set'")
    assert len(lines) == 1


async def test_a_year_without_a_frame_says_so(tallbacka: Town) -> None:
    page = (await tallbacka.get("/styrgrupp/resurser", role=CHAIR)).text
    assert "Ingen ram är satt. Beviljat: 0 kr och 0 timmar." in page
    assert "Sätt årets ram" not in page
    assert "ingen ram är satt" in (await tallbacka.get("/styrgrupp", role=CHAIR)).text


async def test_next_year_is_a_year_of_its_own(tallbacka: Town) -> None:
    await tallbacka.post("/styrgrupp/resurser", role="project_owner", year=this_year() + 1, **FRAME)
    assert "ingen ram är satt" in (await tallbacka.get("/styrgrupp", role=CHAIR)).text
    page = (await tallbacka.get("/styrgrupp/resurser", role=CHAIR)).text
    assert f'<h3 class="num">{this_year() + 1}</h3>' in page


async def test_who_may_not(tallbacka: Town) -> None:
    for role in (CHAIR, "steering_co_opted", "safety_coordinator", "reporter"):
        answer = await tallbacka.post("/styrgrupp/resurser", role=role, year=this_year(), **FRAME)
        assert answer.status_code == 403, role
    async with tallbacka.scope():
        assert await fetch_value("SELECT count(*) FROM resource_frame") == 0


async def test_unfinished_input_is_kept(tallbacka: Town) -> None:
    answer = await tallbacka.post(
        "/styrgrupp/resurser", role="project_owner", year=1999, money_kr="mycket", hours=""
    )
    assert answer.status_code == 422
    for sentence in ("Välj i år eller nästa år.", "Skriv ett helt tal", "Noll går bra.", "mycket"):
        assert sentence in answer.text
    async with tallbacka.scope():
        assert await fetch_value("SELECT count(*) FROM resource_frame") == 0


async def test_the_neighbour_sees_nothing(tallbacka: Town, sjohaga: Town) -> None:
    await tallbacka.post("/styrgrupp/resurser", role="project_owner", year=this_year(), **FRAME)
    assert "1\xa0600\xa0000" not in (await sjohaga.get("/styrgrupp/resurser", role=CHAIR)).text
