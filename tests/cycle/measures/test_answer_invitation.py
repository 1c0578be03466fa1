"""Say yes or no to a working group; no takes the right to read away, and nothing else."""

import asyncio

from tenants.scope import fetch_value
from tests.cycle.measures.groups import assembled, roles_of, verbs
from tests.town import Town

OWNER = {"role": "reporter", "organisation": "Polisen"}


async def test_yes_is_noted_once(tallbacka: Town) -> None:
    path = await assembled(tallbacka)
    for _press in range(2):
        answer = await tallbacka.post(f"{path}/grupp/svar", **OWNER, svar="ja")
        assert answer.status_code == 303
    page = (await tallbacka.get(path, **OWNER)).text
    assert "Du är inbjuden" not in page
    assert (await verbs(tallbacka)).count("group.accept") == 1


async def test_a_late_no_does_not_say_that_one_has_left(tallbacka: Town) -> None:
    path = await assembled(tallbacka)
    await tallbacka.post(f"{path}/grupp/svar", **OWNER, svar="ja")
    late = await tallbacka.post(f"{path}/grupp/svar", **OWNER, svar="nej")
    assert late.status_code == 303 and "Du är inte med" not in late.text
    assert (await tallbacka.get(path, **OWNER)).status_code == 200
    assert "group.decline" not in await verbs(tallbacka)


async def test_no_takes_the_problem_away(tallbacka: Town) -> None:
    path = await assembled(tallbacka)
    answer = await tallbacka.post(f"{path}/grupp/svar", **OWNER, svar="nej")
    assert answer.status_code == 200 and "Du är inte med i arbetsgruppen" in answer.text
    assert (await tallbacka.get(path, **OWNER)).status_code in (403, 404)
    person = tallbacka.people["reporter", "Polisen"]
    assert await roles_of(tallbacka, person) == ["reporter"]
    async with tallbacka.scope():
        readers = await fetch_value(
            "SELECT count(*) FROM problem_reader WHERE person_id = $1", person
        )
    assert readers == 0
    page = (await tallbacka.get(path, role="preparatory_member")).text
    assert "tackade nej" in page and "Ingen leder gruppen." in page


async def test_yes_and_no_at_once_leave_one_answer(tallbacka: Town) -> None:
    path = await assembled(tallbacka)
    await tallbacka.get(path, **OWNER)
    await asyncio.gather(
        *(tallbacka.post(f"{path}/grupp/svar", **OWNER, svar=said) for said in ("ja", "nej"))
    )
    async with tallbacka.scope():
        assert await fetch_value("SELECT count(*) FROM group_answer") == 1


async def test_who_may_not_and_what_is_no_answer(tallbacka: Town, sjohaga: Town) -> None:
    path = await assembled(tallbacka)
    assert (await tallbacka.post(f"{path}/grupp/svar", **OWNER, svar="kanske")).status_code == 404
    # Who has no place answers for nobody.
    await tallbacka.post(f"{path}/grupp/svar", role="steering_member", svar="ja")
    assert (
        await tallbacka.post(f"{path}/grupp/svar", role="auditor", svar="ja")
    ).status_code == 403
    theirs = await sjohaga.post(f"{path}/grupp/svar", role="safety_coordinator", svar="ja")
    assert theirs.status_code == 404
    async with tallbacka.scope():
        assert await fetch_value("SELECT count(*) FROM group_answer") == 0
