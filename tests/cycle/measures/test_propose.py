"""Propose a measure against a named cause: whole, bounded in time, once."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from tenants.scope import execute, fetch, fetch_row, fetch_value
from tests.cycle.cases import MEASURE, cause_in, opened_problem
from tests.cycle.measures.test_decide import chair, decide
from tests.town import Town


async def propose(
    town: Town, path: str, on: UUID, role: str = "preparatory_member", **changed: Any
) -> httpx.Response:
    values = MEASURE | {
        "cause": on,
        "responsible": town.organisations["Bostadsbolaget"],
        "partner": town.organisations["Polisen"],
        "text": "Vi ber om beslut före jul.",
        "form_id": str(uuid4()),
    }
    return await town.post(f"{path}/insats", role=role, **values | changed)


async def test_a_measure_waits_for_the_steering_group(tallbacka: Town) -> None:
    path = await opened_problem(tallbacka)
    cause = await cause_in(tallbacka, path)
    assert (await propose(tallbacka, path, cause)).status_code == 303
    section = (await tallbacka.get(f"{path}/_insatser", role="steering_member")).text
    assert "Byta belysning" in section and "Väntar på beslut" in section
    assert "140\xa0000 kr" in section and "Polisen" in section
    listed = (await tallbacka.get("/insatser", role="steering_member")).text
    assert "Byta belysning" in listed and path.rpartition("/")[2] in listed
    async with tallbacka.scope():
        row = await fetch_row(
            """SELECT proposal.kind, proposal.text, measure.cause_id, measure.cost_kr
               FROM proposal JOIN measure ON measure.id = proposal.measure_id"""
        )
        verbs = await fetch(
            """SELECT verb FROM audit_event
               WHERE object_kind IN ('measure', 'proposal') ORDER BY verb"""
        )
    assert row is not None
    assert tuple(row) == ("measure", "Vi ber om beslut före jul.", cause, 140000)
    assert [one["verb"] for one in verbs] == ["measure.plan", "proposal.make"]


async def test_a_double_click_proposes_once_and_two_people_twice(tallbacka: Town) -> None:
    path = await opened_problem(tallbacka)
    cause = await cause_in(tallbacka, path)
    one = str(uuid4())
    await asyncio.gather(
        *(propose(tallbacka, path, cause, form_id=one) for _ in range(3)),
        propose(tallbacka, path, cause, role="municipal_police", title="Klippa häcken"),
    )
    async with tallbacka.scope():
        assert await fetch_value("SELECT count(*) FROM measure") == 2
        assert await fetch_value("SELECT count(*) FROM proposal") == 2
        assert await fetch_value("SELECT count(*) FROM measure_partner") == 2


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"ends_on": ""}, "En insats utan slut kan inte följas upp"),
    ({"ends_on": "2027-01-10"}, "Slutet ligger före början"),
    ({"ends_on": "2032-01-12"}, "högst fem år"),
    ({"starts_on": "nyss"}, "Välj när insatsen börjar"),
    ({"cause": ""}, "Välj vilken orsak"),
    ({"cause": str(uuid4())}, "avförd eller finns inte"),
    ({"kind": "militär"}, "situationell eller social"),
    ({"expected_effect": ""}, "väntas leda till"),
    ({"indicator": ""}, "märkas att insatsen har verkat"),
    ({"responsible": ""}, "Välj vem som ansvarar"),
    ({"responsible": str(uuid4())}, "inte längre med i arbetet"),
    ({"partner": str(uuid4())}, "inte längre med i arbetet"),
    ({"cost_kr": "-5"}, "hela kronor"),
    ({"cost_kr": "9" * 20}, "hela kronor"),
    ({"hours": "många"}, "hela timmar"),
    ({"title": "x" * 121}, "121 tecken"),
]


async def test_unfinished_is_told_beside_its_field_and_kept(tallbacka: Town) -> None:
    path = await opened_problem(tallbacka)
    cause = await cause_in(tallbacka, path)
    for changed, said in WRONG:
        refused = await propose(tallbacka, path, cause, **changed)
        assert refused.status_code == 422 and said in refused.text, changed
        assert "Armaturerna vid norra ingången byts." in refused.text
        assert 'value="60"' in refused.text or "hours" in changed
    async with tallbacka.scope():
        assert await fetch_value("SELECT count(*) FROM measure") == 0
        assert await fetch_value("SELECT count(*) FROM proposal") == 0


@pytest.mark.parametrize("ends_on", ["2032-01-11", "2027-01-11"])
async def test_five_years_and_one_day_are_long_enough(tallbacka: Town, ends_on: str) -> None:
    path = await opened_problem(tallbacka)
    cause = await cause_in(tallbacka, path)
    assert (await propose(tallbacka, path, cause, ends_on=ends_on)).status_code == 303


async def test_not_against_a_rejected_cause(tallbacka: Town) -> None:
    path = await opened_problem(tallbacka)
    cause = await cause_in(tallbacka, path, support="rejected")
    form = (await tallbacka.get(f"{path}/insats", role="preparatory_member")).text
    assert str(cause) not in form and "ingen orsak än" in form
    refused = await propose(tallbacka, path, cause)
    assert refused.status_code == 422 and "avförd eller finns inte" in refused.text


async def test_not_by_an_organisation_that_left(tallbacka: Town) -> None:
    path = await opened_problem(tallbacka)
    cause = await cause_in(tallbacka, path)
    async with tallbacka.scope():
        await execute(
            "UPDATE organisation SET left_on = current_date WHERE id = $1",
            tallbacka.organisations["Bostadsbolaget"],
        )
    refused = await propose(tallbacka, path, cause)
    assert refused.status_code == 422 and "inte längre med i arbetet" in refused.text


async def measure_of(town: Town) -> UUID:
    async with town.scope():
        found: UUID = await fetch_value("SELECT id FROM measure")
    return found


async def test_referred_back_it_can_be_proposed_again_once(tallbacka: Town) -> None:
    path = await opened_problem(tallbacka)
    await propose(tallbacka, path, await cause_in(tallbacka, path))
    measure = await measure_of(tallbacka)
    again = f"{path}/insats/{measure}/igen"
    early = await tallbacka.post(again, role="preparatory_member", form_id=str(uuid4()))
    assert early.status_code == 422 and "väntar redan" in early.text
    async with tallbacka.scope():
        proposal = await fetch_value("SELECT id FROM proposal")
    by = await chair(tallbacka)
    await decide(tallbacka, by, proposal, "referred_back")
    section = (await tallbacka.get(f"{path}/_insatser", role="preparatory_member")).text
    assert "Återremitterad" in section and f"/insats/{measure}/igen" in section
    answers = await asyncio.gather(
        *(
            tallbacka.post(
                again, role="preparatory_member", text=f"Nu billigare {n}.", form_id=str(uuid4())
            )
            for n in range(3)
        )
    )
    assert sorted(one.status_code for one in answers) == [303, 422, 422]
    async with tallbacka.scope():
        assert await fetch_value("SELECT count(*) FROM proposal") == 2
        second = await fetch_value("SELECT id FROM proposal WHERE id <> $1", proposal)
    await decide(tallbacka, by, second, "rejected")
    late = await tallbacka.post(again, role="preparatory_member", form_id=str(uuid4()))
    assert late.status_code == 422 and "Föreslå en ny" in late.text


@pytest.mark.parametrize(
    ("since", "said"),
    [
        ("UPDATE organisation SET left_on = current_date WHERE name = 'Bostadsbolaget'", "lämnat"),
        ("UPDATE organisation SET left_on = current_date WHERE name = 'Polisen'", "lämnat"),
        (
            """INSERT INTO cause_assessment (tenant_id, id, cause_id, support, motive, assessed_by)
               SELECT tenant_id, gen_random_uuid(), id, 'rejected', 'Prövad', named_by
               FROM cause""",
            "Orsaken har avförts",
        ),
    ],
)
async def test_not_again_when_what_it_stands_on_is_gone(
    tallbacka: Town, since: str, said: str
) -> None:
    path = await opened_problem(tallbacka)
    await propose(tallbacka, path, await cause_in(tallbacka, path))
    async with tallbacka.scope():
        proposal = await fetch_value("SELECT id FROM proposal")
    await decide(tallbacka, await chair(tallbacka), proposal, "referred_back")
    async with tallbacka.scope():
        await execute(since)
    refused = await tallbacka.post(
        f"{path}/insats/{await measure_of(tallbacka)}/igen",
        role="preparatory_member",
        text="Nu billigare.",
        form_id=str(uuid4()),
    )
    assert refused.status_code == 422 and said in refused.text and "Nu billigare." in refused.text
    async with tallbacka.scope():
        assert await fetch_value("SELECT count(*) FROM proposal") == 1


async def test_who_may_not(tallbacka: Town) -> None:
    path = await opened_problem(tallbacka)
    cause = await cause_in(tallbacka, path)
    for role in ("reporter", "steering_member", "steering_co_opted", "working_group_lead"):
        assert (await propose(tallbacka, path, cause, role=role)).status_code == 403
    assert (await tallbacka.get("/insatser", role="reporter")).status_code == 403


async def test_a_working_group_lists_its_own_problem_s_measures_alone(tallbacka: Town) -> None:
    path = await opened_problem(tallbacka)
    await propose(tallbacka, path, await cause_in(tallbacka, path))
    lead = await tallbacka.get("/insatser", role="working_group_lead")
    assert lead.status_code == 200 and "Byta belysning" not in lead.text
    person = await tallbacka.add_member("working_group_lead")
    async with tallbacka.scope():
        await execute(
            """INSERT INTO problem_reader (tenant_id, problem_id, person_id)
               SELECT ks.current_tenant(), id, $1 FROM problem""",
            person,
        )
    assert "Byta belysning" in (await tallbacka.get("/insatser", role="working_group_lead")).text


async def test_the_neighbour_sees_nothing(tallbacka: Town, sjohaga: Town) -> None:
    path, there = await opened_problem(tallbacka), await opened_problem(sjohaga)
    cause = await cause_in(tallbacka, path)
    await propose(tallbacka, path, cause)
    assert "Byta belysning" not in (await sjohaga.get("/insatser", role="project_owner")).text
    # A neighbour's cause and organisation are as unknown as invented ones.
    assert (await propose(sjohaga, there, cause)).status_code == 422
    own = await cause_in(sjohaga, there)
    refused = await propose(
        sjohaga, there, own, responsible=tallbacka.organisations["Bostadsbolaget"]
    )
    assert refused.status_code == 422
    measure = await measure_of(tallbacka)
    answer = await sjohaga.post(f"{there}/insats/{measure}/igen", role="preparatory_member")
    assert answer.status_code == 404
