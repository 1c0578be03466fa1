"""Close a problem: with a motive, once nothing waits or runs; reopening it is a new problem."""

import asyncio
from uuid import uuid4

import httpx

from tenants.scope import fetch, fetch_value
from tests.cycle.cases import cause_in, first_line, opened_problem, waiting_proposal
from tests.cycle.followup.approved import approved, send
from tests.cycle.measures.groups import a_task, assembled
from tests.cycle.measures.test_decide import chair, decide
from tests.town import Town

MOTIVE = "Inga nya rapporter på tolv veckor."


async def close(
    town: Town, path: str, role: str = "safety_coordinator", motive: str = MOTIVE
) -> httpx.Response:
    return await town.post(f"{path}/avsluta", role=role, motive=motive)


async def test_closed_it_says_why_and_takes_no_more(tallbacka: Town) -> None:
    path = await opened_problem(tallbacka)
    assert (await close(tallbacka, path)).status_code == 303
    page = (await tallbacka.get(path, role="preparatory_member")).text
    assert MOTIVE in page and "Avslutat" in page
    assert "/notera" not in page and "/insats" not in page.replace("/insatser", "")
    for act, form in (
        ("notera", {"kind": "assumed", "text": "Något nytt."}),
        ("orsak", {"side": "place", "title": "En orsak", "support": "weak"}),
        ("prioritet", {"priority": "first", "text": "Skäl"}),
        ("avsluta", {"motive": "En gång till."}),
    ):
        late = await tallbacka.post(f"{path}/{act}", role="preparatory_member", **form)
        assert late.status_code == 422 and "Problemet är avslutat" in late.text, act
        assert form.get("text", form.get("title", form.get("motive"))) in late.text
    listed = (await tallbacka.get("/problem", role="steering_member")).text
    assert "Avslutade" in listed


async def test_opened_again_it_is_a_new_problem(tallbacka: Town) -> None:
    line = await first_line(tallbacka)
    first = await tallbacka.post("/problem", role="preparatory_member", **line)
    path = first.headers["location"].removeprefix(f"/{tallbacka.slug}")
    await close(tallbacka, path)
    second = await tallbacka.post("/problem", role="preparatory_member", **line)
    assert second.status_code == 303
    assert second.headers["location"] not in (
        first.headers["location"],
        f"{first.headers['location']}?redan",
    )


async def test_not_while_a_proposal_waits_or_a_measure_runs(tallbacka: Town) -> None:
    path = await opened_problem(tallbacka)
    proposal = await waiting_proposal(tallbacka, path)
    refused = await close(tallbacka, path)
    assert refused.status_code == 422
    assert "Ett förslag väntar på beslut" in refused.text and MOTIVE in refused.text
    await decide(tallbacka, await chair(tallbacka), proposal)
    running = await close(tallbacka, path)
    assert running.status_code == 422 and "En insats pågår" in running.text
    async with tallbacka.scope():
        assert await fetch_value("SELECT count(*) FROM problem_closure") == 0


async def test_closed_and_proposed_at_the_same_moment_one_is_told(tallbacka: Town) -> None:
    path = await opened_problem(tallbacka)
    await cause_in(tallbacka, path)
    await tallbacka.client("steering_member")
    answers = await asyncio.gather(
        close(tallbacka, path),
        tallbacka.post(
            f"{path}/prioritet",
            role="steering_member",
            priority="first",
            text="Skäl",
            form_id=str(uuid4()),
        ),
    )
    assert sorted(one.status_code for one in answers) == [303, 422]
    async with tallbacka.scope():
        closed = await fetch_value("SELECT count(*) FROM problem_closure")
        waits = await fetch_value("SELECT count(*) FROM proposal")
    assert closed + waits == 1


async def test_two_who_close_at_once_close_once(tallbacka: Town) -> None:
    path = await opened_problem(tallbacka)
    await tallbacka.client("municipal_police")
    answers = await asyncio.gather(
        close(tallbacka, path), close(tallbacka, path, role="municipal_police")
    )
    assert sorted(one.status_code for one in answers) == [303, 422]
    async with tallbacka.scope():
        lines = await fetch("SELECT FROM audit_event WHERE verb = 'problem.close'")
    assert len(lines) == 1


async def test_unfinished_is_told(tallbacka: Town) -> None:
    path = await opened_problem(tallbacka)
    refused = await close(tallbacka, path, motive="  ")
    assert refused.status_code == 422 and "Skriv varför problemet avslutas" in refused.text


async def test_who_may_not(tallbacka: Town) -> None:
    path = await opened_problem(tallbacka)
    for role in ("reporter", "steering_member", "project_owner", "working_group_lead"):
        assert (await close(tallbacka, path, role=role)).status_code == 403


async def test_the_neighbour_sees_nothing(tallbacka: Town, sjohaga: Town) -> None:
    path = await opened_problem(tallbacka)
    assert (await close(sjohaga, path)).status_code == 404
    async with tallbacka.scope():
        assert await fetch_value("SELECT count(*) FROM problem_closure") == 0


async def test_tasks_that_are_not_done_are_told_before(tallbacka: Town) -> None:
    path = await assembled(tallbacka)
    assert (
        "inte klar" not in (await tallbacka.get(f"{path}/avsluta", role="preparatory_member")).text
    )
    await a_task(tallbacka, path)
    page = (await tallbacka.get(f"{path}/avsluta", role="preparatory_member")).text
    assert "En uppgift är inte klar." in page


async def test_a_decided_measure_is_not_closed_over(tallbacka: Town) -> None:
    path = await opened_problem(tallbacka)
    measure = await approved(tallbacka, path)
    board = (await tallbacka.get("/styrgrupp/beslut", role="project_owner")).text
    assert "Inte följd upp." in board
    form = {"role": "preparatory_member", "motive": "Det har lugnat sig."}
    refused = await tallbacka.post(f"{path}/avsluta", **form)
    assert refused.status_code == 422 and "En insats är slut och ska följas upp." in refused.text
    assert "Det har lugnat sig." in refused.text
    await send(tallbacka, path, measure, outcome="not_done")
    assert (await tallbacka.post(f"{path}/avsluta", **form)).status_code == 303
