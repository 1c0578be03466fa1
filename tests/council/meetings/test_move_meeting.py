"""Move a meeting or cancel it: once, with a letter that says why, and never one that was held."""

import asyncio
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from tenants.scope import fetch, fetch_value
from tests.council.meetings.meetings import a_meeting, call
from tests.cycle.measures.groups import verbs
from tests.town import Town

IN_TWO_WEEKS = (date.today() + timedelta(days=14)).isoformat()


async def called(town: Town) -> str:
    answer = await call(town)
    return str(answer.headers["location"]).removeprefix(f"/{town.slug}")


async def change(town: Town, path: str, act: str, **changed: Any) -> Any:
    form = {
        "form_id": str(uuid4()),
        "day": IN_TWO_WEEKS,
        "clock": "09:30",
        "place": "Rum Asken",
        "reason": "Snöoväder.",
    }
    role = changed.pop("role", "safety_coordinator")
    return await town.post(f"{path}/{act}", role=role, **(form | changed))


async def test_a_moved_meeting_is_told_to_all_who_were_summoned(tallbacka: Town) -> None:
    await tallbacka.add_member("municipal_police")
    path = await called(tallbacka)
    form = str(uuid4())
    answers = await asyncio.gather(
        *(change(tallbacka, path, "flytta", form_id=form) for _press in range(3))
    )
    assert {answer.status_code for answer in answers} == {303}
    page = (await tallbacka.get(path, role="municipal_police")).text
    assert "09.30" in page and "Rum Asken" in page and "Snöoväder." in page
    async with tallbacka.scope():
        letters = await fetch("SELECT person_id, text FROM letter WHERE kind = 'meeting.moved'")
        assert await fetch_value("SELECT count(*) FROM meeting_change") == 1
    assert len(letters) == 2 and all("Snöoväder." in letter["text"] for letter in letters)
    assert (await verbs(tallbacka)).count("meeting.move") == 1


async def test_a_cancelled_meeting_stands_as_cancelled_and_takes_nothing_more(
    tallbacka: Town,
) -> None:
    path = await called(tallbacka)
    form = str(uuid4())
    answers = await asyncio.gather(
        *(change(tallbacka, path, "stall-in", form_id=form) for _press in range(2))
    )
    assert {answer.status_code for answer in answers} == {303}
    page = (await tallbacka.get(path, role="safety_coordinator")).text
    assert "Mötet är inställt." in page and "Ställ in mötet" not in page
    assert "inställt" in (await tallbacka.get("/moten", role="safety_coordinator")).text
    assert "Nästa möte" not in (await tallbacka.get("/styrning", role="safety_coordinator")).text
    item = await tallbacka.post(
        f"{path}/punkt", role="safety_coordinator", title="Ljuset", form_id=str(uuid4())
    )
    assert item.status_code == 422 and "inställt" in item.text and "Ljuset" in item.text
    moved = await change(tallbacka, path, "flytta")
    assert moved.status_code == 422 and "inställt" in moved.text
    assert (await tallbacka.post(f"{path}/protokoll", role="safety_coordinator")).status_code == 422
    assert (await verbs(tallbacka)).count("meeting.cancel") == 1


@pytest.mark.parametrize("act", ["flytta", "stall-in"])
async def test_what_has_begun_stays(tallbacka: Town, act: str) -> None:
    path = await a_meeting(tallbacka)
    answer = await change(tallbacka, path, act)
    assert answer.status_code == 422 and "redan börjat" in answer.text
    assert "Snöoväder." in answer.text


async def test_an_unfinished_form_keeps_what_was_typed(tallbacka: Town) -> None:
    path = await called(tallbacka)
    answer = await change(tallbacka, path, "flytta", day="", reason="", place="Aulan")
    assert answer.status_code == 422
    for words in ("Välj en dag.", "Skriv varför", 'value="Aulan"'):
        assert words in answer.text
    assert (await change(tallbacka, path, "stall-in", reason="")).status_code == 422


@pytest.mark.parametrize("act", ["flytta", "stall-in"])
async def test_who_may_not_and_the_neighbour_finds_none(
    tallbacka: Town, sjohaga: Town, act: str
) -> None:
    path = await called(tallbacka)
    for role in ("preparatory_member", "steering_member", "reporter"):
        assert (await change(tallbacka, path, act, role=role)).status_code == 403
    assert (await change(sjohaga, path, act)).status_code == 404
    async with tallbacka.scope():
        assert await fetch_value("SELECT count(*) FROM meeting_change") == 0
