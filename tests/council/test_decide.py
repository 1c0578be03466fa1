"""Decide a proposal: by the votes of the seats, once."""

import asyncio
from typing import Any

import pytest

from tenants.scope import execute, fetch, fetch_row
from tests.council.steering import (
    CHAIR,
    CULTURE,
    DECISION,
    POLICE_CHIEF,
    SCHOOL,
    VICE,
    path,
    proposal_in,
    vote,
)
from tests.town import Town


async def decision(town: Town) -> Any:
    async with town.scope():
        return await fetch_row("SELECT * FROM decision")


async def test_the_majority_decides_and_less_may_be_granted(tallbacka: Town) -> None:
    proposal = await proposal_in(tallbacka)
    await vote(tallbacka, proposal, CHAIR="against", VICE="for", SCHOOL="for")
    answer = await tallbacka.post(
        path(proposal, "beslut"), role=CHAIR, **DECISION | {"cost_kr": "100 000", "hours": "40"}
    )
    assert answer.status_code == 303
    row = await decision(tallbacka)
    assert (row["outcome"], row["cost_kr"], row["hours"]) == ("approved", 100_000, 40)
    assert (row["votes_for"], row["votes_against"], row["abstained"]) == (2, 1, 0)
    page = (await tallbacka.get(path(proposal), role=POLICE_CHIEF)).text
    assert "§ 1/" in page and "bifall" in page and "Behövs före vintern." in page
    assert "100\xa0000 kr, 40 timmar" in page and "föreslaget 140\xa0000 kr, 60 timmar" in page
    async with tallbacka.scope():
        lines = await fetch("SELECT verb FROM audit_event WHERE verb = 'proposal.decide'")
    assert len(lines) == 1


async def test_the_majority_against_rejects_and_grants_nothing(tallbacka: Town) -> None:
    proposal = await proposal_in(tallbacka)
    await vote(tallbacka, proposal, CHAIR="against", VICE="against", SCHOOL="for")
    await tallbacka.post(path(proposal, "beslut"), role=VICE, **DECISION)
    row = await decision(tallbacka)
    assert (row["outcome"], row["cost_kr"], row["hours"]) == ("rejected", 0, 0)


@pytest.mark.parametrize(("own", "outcome"), [("for", "approved"), ("against", "rejected")])
async def test_a_tie_goes_by_the_presiding_persons_own_vote(
    tallbacka: Town, own: str, outcome: str
) -> None:
    proposal = await proposal_in(tallbacka)
    other = "against" if own == "for" else "for"
    await vote(tallbacka, proposal, CHAIR=own, VICE=other, SCHOOL=own, CULTURE=other)
    await tallbacka.post(path(proposal, "beslut"), role=CHAIR, **DECISION)
    assert (await decision(tallbacka))["outcome"] == outcome


async def test_a_tie_without_the_presiding_persons_own_vote_waits_for_it(tallbacka: Town) -> None:
    proposal = await proposal_in(tallbacka)
    await vote(tallbacka, proposal, CHAIR="abstain", VICE="for", SCHOOL="against")
    answer = await tallbacka.post(path(proposal, "beslut"), role=CHAIR, **DECISION)
    assert answer.status_code == 422 and "Rösterna väger lika." in answer.text
    assert "Behövs före vintern.</textarea>" in answer.text
    assert await decision(tallbacka) is None


async def test_referred_back(tallbacka: Town) -> None:
    proposal = await proposal_in(tallbacka)
    await vote(tallbacka, proposal, CHAIR="for", VICE="for", SCHOOL="for")
    await tallbacka.post(
        path(proposal, "beslut"), role=CHAIR, **DECISION | {"way": "referred_back"}
    )
    row = await decision(tallbacka)
    assert (row["outcome"], row["cost_kr"], row["votes_for"]) == ("referred_back", 0, 3)
    assert "återremiss" in (await tallbacka.get(path(proposal), role=SCHOOL)).text


async def test_too_few_votes_are_said_clearly(tallbacka: Town) -> None:
    proposal = await proposal_in(tallbacka)
    await vote(tallbacka, proposal, CHAIR="for", VICE="for")
    answer = await tallbacka.post(path(proposal, "beslut"), role=CHAIR, **DECISION)
    assert answer.status_code == 422
    assert "2 av 4 platser har röstat. Beslutet kräver minst 3 röster." in answer.text
    assert "Behövs före vintern.</textarea>" in answer.text
    # A seat that falls vacant is no longer counted.
    async with tallbacka.scope():
        await execute(
            "UPDATE membership SET seat = NULL WHERE person_id = $1",
            await tallbacka.add_member(CULTURE),
        )
    answer = await tallbacka.post(path(proposal, "beslut"), role=CHAIR, **DECISION)
    assert answer.status_code == 303 and (await decision(tallbacka))["outcome"] == "approved"


async def test_a_vote_of_who_has_left_the_seat_does_not_count(tallbacka: Town) -> None:
    proposal = await proposal_in(tallbacka)
    await vote(tallbacka, proposal, CHAIR="for", VICE="against", SCHOOL="against")
    async with tallbacka.scope():
        await execute(
            """UPDATE membership SET valid_from = now() - interval '1 year',
                      valid_to = now() - interval '2 minutes' WHERE person_id = $1""",
            await tallbacka.add_member(SCHOOL),
        )
    answer = await tallbacka.post(path(proposal, "beslut"), role=CHAIR, **DECISION)
    assert answer.status_code == 303
    row = await decision(tallbacka)
    assert (row["votes_for"], row["votes_against"], row["outcome"]) == (1, 1, "approved")


async def test_who_may_not(tallbacka: Town) -> None:
    proposal = await proposal_in(tallbacka)
    await vote(tallbacka, proposal, CHAIR="for", VICE="for", SCHOOL="for")
    for role in (POLICE_CHIEF, "project_owner", "safety_coordinator", SCHOOL):
        answer = await tallbacka.post(path(proposal, "beslut"), role=role, **DECISION)
        assert answer.status_code == 403, role
    assert 'id="decide"' not in (await tallbacka.get(path(proposal), role=SCHOOL)).text
    assert 'id="decide"' in (await tallbacka.get(path(proposal), role=VICE)).text
    assert await decision(tallbacka) is None


async def test_unfinished_input_is_kept(tallbacka: Town) -> None:
    proposal = await proposal_in(tallbacka)
    await vote(tallbacka, proposal, CHAIR="for", VICE="for", SCHOOL="for")
    answer = await tallbacka.post(
        path(proposal, "beslut"), role=CHAIR, way="", motive=" ", cost_kr="tolv", hours="-3"
    )
    assert answer.status_code == 422
    for sentence in (
        "Välj om rösterna avgör",
        "Skriv en motivering.",
        "Skriv ett helt tal med siffror",
        'value="tolv"',
        'value="-3"',
    ):
        assert sentence in answer.text
    much = await tallbacka.post(
        path(proposal, "beslut"), role=CHAIR, **DECISION | {"cost_kr": "1000000001"}
    )
    assert much.status_code == 422 and "Talet är för stort" in much.text
    assert await decision(tallbacka) is None


async def test_a_withdrawn_proposal_is_not_decided(tallbacka: Town) -> None:
    proposal = await proposal_in(tallbacka)
    await vote(tallbacka, proposal, CHAIR="for", VICE="for", SCHOOL="for")
    async with tallbacka.scope():
        await execute(
            """INSERT INTO proposal_withdrawal (tenant_id, proposal_id, motive, withdrawn_by)
               SELECT tenant_id, id, 'Underlaget var fel.', proposed_by FROM proposal"""
        )
    answer = await tallbacka.post(path(proposal, "beslut"), role=CHAIR, **DECISION)
    assert answer.status_code == 422 and "Förslaget drogs tillbaka av" in answer.text
    assert "Behövs före vintern.</textarea>" in answer.text
    late = await tallbacka.post(path(proposal, "rost"), role=CULTURE, choice="for")
    assert late.status_code == 422 and "Förslaget drogs tillbaka av" in late.text
    assert await decision(tallbacka) is None
    page = (await tallbacka.get(path(proposal), role=CHAIR)).text
    assert "Underlaget var fel." in page and 'id="decide"' not in page


async def test_two_who_decide_at_the_same_moment(tallbacka: Town) -> None:
    proposal = await proposal_in(tallbacka)
    await vote(tallbacka, proposal, CHAIR="for", VICE="for", SCHOOL="for")
    for role in (CHAIR, VICE):
        await tallbacka.client(role)
    both = await asyncio.gather(
        tallbacka.post(path(proposal, "beslut"), role=CHAIR, **DECISION | {"motive": "Ordf."}),
        tallbacka.post(path(proposal, "beslut"), role=VICE, **DECISION | {"motive": "Vice."}),
    )
    first, second = sorted(both, key=lambda one: one.status_code)
    assert (first.status_code, second.status_code) == (303, 422)
    row = await decision(tallbacka)
    kept = "Vice." if row["motive"] == "Ordf." else "Ordf."
    assert "Förslaget är redan avgjort: bifall, § 1/" in second.text
    assert f"{kept}</textarea>" in second.text
    async with tallbacka.scope():
        lines = await fetch("SELECT verb FROM audit_event WHERE verb = 'proposal.decide'")
    assert len(lines) == 1


async def test_over_the_frame_is_allowed_and_said_before_and_after(tallbacka: Town) -> None:
    proposal = await proposal_in(tallbacka)
    await tallbacka.post(
        "/styrgrupp/resurser",
        role="project_owner",
        year=(await _year(tallbacka)),
        money_kr="100 000",
        hours="50",
    )
    page = (await tallbacka.get(path(proposal), role=CHAIR)).text
    assert "Kostnaden 140\xa0000 kr är 40\xa0000 kr mer än det som är kvar av årets ram." in page
    assert "De 60 timmarna är 10 fler" in page
    await vote(tallbacka, proposal, CHAIR="for", VICE="for", SCHOOL="for")
    answer = await tallbacka.post(path(proposal, "beslut"), role=CHAIR, **DECISION)
    assert answer.status_code == 303
    page = (await tallbacka.get(path(proposal), role=CHAIR)).text
    assert "Årets ram är överskriden med 40\xa0000 kr." in page
    assert "överskriden" in (await tallbacka.get("/styrgrupp/resurser", role=CHAIR)).text
    assert "40\xa0000 över ramen" in (await tallbacka.get("/styrgrupp", role=CHAIR)).text


async def _year(town: Town) -> int:
    async with town.scope():
        row = await fetch_row("SELECT extract(year FROM now() AT TIME ZONE 'Europe/Stockholm') y")
    return int(row["y"]) if row else 0
