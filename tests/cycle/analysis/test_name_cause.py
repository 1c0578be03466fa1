"""Name the causes of a problem on the crime triangle, and say how they are supported."""

import asyncio
from uuid import uuid4

import httpx

from tenants.scope import execute, fetch, fetch_value
from tests.cycle.cases import opened_problem, problem_id
from tests.town import Town

CAUSE = {
    "side": "place",
    "title": "Norra ingången är undanskymd",
    "description": "Ingen insyn från gatan.",
    "support": "several_sources",
}


async def name(
    town: Town, path: str, role: str = "preparatory_member", **changed: str
) -> httpx.Response:
    values = CAUSE | {"form_id": str(uuid4())} | changed
    return await town.post(f"{path}/orsak", role=role, **values)


async def test_a_cause_gets_a_letter_and_stands_on_the_triangle(tallbacka: Town) -> None:
    path = await opened_problem(tallbacka)
    assert (await name(tallbacka, path)).status_code == 303
    await name(tallbacka, path, side="target", title="Långa väntetider", support="weak")
    section = (await tallbacka.get(f"{path}/_orsaker", role="steering_member")).text
    assert "A. Norra ingången är undanskymd" in section and "B. Långa väntetider" in section
    assert "A: Plats, B: De som drabbas" in section
    assert section.count('class="t-f"') == 1 and section.count('class="t-h"') == 1


async def test_two_at_once_get_a_letter_each(tallbacka: Town) -> None:
    path = await opened_problem(tallbacka)
    await asyncio.gather(
        *(name(tallbacka, path, title=f"Orsak nummer {n}") for n in range(4)),
        name(tallbacka, path, role="municipal_police", title="Polisens orsak"),
    )
    async with tallbacka.scope():
        rows = await fetch("SELECT letter FROM cause ORDER BY letter")
    assert "".join(row["letter"] for row in rows) == "ABCDE"


async def test_a_double_click_names_once(tallbacka: Town) -> None:
    path = await opened_problem(tallbacka)
    one = str(uuid4())
    await asyncio.gather(*(name(tallbacka, path, form_id=one) for _ in range(3)))
    async with tallbacka.scope():
        assert await fetch_value("SELECT count(*) FROM cause") == 1
        assert await fetch_value("SELECT count(*) FROM cause_assessment") == 1


async def test_assessed_anew_the_history_is_kept(tallbacka: Town) -> None:
    path = await opened_problem(tallbacka)
    await name(tallbacka, path)
    refused = await tallbacka.post(
        f"{path}/orsak/A", role="safety_coordinator", support="rejected", form_id=str(uuid4())
    )
    assert refused.status_code == 422 and "varför orsaken avförs" in refused.text
    answer = await tallbacka.post(
        f"{path}/orsak/A",
        role="safety_coordinator",
        support="rejected",
        motive="Inget stöd i rapporterna.",
        form_id=str(uuid4()),
    )
    assert answer.status_code == 303
    section = (await tallbacka.get(f"{path}/_orsaker", role="steering_member")).text
    assert "Inget stöd i rapporterna." in section and 'class="t-x"' in section
    history = (await tallbacka.get(f"{path}/orsak/A", role="preparatory_member")).text
    assert "Stöd i flera källor" in history and "Inget stöd i rapporterna." in history
    async with tallbacka.scope():
        assert await fetch_value("SELECT count(*) FROM cause_assessment") == 2


async def test_the_alphabet_ends(tallbacka: Town) -> None:
    path = await opened_problem(tallbacka)
    person = await tallbacka.add_member("preparatory_member")
    problem = await problem_id(tallbacka, path)
    async with tallbacka.scope():
        for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ":
            await execute(
                """INSERT INTO cause (tenant_id, id, problem_id, letter, side, title, named_by)
                   VALUES (ks.current_tenant(), $1, $2, $3, 'place', 'En orsak', $4)""",
                uuid4(),
                problem,
                letter,
                person,
            )
    answer = await name(tallbacka, path)
    assert answer.status_code == 422 and "alfabetet" in answer.text
    assert "Norra ingången är undanskymd" in answer.text


async def test_unfinished_is_told_and_kept(tallbacka: Town) -> None:
    path = await opened_problem(tallbacka)
    answer = await name(tallbacka, path, side="", title="")
    assert answer.status_code == 422
    assert "Skriv orsaken" in answer.text and "sida av triangeln" in answer.text
    assert "Ingen insyn från gatan." in answer.text
    async with tallbacka.scope():
        assert await fetch_value("SELECT count(*) FROM cause") == 0


async def test_who_may_not(tallbacka: Town) -> None:
    path = await opened_problem(tallbacka)
    await name(tallbacka, path)
    for role in ("reporter", "steering_member", "working_group_lead", "project_owner"):
        assert (await name(tallbacka, path, role=role)).status_code == 403
        answer = await tallbacka.post(f"{path}/orsak/A", role=role, support="weak")
        assert answer.status_code == 403
    assert (await tallbacka.get(f"{path}/orsak/Q", role="preparatory_member")).status_code == 404


async def test_the_neighbour_sees_nothing(tallbacka: Town, sjohaga: Town) -> None:
    path, there = await opened_problem(tallbacka), await opened_problem(sjohaga)
    await name(tallbacka, path)
    assert (await sjohaga.get(f"{there}/orsak/A", role="preparatory_member")).status_code == 404
    answer = await sjohaga.post(
        f"{there}/orsak/A", role="preparatory_member", support="weak", form_id="x"
    )
    assert answer.status_code == 404
    assert "undanskymd" not in (await sjohaga.get(there, role="preparatory_member")).text
