"""Say that a task is done; said twice it is done once."""

import asyncio
from datetime import date, timedelta

from tenants.scope import execute, fetch_value
from tests.cycle.measures.groups import a_task, assembled, verbs
from tests.town import Town

OWNER = {"role": "reporter", "organisation": "Polisen"}


async def test_its_owner_says_that_it_is_done(tallbacka: Town) -> None:
    path = await assembled(tallbacka)
    task = await a_task(tallbacka, path)
    answer = await tallbacka.post(f"{task}/klar", **OWNER, comment="Buskarna är klippta.")
    assert answer.status_code == 303
    page = (await tallbacka.get(path, role="steering_member")).text
    assert "1 klar" in page and "Buskarna är klippta." in page
    assert (await verbs(tallbacka)).count("task.complete") == 1


async def test_two_at_once_join_and_no_comment_is_swallowed(tallbacka: Town) -> None:
    path = await assembled(tallbacka)
    task = await a_task(tallbacka, path)
    for role in ("preparatory_member", "safety_coordinator"):
        await tallbacka.get(path, role=role)
    answers = await asyncio.gather(
        *(
            tallbacka.post(f"{task}/klar", role=role, comment="Klart")
            for role in ("preparatory_member", "safety_coordinator")
        )
    )
    assert {answer.status_code for answer in answers} == {303}
    async with tallbacka.scope():
        assert await fetch_value("SELECT count(*) FROM task_completion") == 1
    other = await tallbacka.post(f"{task}/klar", **OWNER, comment="Bara hälften hanns med")
    assert other.status_code == 422
    assert "Din kommentar är inte sparad." in other.text and "Bara hälften" in other.text


async def test_a_late_one_says_so(tallbacka: Town) -> None:
    path = await assembled(tallbacka)
    task = await a_task(tallbacka, path)
    async with tallbacka.scope():
        await execute("UPDATE task SET due_on = $1", date.today() - timedelta(days=3))
    await tallbacka.post(f"{path}/grupp/svar", **OWNER, svar="ja")
    assert "1 försenad" in (await tallbacka.get(path, role="steering_member")).text
    assert "Försenad." in (await tallbacka.get(task, **OWNER)).text
    assert "1 försenad" in (await tallbacka.get("/uppdrag", **OWNER)).text


async def test_who_may_not(tallbacka: Town, sjohaga: Town) -> None:
    path = await assembled(tallbacka)
    task = await a_task(tallbacka, path)
    for role in ("org_contact", "steering_member", "project_owner"):
        assert (await tallbacka.post(f"{task}/klar", role=role)).status_code == 403
    # A lead of another group finds nothing here.
    assert (await tallbacka.post(f"{task}/klar", role="working_group_lead")).status_code == 404
    assert (await sjohaga.post(f"{task}/klar", role="safety_coordinator")).status_code == 404
    long = await tallbacka.post(f"{task}/klar", **OWNER, comment="x" * 601)
    assert long.status_code == 422 and "högst 600" in long.text
    async with tallbacka.scope():
        assert await fetch_value("SELECT count(*) FROM task_completion") == 0
