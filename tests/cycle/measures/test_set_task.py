"""Set a task for somebody in the working group, by a day."""

import asyncio
from datetime import date
from uuid import uuid4

from tenants.scope import execute, fetch_value
from tests.cycle.measures.groups import TOMORROW, assembled, new_task, place_of, verbs
from tests.town import Town

OWNER = {"role": "reporter", "organisation": "Polisen"}


async def tasks(town: Town) -> int:
    async with town.scope():
        found: int = await fetch_value("SELECT count(*) FROM task")
    return found


async def test_a_task_is_set_and_its_owner_sees_it_first(tallbacka: Town) -> None:
    path = await assembled(tallbacka)
    assert (await new_task(tallbacka, path)).status_code == 303
    for whom in ({"role": "steering_member"}, OWNER):
        page = (await tallbacka.get(path, **whom)).text
        assert "Klippa buskarna" in page and "1 kvar" in page
    await tallbacka.post(f"{path}/grupp/svar", **OWNER, svar="ja")
    mine = (await tallbacka.get("/uppdrag", **OWNER)).text
    assert "Klippa buskarna" in mine and "1 öppen uppgift" in mine
    assert "task.set" in await verbs(tallbacka)


async def test_sent_twice_is_set_once(tallbacka: Town) -> None:
    path = await assembled(tallbacka)
    await tallbacka.get(path, role="preparatory_member")
    form = uuid4()
    answers = await asyncio.gather(
        *(new_task(tallbacka, path, form_id=form) for _press in range(3))
    )
    assert {answer.status_code for answer in answers} == {303}
    assert await tasks(tallbacka) == 1
    # Changed before it is sent again it is another task, and nothing typed is lost.
    changed = await new_task(tallbacka, path, form_id=form, title="Något annat")
    assert changed.status_code == 303 and await tasks(tallbacka) == 2


async def test_the_lead_sets_tasks_and_the_others_do_not(tallbacka: Town) -> None:
    path = await assembled(tallbacka)
    place = await place_of(tallbacka, path, tallbacka.people["reporter", "Polisen"])
    form = {"title": "Räkna lampor", "due_on": TOMORROW, "place": place}
    assert (await tallbacka.post(f"{path}/uppgift", **OWNER, **form)).status_code == 303
    for role in ("org_contact", "steering_member", "project_owner"):
        assert (await tallbacka.post(f"{path}/uppgift", role=role, **form)).status_code == 403
    assert await tasks(tallbacka) == 1


async def test_an_unfinished_form_keeps_what_was_typed(tallbacka: Town) -> None:
    path = await assembled(tallbacka)
    answer = await new_task(tallbacka, path, title="", due_on="2026-01-01", place="")
    assert answer.status_code == 422
    for message in ("Skriv vad som ska göras.", "Datumet har redan varit.", "Välj vem som"):
        assert message in answer.text
    assert 'value="2026-01-01"' in answer.text
    assert await tasks(tallbacka) == 0


async def test_a_task_for_who_left_is_refused(tallbacka: Town) -> None:
    path = await assembled(tallbacka)
    async with tallbacka.scope():
        await execute(
            "UPDATE organisation SET left_on = $1 WHERE name = 'Polisen'", date(2026, 11, 2)
        )
    answer = await new_task(tallbacka, path)
    assert answer.status_code == 422
    assert "Polisen lämnade samarbetet 2 november 2026. Välj någon annan." in answer.text
    assert "Klippa buskarna" in answer.text and await tasks(tallbacka) == 0
    place = await place_of(tallbacka, path, tallbacka.people["org_contact", "Bostadsbolaget"])
    await tallbacka.post(f"{path}/grupp/{place}/avsluta", role="preparatory_member")
    gone = await new_task(tallbacka, path, place=place)
    assert gone.status_code == 422 and "är inte med i gruppen längre" in gone.text


async def test_the_neighbour_sees_nothing(tallbacka: Town, sjohaga: Town) -> None:
    path = await assembled(tallbacka)
    assert (await sjohaga.get(f"{path}/uppgift", role="safety_coordinator")).status_code == 404
    other = await assembled(sjohaga)
    foreign = await place_of(sjohaga, other, sjohaga.people["reporter", "Polisen"])
    assert (await new_task(tallbacka, path, place=foreign)).status_code == 404
    assert (await new_task(tallbacka, path, measure=str(uuid4()))).status_code == 404
