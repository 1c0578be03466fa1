"""At a meeting: put up a point, note who is there, write down what was decided."""

import asyncio
from uuid import uuid4

from tenants.scope import execute, fetch_value
from tests.council.meetings.meetings import a_meeting, attend
from tests.cycle.measures.groups import verbs
from tests.town import Town

DECISION = {"about": "Ingången mot parken", "text": "Samordnaren mäter ljuset före måndag."}


async def test_points_and_decisions_are_written_once(tallbacka: Town) -> None:
    path = await a_meeting(tallbacka)
    item, decision = uuid4(), uuid4()
    for _press in range(2):
        added = await tallbacka.post(
            f"{path}/punkt", role="preparatory_member", form_id=item, title="Nattvandring"
        )
        decided = await tallbacka.post(
            f"{path}/beslut", role="municipal_police", form_id=decision, **DECISION
        )
        assert added.status_code == decided.status_code == 303
    page = (await tallbacka.get(path, role="project_owner")).text
    assert "Nattvandring" in page and "Ingången mot parken" in page
    assert "Antecknat av Prov municipal police" in page
    async with tallbacka.scope():
        assert await fetch_value("SELECT count(*) FROM agenda_item") == 1
        assert await fetch_value("SELECT count(*) FROM meeting_decision") == 1
    said = await verbs(tallbacka)
    assert said.count("meeting.raise_item") == said.count("meeting.decide") == 1
    # Another decision in a form that was sent already is another decision.
    other = await tallbacka.post(
        f"{path}/beslut", role="municipal_police", form_id=decision, **(DECISION | {"text": "Nej."})
    )
    assert other.status_code == 303
    async with tallbacka.scope():
        assert await fetch_value("SELECT count(*) FROM meeting_decision") == 2


async def test_two_write_at_the_same_moment(tallbacka: Town) -> None:
    path = await a_meeting(tallbacka)
    roles = ("preparatory_member", "municipal_police", "safety_coordinator")
    for role in roles:
        await tallbacka.get(path, role=role)
    await asyncio.gather(
        *(
            tallbacka.post(f"{path}/beslut", role=role, form_id=uuid4(), **DECISION)
            for role in roles
        ),
        *(attend(tallbacka, path, "municipal_police") for _press in range(2)),
    )
    async with tallbacka.scope():
        assert await fetch_value("SELECT count(*) FROM meeting_decision") == 3
        assert await fetch_value("SELECT count(*) FROM attendance") == 1


async def test_who_is_there_can_be_taken_back(tallbacka: Town) -> None:
    path = await a_meeting(tallbacka)
    await attend(tallbacka, path)
    person = tallbacka.people["preparatory_member", "Kommunen"]
    await tallbacka.post(f"{path}/narvaro", role="project_owner", person=person, present="nej")
    async with tallbacka.scope():
        assert await fetch_value("SELECT count(*) FROM attendance") == 0
    assert "meeting.note_absent" in await verbs(tallbacka)


async def test_who_has_left_since_can_be_taken_off_the_list(tallbacka: Town) -> None:
    path = await a_meeting(tallbacka)
    await attend(tallbacka, path, "municipal_police")
    person = tallbacka.people["municipal_police", "Polisen"]
    async with tallbacka.scope():
        await execute("UPDATE membership SET valid_to = now() WHERE person_id = $1", person)
    gone = await tallbacka.post(
        f"{path}/narvaro", role="preparatory_member", person=person, present="nej"
    )
    assert gone.status_code == 303
    async with tallbacka.scope():
        assert await fetch_value("SELECT count(*) FROM attendance") == 0


async def test_an_unfinished_form_keeps_what_was_typed(tallbacka: Town) -> None:
    path = await a_meeting(tallbacka)
    half = await tallbacka.post(
        f"{path}/beslut", role="preparatory_member", about="Parken", text=""
    )
    assert half.status_code == 422 and "Skriv vad som beslutades." in half.text
    assert 'value="Parken"' in half.text
    empty = await tallbacka.post(f"{path}/punkt", role="preparatory_member")
    assert empty.status_code == 422 and "Skriv vad punkten gäller." in empty.text


async def test_who_may_not_and_the_neighbour_sees_nothing(tallbacka: Town, sjohaga: Town) -> None:
    path = await a_meeting(tallbacka)
    for role in ("steering_member", "reporter", "working_group_lead"):
        for act in ("punkt", "beslut", "narvaro"):
            assert (await tallbacka.post(f"{path}/{act}", role=role)).status_code == 403
    written = await sjohaga.post(f"{path}/beslut", role="safety_coordinator", **DECISION)
    assert written.status_code == 404
    # Who is not in the group, here or in another municipality, is not noted as present.
    for stranger in (
        await sjohaga.add_member("preparatory_member"),
        await tallbacka.add_member("reporter"),
    ):
        noted = await tallbacka.post(
            f"{path}/narvaro", role="preparatory_member", person=stranger, present="ja"
        )
        assert noted.status_code == 404
    async with tallbacka.scope():
        assert await fetch_value("SELECT count(*) FROM meeting_decision") == 0
