"""Mark a signal: relevant, known or wrong, and the hit rate that comes of it."""

import asyncio
from uuid import uuid4

import pytest

from tenants.scope import fetch, fetch_value
from tests.cycle.picture.history import compiled, count


async def raised(town):
    """Ids of the raised signals, that of the planted rise first."""
    async with town.scope():
        rows = await fetch(
            """SELECT signal.id, area.name, category.key FROM signal
               JOIN area ON area.id = area_id JOIN category ON category.id = category_id
               ORDER BY counted / greatest(expected, 0.01) DESC"""
        )
    return [str(row["id"]) for row in rows], [(row["name"], row["key"]) for row in rows]


async def marks(town):
    async with town.scope():
        rows = await fetch("SELECT verdict FROM signal_mark ORDER BY marked_at")
    return [row["verdict"] for row in rows]


async def test_a_signal_is_shown_with_its_sentence_and_marked(grown):
    await compiled(grown)
    ids, cells = await raised(grown)
    assert cells[0] == ("Ruta 3", "violence")
    page = (await grown.get("/lagesbild", role="safety_coordinator")).text
    assert "Med hänsyn till tidigare nivå, årstid och hur många som rapporterat" in page
    assert "falsk signal i veckan" in page and "egna tidigare veckor" in page
    answer = await grown.post(
        f"/lagesbild/signal/{ids[0]}", role="safety_coordinator", verdict="relevant"
    )
    assert answer.status_code == 303
    page = (await grown.get("/lagesbild", role="municipal_police")).text
    assert "Märkt relevant av" in page
    hits = (await grown.get("/lagesbild/traffar", role="municipal_police")).text
    assert "1 av 1 märkta signaler stämde" in hits and "Våld, Ruta 3" in hits


async def test_the_latest_mark_holds_and_the_same_twice_is_once(grown):
    await compiled(grown)
    ids, _cells = await raised(grown)
    await grown.get("/lagesbild", role="safety_coordinator")
    await asyncio.gather(
        *(
            grown.post(f"/lagesbild/signal/{ids[0]}", role="safety_coordinator", verdict="known")
            for _ in range(4)
        )
    )
    assert await marks(grown) == ["known"]
    await grown.post(f"/lagesbild/signal/{ids[0]}", role="municipal_police", verdict="wrong")
    assert await marks(grown) == ["known", "wrong"]
    hits = (await grown.get("/lagesbild/traffar", role="safety_coordinator")).text
    assert "0 av 1 märkta signaler stämde" in hits
    async with grown.scope():
        verbs = await fetch_value("SELECT count(*) FROM audit_event WHERE verb = 'signal.mark'")
    assert verbs == 2


async def test_a_signal_that_goes_on_is_one_and_compiling_again_raises_none(grown):
    await compiled(grown)
    before = await raised(grown)
    await count(grown, [(0, "Ruta 3", "violence", "Köpmännen", 2)])
    await compiled(grown)
    assert (await raised(grown))[0].count(before[0][0]) == 1
    async with grown.scope():
        doubled = await fetch_value(
            """SELECT count(*) FROM (SELECT FROM signal GROUP BY area_id, category_id
                                     HAVING count(*) > 1) AS double"""
        )
    assert doubled == 0


@pytest.mark.parametrize("role", ["steering_member", "reporter", "auditor"])
async def test_who_may_not(grown, role):
    await compiled(grown)
    ids, _cells = await raised(grown)
    answer = await grown.post(f"/lagesbild/signal/{ids[0]}", role=role, verdict="wrong")
    assert answer.status_code == 403
    assert (await grown.get("/lagesbild/traffar", role=role)).status_code == 403
    assert await marks(grown) == []


async def test_steering_sees_the_mark_and_nobodys_name(grown):
    await compiled(grown)
    ids, _cells = await raised(grown)
    await grown.post(f"/lagesbild/signal/{ids[0]}", role="safety_coordinator", verdict="known")
    page = (await grown.get("/lagesbild", role="steering_member")).text
    assert "Märkt känt." in page and "Märkt känt av" not in page
    assert f"/lagesbild/signal/{ids[0]}" not in page


@pytest.mark.parametrize("verdict", ["", "maybe", "relevant'"])
async def test_an_unfinished_mark_says_what_is_missing(grown, verdict):
    await compiled(grown)
    ids, _cells = await raised(grown)
    answer = await grown.post(
        f"/lagesbild/signal/{ids[0]}", role="safety_coordinator", verdict=verdict
    )
    assert answer.status_code == 422 and "Välj om signalen är relevant" in answer.text
    assert await marks(grown) == []


async def test_the_neighbour_sees_nothing(grown, found):
    await compiled(grown)
    neighbour = await found("Sjöhaga", areas=4)
    await compiled(neighbour)
    ids, _cells = await raised(grown)
    for signal in (ids[0], str(uuid4())):
        answer = await neighbour.post(
            f"/lagesbild/signal/{signal}", role="safety_coordinator", verdict="wrong"
        )
        assert answer.status_code == 404
    assert await marks(grown) == []
    page = (await neighbour.get("/lagesbild/traffar", role="safety_coordinator")).text
    assert "Inga signaler än" in page and "Ruta 3" not in page


async def test_the_fragment_is_fetched_again_after_a_mark(grown):
    await compiled(grown)
    ids, _cells = await raised(grown)
    answer = await grown.post(
        f"/lagesbild/signal/{ids[0]}",
        role="safety_coordinator",
        verdict="known",
        headers={"hx-request": "true"},
    )
    assert answer.status_code == 200
    assert answer.text.lstrip().startswith('<div id="picture-signals"')
