"""Ask an organisation to find something out, and note the answer."""

import asyncio
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx

from tenants.scope import execute, fetch, fetch_value
from tests.cycle.cases import opened_problem, problem_id
from tests.town import Town

DUE = (date.today() + timedelta(days=14)).isoformat()
QUESTION = "När går sista kvällsbussen?"


async def ask(town: Town, path: str, role: str = "preparatory_member", **changed: Any):
    values = {
        "question": QUESTION,
        "asked": town.organisations["Bostadsbolaget"],
        "due_on": DUE,
        "form_id": str(uuid4()),
    } | changed
    return await town.post(f"{path}/fraga", role=role, **values)


async def asked(town: Town, path: str) -> UUID:
    assert (await ask(town, path)).status_code == 303
    async with town.scope():
        inquiry: UUID = await fetch_value("SELECT id FROM inquiry")
    return inquiry


async def answer(
    town: Town, path: str, inquiry: UUID, text: str, role: str = "preparatory_member", **where: str
) -> httpx.Response:
    return await town.post(f"{path}/fraga/{inquiry}", role=role, text=text, **where)


async def test_asked_and_answered(tallbacka: Town) -> None:
    path = await opened_problem(tallbacka)
    inquiry = await asked(tallbacka, path)
    waiting = (await tallbacka.get(f"{path}/_fragor", role="steering_member")).text
    assert QUESTION in waiting and "Bostadsbolaget" in waiting and "Väntar på svar" in waiting
    assert (await answer(tallbacka, path, inquiry, "Halv elva.")).status_code == 303
    done = (await tallbacka.get(f"{path}/_fragor", role="steering_member")).text
    assert "Halv elva." in done and "Besvarad" in done


async def test_who_has_left_can_not_be_asked(tallbacka: Town) -> None:
    path = await opened_problem(tallbacka)
    async with tallbacka.scope():
        await execute(
            "UPDATE organisation SET left_on = ks.today() - 1 WHERE id = $1",
            tallbacka.organisations["Bostadsbolaget"],
        )
    form = await tallbacka.get(f"{path}/fraga", role="preparatory_member")
    assert "Köpmännen" in form.text and "Bostadsbolaget" not in form.text
    refused = await ask(tallbacka, path)
    assert refused.status_code == 422
    assert "inte längre med i arbetet" in refused.text and QUESTION in refused.text


async def test_two_who_answer_at_once_are_told(tallbacka: Town) -> None:
    path = await opened_problem(tallbacka)
    inquiry = await asked(tallbacka, path)
    answers = await asyncio.gather(
        answer(tallbacka, path, inquiry, "Halv elva."),
        answer(tallbacka, path, inquiry, "Elva.", role="municipal_police"),
    )
    assert sorted(one.status_code for one in answers) == [303, 422]
    late = next(one for one in answers if one.status_code == 422)
    # Both texts are there: the one that holds, and what the second had typed.
    assert "hann svara" in late.text and "Halv elva." in late.text and "Elva." in late.text
    async with tallbacka.scope():
        assert await fetch_value("SELECT count(*) FROM inquiry_answer") == 1


async def test_a_double_click_asks_and_answers_once(tallbacka: Town) -> None:
    path = await opened_problem(tallbacka)
    one = str(uuid4())
    await asyncio.gather(*(ask(tallbacka, path, form_id=one) for _ in range(3)))
    async with tallbacka.scope():
        inquiry = await fetch_value("SELECT id FROM inquiry")
        assert await fetch_value("SELECT count(*) FROM inquiry") == 1
    for _ in range(2):
        assert (await answer(tallbacka, path, inquiry, "Halv elva.")).status_code == 303


async def test_a_working_group_answers_for_its_own_organisation_alone(tallbacka: Town) -> None:
    path = await opened_problem(tallbacka)
    inquiry = await asked(tallbacka, path)
    problem = await problem_id(tallbacka, path)
    for organisation in ("Bostadsbolaget", "Polisen"):
        person = await tallbacka.add_member("working_group_member", organisation)
        async with tallbacka.scope():
            await execute(
                """INSERT INTO problem_reader (tenant_id, problem_id, person_id)
                   VALUES (ks.current_tenant(), $1, $2)""",
                problem,
                person,
            )
    other = {"role": "working_group_member", "organisation": "Polisen"}
    refused = await answer(tallbacka, path, inquiry, "Vet ej.", **other)
    assert refused.status_code == 403
    async with tallbacka.scope():
        assert await fetch_value("SELECT count(*) FROM audit_event WHERE verb = 'refused'")
    own = {"role": "working_group_member", "organisation": "Bostadsbolaget"}
    assert (await answer(tallbacka, path, inquiry, "Halv elva.", **own)).status_code == 303


async def test_unfinished_is_told_and_kept(tallbacka: Town) -> None:
    path = await opened_problem(tallbacka)
    late = (date.today() - timedelta(days=3)).isoformat()
    for changed, said in (
        ({"due_on": late}, "Dagen har varit"),
        ({"due_on": "i morgon"}, "Välj en dag"),
        ({"asked": ""}, "Välj vem som ska ta reda på det"),
        ({"asked": str(uuid4())}, "inte längre med i arbetet"),
        ({"question": ""}, "Skriv vad ni behöver få veta"),
    ):
        refused = await ask(tallbacka, path, **changed)
        assert refused.status_code == 422 and said in refused.text, changed
        assert changed.get("question", QUESTION) in refused.text
    async with tallbacka.scope():
        assert await fetch_value("SELECT count(*) FROM inquiry") == 0


async def test_who_may_not(tallbacka: Town) -> None:
    path = await opened_problem(tallbacka)
    inquiry = await asked(tallbacka, path)
    for role in ("reporter", "steering_member", "project_owner"):
        assert (await ask(tallbacka, path, role=role)).status_code == 403
        assert (await answer(tallbacka, path, inquiry, "Nej.", role=role)).status_code == 403


async def test_the_neighbour_sees_nothing(tallbacka: Town, sjohaga: Town) -> None:
    path, there = await opened_problem(tallbacka), await opened_problem(sjohaga)
    inquiry = await asked(tallbacka, path)
    assert (await answer(sjohaga, there, inquiry, "Hej.")).status_code == 404
    # The neighbour's organisation is as unknown as an invented one.
    refused = await ask(sjohaga, there, asked=tallbacka.organisations["Bostadsbolaget"])
    assert refused.status_code == 422


async def test_those_who_can_answer_get_a_letter_that_does_not_quote_the_question(
    tallbacka: Town,
) -> None:
    path = await opened_problem(tallbacka)
    theirs = await tallbacka.add_member("preparatory_member", "Bostadsbolaget")
    await tallbacka.add_member("reporter", "Bostadsbolaget")
    form = str(uuid4())
    for _press in range(2):
        assert (await ask(tallbacka, path, form_id=form)).status_code == 303
    async with tallbacka.scope():
        inquiry = await fetch_value("SELECT id FROM inquiry")
        letters = await fetch("SELECT person_id, text FROM letter WHERE kind = 'inquiry.asked'")
    (letter,) = letters
    assert letter["person_id"] == theirs
    assert f"{path}/fraga/{inquiry}" in letter["text"] and QUESTION not in letter["text"]
    opened = await tallbacka.get(
        f"{path}/fraga/{inquiry}", role="preparatory_member", organisation="Bostadsbolaget"
    )
    assert opened.status_code == 200 and QUESTION in opened.text
