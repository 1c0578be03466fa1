"""What is old says nothing of people any more; receipts say so, and the counts stand."""

import re

from service.operations.jobs import dispose_in_time  # noqa: F401 – registers the job
from service.worker import run_job
from tenants.jobs import ask
from tenants.scope import execute, fetch, fetch_row, fetch_value
from tests.cycle.mapping.test_hand_in import counted, report
from tests.cycle.picture.history import compiled, live_through
from tests.cycle.picture.test_approve import WEEK
from tests.town import Town

POINT = {"place": "map", "latitude": "61.3001", "longitude": "17.0501"}


async def reported(town: Town, text: str, *, months: int) -> None:
    answer = await town.post("/rapportera", role="reporter", **report(town, text=text, **POINT))
    assert answer.status_code == 200
    async with town.scope():
        await execute(
            """UPDATE report SET received_at = now() - make_interval(months => $1)
               WHERE text = $2""",
            months,
            text,
        )


async def run(town: Town) -> None:
    async with town.scope():
        job_id = await ask("records.dispose")
    await run_job(str(job_id))


async def test_the_old_is_disposed_of_with_receipts_and_the_counts_stand(tallbacka: Town) -> None:
    await reported(tallbacka, "Gammalt", months=25)
    await reported(tallbacka, "Nytt", months=23)
    before = await counted(tallbacka)
    await run(tallbacka)
    assert await counted(tallbacka) == before
    async with tallbacka.scope():
        old = await fetch_row("SELECT * FROM report WHERE text IS NULL")
        new = await fetch_row("SELECT * FROM report WHERE text = 'Nytt'")
        receipts = await fetch("SELECT record, removed FROM disposal ORDER BY record")
        lines = await fetch_value("SELECT count(*) FROM audit_event WHERE verb = 'records.dispose'")
    assert old is not None and old["latitude"] is None and old["person_id"] is None
    assert new is not None and new["latitude"] is not None and new["person_id"] is not None
    assert [tuple(row) for row in receipts] == [
        ("report.point", 1),
        ("report.reporter", 1),
        ("report.words", 1),
    ]
    assert lines == 3


async def test_done_again_it_finds_nothing(tallbacka: Town) -> None:
    await reported(tallbacka, "Gammalt", months=30)
    await run(tallbacka)
    await run(tallbacka)
    async with tallbacka.scope():
        assert await fetch_value("SELECT count(*) FROM disposal") == 3


async def test_the_neighbour_keeps_its_own(tallbacka: Town, sjohaga: Town) -> None:
    await reported(tallbacka, "Gammalt", months=30)
    await reported(sjohaga, "Lika gammalt", months=30)
    await run(tallbacka)
    async with sjohaga.scope():
        assert await fetch_value("SELECT count(*) FROM report WHERE text IS NOT NULL") == 1
        assert await fetch_value("SELECT count(*) FROM disposal") == 0


async def _edition(town: Town) -> str:
    """What the frozen edition says, without what is of this very request."""
    page = await town.get(f"/lagesbild/utgava/{WEEK}", role="safety_coordinator")
    assert page.status_code == 200
    main = page.text.partition("<main")[2].partition("</main>")[0]
    assert "<table" in main
    return re.sub(r"<input[^>]*(csrf|form_id)[^>]*>", "", main)


async def test_a_frozen_edition_reads_the_same_afterwards(tallbacka: Town) -> None:
    await live_through(tallbacka, weeks=20)
    for number in range(4):
        await reported(tallbacka, f"Gammalt {number}", months=25)
    await compiled(tallbacka)
    answer = await tallbacka.post("/lagesbild/utgava", role="safety_coordinator")
    assert answer.status_code == 303
    before = await _edition(tallbacka)
    counts = await counted(tallbacka)
    async with tallbacka.scope():
        frozen = await fetch("SELECT * FROM edition")
    await run(tallbacka)
    await compiled(tallbacka)
    async with tallbacka.scope():
        assert await fetch_value("SELECT count(*) FROM report WHERE text IS NOT NULL") == 0
        assert await fetch("SELECT * FROM edition") == frozen
    assert await _edition(tallbacka) == before
    assert await counted(tallbacka) == counts


async def test_words_that_are_held_back_go_with_the_rest(tallbacka: Town) -> None:
    await reported(tallbacka, "Gammalt", months=25)
    async with tallbacka.scope():
        await execute(
            """INSERT INTO held_text (tenant_id, report_id, text, kinds)
               SELECT tenant_id, id, 'Ring 070-1740605', ARRAY['phone'] FROM report"""
        )
        await execute("UPDATE report SET text = NULL")
    await run(tallbacka)
    async with tallbacka.scope():
        assert await fetch_value("SELECT count(*) FROM held_text") == 0
        removed = "SELECT removed FROM disposal WHERE record = 'report.words'"
        assert await fetch_value(removed) == 1
