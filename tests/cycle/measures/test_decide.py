"""Write a decision: once, numbered without gaps, never on what was withdrawn."""

import asyncio
from uuid import UUID, uuid4

import pytest

from service.cycle.measures.decide import (
    AlreadyDecided,
    Decided,
    NoSuchProposal,
    Withdrawn,
    write_decision,
)
from tenants.members import Member
from tenants.municipalities import municipality_by_slug
from tenants.scope import execute, fetch, fetch_value
from tests.cycle.cases import opened_problem, waiting_proposal
from tests.town import Town


async def chair(town: Town) -> Member:
    municipality = await municipality_by_slug(town.slug)
    assert municipality is not None
    return Member(
        person_id=await town.add_member("steering_member"),
        name="Prov Ordförande",
        municipality=municipality,
        roles=frozenset(),
        organisation_id=town.organisations["Kommunen"],
        organisation_name="Kommunen",
        is_authority=True,
        seat="board_chair",
    )


async def decide(town: Town, by: Member, proposal: UUID, outcome="approved", **values):
    async with town.scope():
        return await write_decision(
            by=by, proposal_id=proposal, outcome=outcome, motive="Underlaget bär.", **values
        )


async def test_a_decision_is_written_with_its_paragraph(tallbacka: Town) -> None:
    path = await opened_problem(tallbacka)
    by = await chair(tallbacka)
    first = await decide(
        tallbacka,
        by,
        await waiting_proposal(tallbacka, path),
        cost_kr=140000,
        hours=60,
        votes_for=6,
        votes_against=1,
    )
    second = await decide(
        tallbacka,
        by,
        await waiting_proposal(tallbacka, path, kind="priority"),
        "rejected",
        cost_kr=5,
        hours=5,
    )
    assert isinstance(first, Decided) and isinstance(second, Decided)
    assert (first.paragraph, second.paragraph) == (1, 2)
    async with tallbacka.scope():
        rows = await fetch(
            "SELECT outcome, cost_kr, hours, votes_for, votes_against FROM decision"
            " ORDER BY paragraph"
        )
        lines = await fetch_value("SELECT count(*) FROM audit_event WHERE verb = 'proposal.decide'")
    # What is refused is given nothing.
    assert [tuple(row) for row in rows] == [
        ("approved", 140000, 60, 6, 1),
        ("rejected", 0, 0, 0, 0),
    ]
    assert lines == 2


async def test_two_at_the_same_moment_decide_once(tallbacka: Town) -> None:
    path = await opened_problem(tallbacka)
    by = await chair(tallbacka)
    proposal = await waiting_proposal(tallbacka, path)
    answers = await asyncio.gather(
        *(decide(tallbacka, by, proposal, outcome) for outcome in ("approved", "rejected"))
    )
    assert sorted(type(one).__name__ for one in answers) == ["AlreadyDecided", "Decided"]
    assert {one.paragraph for one in answers} == {1}
    async with tallbacka.scope():
        assert await fetch_value("SELECT count(*) FROM decision") == 1
        assert (
            await fetch_value("SELECT count(*) FROM audit_event WHERE verb = 'proposal.decide'")
            == 1
        )


async def test_several_proposals_at_once_get_a_paragraph_each(tallbacka: Town) -> None:
    path = await opened_problem(tallbacka)
    by = await chair(tallbacka)
    proposals = [await waiting_proposal(tallbacka, path) for _ in range(5)]
    answers = await asyncio.gather(*(decide(tallbacka, by, one) for one in proposals))
    assert sorted(one.paragraph for one in answers) == [1, 2, 3, 4, 5]


async def test_what_was_withdrawn_is_not_decided(tallbacka: Town) -> None:
    path = await opened_problem(tallbacka)
    by = await chair(tallbacka)
    proposal = await waiting_proposal(tallbacka, path)
    async with tallbacka.scope():
        await execute(
            """INSERT INTO proposal_withdrawal (tenant_id, proposal_id, motive, withdrawn_by)
               VALUES (ks.current_tenant(), $1, 'Gjort redan', $2)""",
            proposal,
            by.person_id,
        )
    assert isinstance(await decide(tallbacka, by, proposal), Withdrawn)
    async with tallbacka.scope():
        assert await fetch_value("SELECT count(*) FROM decision") == 0


async def test_a_second_decision_leaves_the_first(tallbacka: Town) -> None:
    path = await opened_problem(tallbacka)
    by = await chair(tallbacka)
    proposal = await waiting_proposal(tallbacka, path)
    await decide(tallbacka, by, proposal)
    assert isinstance(await decide(tallbacka, by, proposal, "rejected"), AlreadyDecided)
    async with tallbacka.scope():
        assert await fetch_value("SELECT outcome FROM decision") == "approved"


async def test_the_neighbour_s_proposal_is_none(tallbacka: Town, sjohaga: Town) -> None:
    path = await opened_problem(tallbacka)
    proposal = await waiting_proposal(tallbacka, path)
    by = await chair(sjohaga)
    for unknown in (proposal, uuid4()):
        with pytest.raises(NoSuchProposal):
            await decide(sjohaga, by, unknown)
