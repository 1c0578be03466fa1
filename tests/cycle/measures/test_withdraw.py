"""Withdraw a proposal that waits; what was decided stays decided."""

import asyncio
from uuid import UUID, uuid4

import httpx

from tenants.scope import fetch_value
from tests.cycle.cases import opened_problem, waiting_proposal
from tests.cycle.measures.test_decide import chair, decide
from tests.town import Town


async def withdraw(
    town: Town, path: str, proposal: UUID, role: str = "preparatory_member", motive: str = "Gjort."
) -> httpx.Response:
    return await town.post(f"{path}/forslag/{proposal}/dra-tillbaka", role=role, motive=motive)


async def test_withdrawn_with_a_motive(tallbacka: Town) -> None:
    path = await opened_problem(tallbacka)
    proposal = await waiting_proposal(tallbacka, path)
    for _ in range(2):
        assert (await withdraw(tallbacka, path, proposal)).status_code == 303
    section = (await tallbacka.get(f"{path}/_insatser", role="preparatory_member")).text
    assert "Tillbakadragen" in section and "Gjort." in section and "Föreslå igen" in section
    async with tallbacka.scope():
        lines = await fetch_value(
            "SELECT count(*) FROM audit_event WHERE verb = 'proposal.withdraw'"
        )
    assert lines == 1


async def test_decided_first_it_stays_decided(tallbacka: Town) -> None:
    path = await opened_problem(tallbacka)
    proposal = await waiting_proposal(tallbacka, path)
    await decide(tallbacka, await chair(tallbacka), proposal)
    refused = await withdraw(tallbacka, path, proposal, motive="Vi ångrar oss.")
    assert refused.status_code == 422
    assert "hann besluta" in refused.text and "Vi ångrar oss." in refused.text


async def test_withdrawn_and_decided_at_the_same_moment_it_ends_once(tallbacka: Town) -> None:
    path = await opened_problem(tallbacka)
    by = await chair(tallbacka)
    await tallbacka.client("preparatory_member")
    for _ in range(4):
        proposal = await waiting_proposal(tallbacka, path)
        await asyncio.gather(withdraw(tallbacka, path, proposal), decide(tallbacka, by, proposal))
        async with tallbacka.scope():
            ends = await fetch_value(
                """SELECT (SELECT count(*) FROM decision WHERE proposal_id = $1)
                        + (SELECT count(*) FROM proposal_withdrawal WHERE proposal_id = $1)""",
                proposal,
            )
        assert ends == 1


async def test_a_steering_member_withdraws_the_own_priority_alone(tallbacka: Town) -> None:
    path = await opened_problem(tallbacka)
    others = await waiting_proposal(tallbacka, path, kind="priority")
    measure = await waiting_proposal(tallbacka, path)
    for proposal in (others, measure):
        answer = await withdraw(tallbacka, path, proposal, role="steering_member")
        assert answer.status_code == 403
    await withdraw(tallbacka, path, others)
    await tallbacka.post(
        f"{path}/prioritet",
        role="steering_member",
        priority="watch",
        text="Skäl",
        form_id=str(uuid4()),
    )
    async with tallbacka.scope():
        own = await fetch_value("SELECT id FROM proposal WHERE priority = 'watch'")
    assert (await withdraw(tallbacka, path, own, role="steering_member")).status_code == 303


async def test_unfinished_is_told(tallbacka: Town) -> None:
    path = await opened_problem(tallbacka)
    proposal = await waiting_proposal(tallbacka, path)
    refused = await withdraw(tallbacka, path, proposal, motive="")
    assert refused.status_code == 422 and "Skriv varför." in refused.text


async def test_who_may_not(tallbacka: Town) -> None:
    path = await opened_problem(tallbacka)
    proposal = await waiting_proposal(tallbacka, path)
    for role in ("reporter", "steering_co_opted", "project_owner", "working_group_lead"):
        assert (await withdraw(tallbacka, path, proposal, role=role)).status_code == 403


async def test_the_neighbour_sees_nothing(tallbacka: Town, sjohaga: Town) -> None:
    path, there = await opened_problem(tallbacka), await opened_problem(sjohaga)
    proposal = await waiting_proposal(tallbacka, path)
    assert (await withdraw(sjohaga, there, proposal)).status_code == 404
    assert (await withdraw(sjohaga, there, uuid4())).status_code == 404
