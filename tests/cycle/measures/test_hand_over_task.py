"""Hand a task over: who had it stays written, and who left must be replaced."""

import asyncio
from datetime import date

from tenants.scope import execute, fetch_value
from tests.cycle.measures.groups import a_task, assembled, place_of, verbs
from tests.town import Town

OWNER = {"role": "reporter", "organisation": "Polisen"}


async def test_it_changes_hands_and_the_past_stays(tallbacka: Town) -> None:
    path = await assembled(tallbacka)
    task = await a_task(tallbacka, path)
    place = await place_of(tallbacka, path, tallbacka.people["org_contact", "Bostadsbolaget"])
    answer = await tallbacka.post(f"{task}/lamna", **OWNER, place=place)
    assert answer.status_code == 303
    page = (await tallbacka.get(task, role="org_contact")).text
    assert "Markera som klar" in page
    assert "<dd>Prov org contact, Bostadsbolaget</dd>" in page
    assert "<div>Prov reporter, Polisen</div>" in page
    assert "task.hand_over" in await verbs(tallbacka)


async def test_a_task_of_who_left_says_so(tallbacka: Town) -> None:
    path = await assembled(tallbacka)
    task = await a_task(tallbacka, path)
    async with tallbacka.scope():
        await execute(
            "UPDATE organisation SET left_on = $1 WHERE name = 'Polisen'", date(2026, 11, 2)
        )
    said = "Polisen har lämnat samarbetet sedan 2 november 2026."
    for address in (path, task):
        assert said in (await tallbacka.get(address, role="preparatory_member")).text
    place = await place_of(tallbacka, path, tallbacka.people["org_contact", "Bostadsbolaget"])
    await tallbacka.post(f"{task}/lamna", role="preparatory_member", place=place)
    assert said not in (await tallbacka.get(path, role="preparatory_member")).text


async def test_a_task_of_who_left_the_group_says_so(tallbacka: Town) -> None:
    path = await assembled(tallbacka)
    task = await a_task(tallbacka, path)
    place = await place_of(tallbacka, path, tallbacka.people["reporter", "Polisen"])
    await tallbacka.post(f"{path}/grupp/{place}/avsluta", role="preparatory_member")
    page = (await tallbacka.get(task, role="preparatory_member")).text
    assert "har lämnat gruppen sedan" in page and "Uppgiften måste lämnas över." in page


async def test_a_task_of_who_is_no_member_any_more_says_so(tallbacka: Town) -> None:
    path = await assembled(tallbacka)
    task = await a_task(tallbacka, path)
    person = tallbacka.people["reporter", "Polisen"]
    async with tallbacka.scope():
        await execute("UPDATE membership SET valid_to = now() WHERE person_id = $1", person)
    page = (await tallbacka.get(task, role="preparatory_member")).text
    assert "har lämnat gruppen sedan" in page
    assert "Ingen leder gruppen." in (await tallbacka.get(path, role="preparatory_member")).text


async def test_two_at_once_leave_one_owner(tallbacka: Town) -> None:
    path = await assembled(tallbacka)
    task = await a_task(tallbacka, path)
    place = await place_of(tallbacka, path, tallbacka.people["org_contact", "Bostadsbolaget"])
    await tallbacka.get(path, role="safety_coordinator")
    await asyncio.gather(
        *(
            tallbacka.post(f"{task}/lamna", role=role, place=place)
            for role in ("preparatory_member", "safety_coordinator")
        )
    )
    async with tallbacka.scope():
        assert await fetch_value("SELECT count(*) FROM task_assignment") == 2


async def test_who_may_not_and_what_is_unfinished(tallbacka: Town, sjohaga: Town) -> None:
    path = await assembled(tallbacka)
    task = await a_task(tallbacka, path)
    place = await place_of(tallbacka, path, tallbacka.people["org_contact", "Bostadsbolaget"])
    for role in ("org_contact", "steering_member"):
        assert (await tallbacka.post(f"{task}/lamna", role=role, place=place)).status_code == 403
    nobody = await tallbacka.post(f"{task}/lamna", **OWNER)
    assert nobody.status_code == 422 and "Välj vem som tar över." in nobody.text
    assert (await sjohaga.get(task, role="safety_coordinator")).status_code == 404
    await tallbacka.post(f"{task}/klar", **OWNER)
    late = await tallbacka.post(f"{task}/lamna", **OWNER, place=place)
    assert late.status_code == 422 and "redan klar" in late.text
