"""Call the preparatory group to a meeting: once, with a letter to each of its members."""

import asyncio
from datetime import date, timedelta
from uuid import uuid4

from tenants.scope import execute, fetch, fetch_value
from tests.council.meetings.meetings import call
from tests.cycle.measures.groups import verbs
from tests.town import Town


async def test_everybody_in_the_group_is_summoned(tallbacka: Town) -> None:
    for role in ("preparatory_member", "municipal_police", "steering_member", "reporter"):
        await tallbacka.add_member(role)
    answer = await call(tallbacka)
    assert answer.status_code == 303
    path = answer.headers["location"].removeprefix(f"/{tallbacka.slug}")
    page = await tallbacka.get(path, role="municipal_police")
    assert page.status_code == 200 and "Rum Eken" in page.text and "13.00" in page.text
    async with tallbacka.scope():
        rows = await fetch("SELECT person_id, text FROM letter")
    summoned = {
        tallbacka.people[role, where]
        for role, where in tallbacka.people
        if role in ("preparatory_member", "municipal_police", "safety_coordinator")
    }
    assert {row["person_id"] for row in rows} == summoned
    assert all(path in row["text"] for row in rows)
    assert (await verbs(tallbacka)).count("meeting.call") == 1


async def test_called_twice_is_called_once(tallbacka: Town) -> None:
    await tallbacka.get("/moten", role="safety_coordinator")
    form = uuid4()
    answers = await asyncio.gather(*(call(tallbacka, form_id=form) for _press in range(3)))
    assert {answer.status_code for answer in answers} == {303}
    async with tallbacka.scope():
        assert await fetch_value("SELECT count(*) FROM meeting") == 1
        assert await fetch_value("SELECT count(*) FROM letter") == 1


async def test_an_unfinished_form_keeps_what_was_typed(tallbacka: Town) -> None:
    yesterday = (date.today() - timedelta(days=1)).isoformat()
    answer = await call(tallbacka, day=yesterday, clock="snart", place="")
    assert answer.status_code == 422
    for words in ("Dagen har redan varit.", "Skriv klockslaget", "Skriv var mötet hålls."):
        assert words in answer.text
    assert f'value="{yesterday}"' in answer.text and 'value="snart"' in answer.text
    never = await call(tallbacka, day="2027-03-28", clock="02:30")
    assert never.status_code == 422 and "den tiden finns inte" in never.text


async def test_without_an_address_it_is_said(tallbacka: Town) -> None:
    person = await tallbacka.add_member("preparatory_member")
    async with tallbacka.scope():
        await execute("UPDATE person SET email = NULL WHERE id = $1", person)
    page = (await tallbacka.get("/moten", role="safety_coordinator")).text
    assert "Ingen e-postadress: Prov preparatory member." in page


async def test_who_may_not_and_the_neighbour_sees_nothing(tallbacka: Town, sjohaga: Town) -> None:
    for role in ("preparatory_member", "steering_member", "reporter"):
        assert (await call(tallbacka, role=role)).status_code == 403
    assert (await tallbacka.get("/moten", role="steering_member")).status_code == 403
    answer = await call(tallbacka)
    path = answer.headers["location"].removeprefix(f"/{tallbacka.slug}")
    for part in ("", "/protokoll", "/_dagordning"):
        theirs = await sjohaga.get(f"{path}{part}", role="safety_coordinator")
        assert theirs.status_code == 404
    assert "Rum Eken" not in (await sjohaga.get("/moten", role="safety_coordinator")).text


async def test_who_came_from_an_organisation_that_left_is_not_summoned(tallbacka: Town) -> None:
    await tallbacka.add_member("municipal_police")
    async with tallbacka.scope():
        await execute("UPDATE organisation SET left_on = ks.today() WHERE name = 'Polisen'")
    assert (await call(tallbacka)).status_code == 303
    async with tallbacka.scope():
        rows = await fetch("SELECT person_id FROM letter")
    police = tallbacka.people["municipal_police", "Polisen"]
    assert rows and police not in {row["person_id"] for row in rows}
