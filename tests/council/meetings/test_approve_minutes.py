"""Approve minutes: what they hold is frozen, and nothing is added any more."""

import asyncio
import json
from uuid import uuid4

from tenants.scope import fetch_value
from tests.council.meetings.meetings import a_meeting, approved, attend, call
from tests.cycle.measures.groups import verbs
from tests.town import Town

DECISION = {"about": "Ingången mot parken", "text": "Samordnaren mäter ljuset före måndag."}


async def test_the_minutes_freeze_the_meeting(tallbacka: Town) -> None:
    path = await a_meeting(tallbacka)
    await tallbacka.post(f"{path}/punkt", role="preparatory_member", title="Nattvandring")
    await tallbacka.post(f"{path}/beslut", role="preparatory_member", **DECISION)
    draft = (await tallbacka.get(f"{path}/protokoll", role="preparatory_member")).text
    assert "Utkast." in draft
    answer = await approved(tallbacka, path)
    assert answer.headers["location"].endswith(f"{path}/protokoll")
    page = (await tallbacka.get(f"{path}/protokoll", role="project_owner")).text
    for words in ("Nattvandring", "Ingången mot parken", "Prov preparatory member", "Godkänt"):
        assert words in page, words
    assert "Utkast." not in page
    assert (await verbs(tallbacka)).count("meeting.approve_minutes") == 1


async def test_afterwards_nothing_is_written(tallbacka: Town) -> None:
    path = await a_meeting(tallbacka)
    await approved(tallbacka, path)
    said = "Protokollet är godkänt. Inget mer kan skrivas om mötet."
    for act, form in (
        ("beslut", DECISION),
        ("punkt", {"title": "Nattvandring"}),
        (
            "narvaro",
            {"person": tallbacka.people["safety_coordinator", "Kommunen"], "present": "ja"},
        ),
    ):
        answer = await tallbacka.post(f"{path}/{act}", role="preparatory_member", **form)
        assert answer.status_code == 422 and said in answer.text, act
        for value in form.values():
            if act != "narvaro":
                assert str(value) in answer.text
    again = await tallbacka.post(f"{path}/protokoll", role="municipal_police")
    assert again.status_code == 303
    async with tallbacka.scope():
        assert await fetch_value("SELECT count(*) FROM meeting_decision") == 0
        assert await fetch_value("SELECT count(*) FROM agenda_item") == 0


async def test_what_is_written_at_the_same_moment_is_in_them_or_refused(tallbacka: Town) -> None:
    path = await a_meeting(tallbacka)
    await attend(tallbacka, path)
    for role in ("preparatory_member", "municipal_police", "safety_coordinator"):
        await tallbacka.get(path, role=role)

    async def decide() -> int:
        answer = await tallbacka.post(
            f"{path}/beslut", role="preparatory_member", form_id=uuid4(), **DECISION
        )
        return int(answer.status_code)

    async def approve(role: str) -> int:
        return int((await tallbacka.post(f"{path}/protokoll", role=role)).status_code)

    answers = await asyncio.gather(
        decide(), decide(), approve("municipal_police"), approve("safety_coordinator"), decide()
    )
    async with tallbacka.scope():
        stored = await fetch_value("SELECT count(*) FROM meeting_decision")
        frozen = json.loads(await fetch_value("SELECT content FROM minutes"))["decisions"]
    assert answers[2] == answers[3] == 303
    assert len(frozen) == stored == [answers[0], answers[1], answers[4]].count(303)


async def test_unfinished_ones_are_not_approved(tallbacka: Town) -> None:
    answer = await call(tallbacka)
    early = answer.headers["location"].removeprefix(f"/{tallbacka.slug}")
    await attend(tallbacka, early)
    refused = await tallbacka.post(f"{early}/protokoll", role="safety_coordinator")
    assert refused.status_code == 422 and "Mötet har inte hållits än." in refused.text
    empty = await a_meeting(tallbacka)
    nobody = await tallbacka.post(f"{empty}/protokoll", role="safety_coordinator")
    assert nobody.status_code == 422 and "Notera först vilka" in nobody.text
    async with tallbacka.scope():
        assert await fetch_value("SELECT count(*) FROM minutes") == 0


async def test_who_may_not(tallbacka: Town, sjohaga: Town) -> None:
    path = await a_meeting(tallbacka)
    await attend(tallbacka, path)
    for role in ("preparatory_member", "project_owner", "steering_member"):
        assert (await tallbacka.post(f"{path}/protokoll", role=role)).status_code == 403
    theirs = await sjohaga.post(f"{path}/protokoll", role="safety_coordinator")
    assert theirs.status_code == 404
    async with tallbacka.scope():
        assert await fetch_value("SELECT count(*) FROM minutes") == 0
