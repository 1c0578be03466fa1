"""Propose how a problem is to go before others: one such question at a time."""

import asyncio
from uuid import uuid4

import httpx

from tenants.scope import fetch_value
from tests.cycle.cases import opened_problem
from tests.cycle.measures.test_decide import chair, decide
from tests.town import Town


async def propose(
    town: Town, path: str, role: str = "steering_member", **changed: str
) -> httpx.Response:
    values = {"priority": "first", "text": "Signal två veckor i rad.", "form_id": str(uuid4())}
    return await town.post(f"{path}/prioritet", role=role, **values | changed)


async def test_a_steering_member_may_propose(tallbacka: Town) -> None:
    path = await opened_problem(tallbacka)
    assert (await propose(tallbacka, path)).status_code == 303
    section = (await tallbacka.get(f"{path}/_insatser", role="preparatory_member")).text
    assert "besluta om prioritet" in section and "Signal två veckor i rad." in section
    assert "Föreslå prioritet" not in section


async def test_two_at_once_one_waits_and_the_other_is_told(tallbacka: Town) -> None:
    path = await opened_problem(tallbacka)
    answers = await asyncio.gather(
        propose(tallbacka, path, text="Första skälet."),
        propose(tallbacka, path, role="preparatory_member", text="Annat skäl.", priority="watch"),
        propose(tallbacka, path, role="municipal_police", text="Tredje skälet."),
    )
    assert sorted(one.status_code for one in answers) == [303, 422, 422]
    for late in answers:
        if late.status_code == 422:
            assert "väntar redan på beslut" in late.text and "skäl" in late.text
    async with tallbacka.scope():
        assert await fetch_value("SELECT count(*) FROM proposal") == 1
        assert (
            await fetch_value("SELECT count(*) FROM audit_event WHERE verb = 'proposal.make'") == 1
        )


async def test_a_double_click_proposes_once(tallbacka: Town) -> None:
    path = await opened_problem(tallbacka)
    one = str(uuid4())
    answers = await asyncio.gather(*(propose(tallbacka, path, form_id=one) for _ in range(3)))
    assert {answer.status_code for answer in answers} == {303}
    async with tallbacka.scope():
        assert await fetch_value("SELECT count(*) FROM proposal") == 1


async def test_once_decided_another_may_be_proposed(tallbacka: Town) -> None:
    path = await opened_problem(tallbacka)
    await propose(tallbacka, path)
    async with tallbacka.scope():
        proposal = await fetch_value("SELECT id FROM proposal")
    await decide(tallbacka, await chair(tallbacka), proposal)
    assert (await propose(tallbacka, path, priority="watch")).status_code == 303


async def test_unfinished_is_told_and_kept(tallbacka: Town) -> None:
    path = await opened_problem(tallbacka)
    for changed, said in (({"priority": ""}, "Välj hur"), ({"text": ""}, "Skriv varför")):
        refused = await propose(tallbacka, path, **changed)
        assert refused.status_code == 422 and said in refused.text


async def test_who_may_not(tallbacka: Town) -> None:
    path = await opened_problem(tallbacka)
    for role in ("reporter", "steering_co_opted", "project_owner", "working_group_lead"):
        assert (await propose(tallbacka, path, role=role)).status_code == 403


async def test_the_neighbour_sees_nothing(tallbacka: Town, sjohaga: Town) -> None:
    path = await opened_problem(tallbacka)
    stranger = await sjohaga.client("steering_member")
    assert (await stranger.get(f"/{tallbacka.slug}{path}/prioritet")).status_code == 404
    assert (await propose(sjohaga, path)).status_code == 404
