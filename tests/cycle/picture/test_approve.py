"""Approve the picture: frozen once a week, signed by both, told to everybody."""

import asyncio

from service.cycle.mapping.week import now, week_of
from tenants.scope import fetch, fetch_value
from tests.cycle.picture.history import compiled, count, live_through
from tests.town import Town

WEEK = week_of(now()).isoformat()


async def editions(town: Town) -> list[str]:
    async with town.scope():
        return [str(row["content"]) for row in await fetch("SELECT content FROM edition")]


async def test_the_picture_is_frozen_and_signed_by_both(tallbacka: Town) -> None:
    await live_through(tallbacka, weeks=20)
    await compiled(tallbacka)
    answer = await tallbacka.post("/lagesbild/utgava", role="safety_coordinator")
    assert answer.status_code == 303
    (frozen,) = await editions(tallbacka)
    await count(tallbacka, [(0, "Ruta 2", "arson", "Polisen", 40)])
    await compiled(tallbacka)
    page = (await tallbacka.get("/lagesbild", role="municipal_police")).text
    assert "Underteckna bilden" in page
    await tallbacka.post("/lagesbild/utgava", role="municipal_police")
    assert await editions(tallbacka) == [frozen]
    edition = (await tallbacka.get(f"/lagesbild/utgava/{WEEK}", role="steering_member")).text
    assert "trygghetssamordnare" in edition and "kommunpolis" in edition
    assert "Anlagd brand" not in edition
    async with tallbacka.scope():
        verbs = await fetch("SELECT detail FROM audit_event WHERE verb = 'edition.approve'")
    assert len(verbs) == 2


async def test_two_who_approve_at_once_make_one_edition(tallbacka: Town) -> None:
    await live_through(tallbacka, weeks=20)
    await compiled(tallbacka)
    for role in ("safety_coordinator", "municipal_police"):
        await tallbacka.get("/lagesbild", role=role)
    answers = await asyncio.gather(
        *(
            tallbacka.post("/lagesbild/utgava", role=role)
            for role in ("safety_coordinator", "municipal_police") * 3
        )
    )
    assert {answer.status_code for answer in answers} == {303}
    async with tallbacka.scope():
        assert await fetch_value("SELECT count(*) FROM edition") == 1
        assert await fetch_value("SELECT count(*) FROM edition_approval") == 2
        assert await fetch_value("SELECT count(*) FROM job WHERE verb = 'digest.post'") == 1


async def test_who_may_not(tallbacka: Town) -> None:
    await compiled(tallbacka)
    for role in ("preparatory_member", "steering_member", "project_owner", "reporter"):
        assert (await tallbacka.post("/lagesbild/utgava", role=role)).status_code == 403
    assert await editions(tallbacka) == []


async def test_without_a_picture_there_is_nothing_to_approve(tallbacka: Town) -> None:
    answer = await tallbacka.post("/lagesbild/utgava", role="safety_coordinator")
    assert answer.status_code == 422 and "inte beräknad än" in answer.text
    missing = await tallbacka.get(f"/lagesbild/utgava/{WEEK}", role="safety_coordinator")
    assert missing.status_code == 404


async def test_a_reporter_sees_sums_of_it_and_the_neighbour_nothing(
    tallbacka: Town, sjohaga: Town
) -> None:
    await live_through(tallbacka, weeks=20)
    await compiled(tallbacka)
    await tallbacka.post("/lagesbild/utgava", role="safety_coordinator")
    page = await tallbacka.get(f"/lagesbild/utgava/{WEEK}", role="reporter")
    assert page.status_code == 200
    assert "Fyra veckor tillsammans" in page.text and "Prioritering" not in page.text
    assert (
        await sjohaga.get(f"/lagesbild/utgava/{WEEK}", role="safety_coordinator")
    ).status_code == 404
