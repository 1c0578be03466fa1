"""Reserve oneself against a decision that one took part in."""

from tenants.scope import execute, fetch, fetch_value
from tests.council.steering import (
    CHAIR,
    CULTURE,
    DECISION,
    HOUSING,
    POLICE_CHIEF,
    SCHOOL,
    VICE,
    path,
    proposal_in,
    seated,
    vote,
)
from tests.town import Town

TEXT = "Pengarna behövs till fältarbetet."


async def test_who_voted_otherwise_reserves_and_only_once(tallbacka: Town) -> None:
    proposal = await proposal_in(tallbacka)
    await vote(tallbacka, proposal, CHAIR="for", VICE="for", SCHOOL="against")
    early = await tallbacka.post(path(proposal, "reservation"), role=SCHOOL, reservation=TEXT)
    assert early.status_code == 422 and "inget beslut att reservera sig mot" in early.text
    await tallbacka.post(path(proposal, "beslut"), role=CHAIR, **DECISION)
    assert 'id="reserve"' in (await tallbacka.get(path(proposal), role=SCHOOL)).text
    done = await tallbacka.post(path(proposal, "reservation"), role=SCHOOL, reservation=TEXT)
    assert done.status_code == 303
    twice = await tallbacka.post(path(proposal, "reservation"), role=SCHOOL, reservation=TEXT)
    assert twice.status_code == 303
    again = await tallbacka.post(path(proposal, "reservation"), role=SCHOOL, reservation="Och så")
    assert again.status_code == 422 and "Du har redan reserverat dig." in again.text
    page = (await tallbacka.get(path(proposal), role=POLICE_CHIEF)).text
    assert TEXT in page and "Och så" not in page
    assert "1 reservation" in (await tallbacka.get("/styrgrupp/beslut", role=VICE)).text
    async with tallbacka.scope():
        lines = await fetch("SELECT detail FROM audit_event WHERE verb = 'proposal.reserve'")
    assert [one["detail"] for one in lines] == ["{}"]


async def test_who_may_not(tallbacka: Town) -> None:
    proposal = await proposal_in(tallbacka)
    await vote(tallbacka, proposal, CHAIR="for", VICE="for", SCHOOL="against")
    await tallbacka.post(path(proposal, "beslut"), role=CHAIR, **DECISION)
    for role in (POLICE_CHIEF, "project_owner", CULTURE):
        answer = await tallbacka.post(path(proposal, "reservation"), role=role, reservation=TEXT)
        assert answer.status_code == 403, role
    answer = await tallbacka.post(path(proposal, "reservation"), role=VICE, reservation=TEXT)
    assert answer.status_code == 422 and "Du röstade för det som beslutades." in answer.text
    async with tallbacka.scope():
        assert await fetch_value("SELECT count(*) FROM reservation") == 0


async def test_unfinished_input_is_kept(tallbacka: Town) -> None:
    proposal = await proposal_in(tallbacka)
    await vote(tallbacka, proposal, CHAIR="for", VICE="for", SCHOOL="against")
    await tallbacka.post(path(proposal, "beslut"), role=CHAIR, **DECISION)
    long = "x" * 1001
    answer = await tallbacka.post(path(proposal, "reservation"), role=SCHOOL, reservation=long)
    assert answer.status_code == 422 and long in answer.text
    answer = await tallbacka.post(path(proposal, "reservation"), role=SCHOOL)
    assert answer.status_code == 422 and "Skriv varför du inte står bakom" in answer.text


async def test_two_of_one_name_reserve_each(tallbacka: Town) -> None:
    proposal = await proposal_in(tallbacka)
    await seated(tallbacka, HOUSING)
    await vote(
        tallbacka, proposal, CHAIR="for", VICE="for", HOUSING="for", SCHOOL="against",
        CULTURE="against",
    )  # fmt: skip
    async with tallbacka.scope():
        for who in (SCHOOL, CULTURE):
            await execute(
                "UPDATE person SET name = 'Kim Prov' WHERE id = $1", await tallbacka.add_member(who)
            )
    await tallbacka.post(path(proposal, "beslut"), role=CHAIR, **DECISION)
    await tallbacka.post(path(proposal, "reservation"), role=SCHOOL, reservation=TEXT)
    assert 'id="reserve"' not in (await tallbacka.get(path(proposal), role=SCHOOL)).text
    assert 'id="reserve"' in (await tallbacka.get(path(proposal), role=CULTURE)).text
