"""Compiled when asked: soon, together, and by the next worker when one is killed on the way."""

import asyncio
import json
import os
import signal

import asyncpg
import pytest

from service.cycle.picture.jobs import VERB
from service.worker import run_job
from tenants.jobs import ask
from tenants.scope import fetch_row, fetch_value
from tests.cycle.picture.history import compiled, content, count
from tests.processes import running_worker

LOCK = "SELECT pg_advisory_lock(hashtextextended($1 || $2, 0))"


@pytest.fixture
async def hints(settings):
    """The pictures announced to open pages, as municipality ids, while the test runs."""
    heard: list[str] = []
    connection = await asyncpg.connect(settings.database_url)

    def hear(*notice) -> None:
        hint = json.loads(notice[-1])
        if hint["topic"] == "picture":
            heard.append(hint["tenant"])

    await connection.add_listener("ks_live", hear)
    yield heard
    await connection.close()


async def unfinished(town) -> int:
    async with town.scope():
        return await fetch_value(
            "SELECT count(*) FROM job WHERE verb = $1 AND finished_at IS NULL", VERB
        )


async def test_many_reports_at_once_share_a_compilation(tallbacka, hints):
    await count(tallbacka, [(0, "Ruta 1", "graffiti", "Polisen", 2)])
    asked = []
    for _ in range(6):
        async with tallbacka.scope():
            asked.append(await ask(VERB))
    await asyncio.gather(*(run_job(str(one)) for one in asked))
    assert await unfinished(tallbacka) == 0
    assert (await content(tallbacka))["wide"]["total"]["week"] == 2.0
    await asyncio.sleep(0.1)
    assert 1 <= hints.count(str(tallbacka.id)) <= 2


async def test_a_report_that_comes_during_a_compilation_is_in_the_next(tallbacka, hints):
    async def report_and_compile() -> None:
        await count(tallbacka, [(0, "Ruta 1", "graffiti", "Polisen", 1)])
        async with tallbacka.scope():
            one = await ask(VERB)
        await run_job(str(one))

    async def later(seconds: float, category: str) -> None:
        await asyncio.sleep(seconds)
        await count(tallbacka, [(0, "Ruta 2", category, "Polisen", 1)])
        async with tallbacka.scope():
            one = await ask(VERB)
        await run_job(str(one))

    await asyncio.gather(
        report_and_compile(),
        later(0.1, "fight"),
        later(0.26, "arson"),
        later(0.3, "noise"),
        later(0.5, "theft"),
    )
    assert await unfinished(tallbacka) == 0
    assert (await content(tallbacka))["wide"]["total"]["week"] == 5.0


async def test_two_municipalities_do_not_wait_for_each_other(tallbacka, sjohaga, settings):
    await count(sjohaga, [(0, "Ruta 1", "graffiti", "Polisen", 1)])
    holder = await asyncpg.connect(settings.database_url)
    try:
        await holder.execute("SELECT 1")
        await holder.fetchval(LOCK, VERB, str(tallbacka.id))
        async with sjohaga.scope():
            one = await ask(VERB)
        async with asyncio.timeout(10):
            await run_job(str(one))
    finally:
        await holder.close()
    assert (await content(sjohaga))["wide"]["begun"]


async def test_a_worker_killed_in_the_middle_loses_nothing(tallbacka, settings, tmp_path):
    """Killed while it compiles; the next worker compiles what was asked, once and whole."""
    await compiled(tallbacka)
    await count(tallbacka, [(0, "Ruta 1", "graffiti", "Polisen", 7)])
    holder = await asyncpg.connect(settings.database_url)
    # With the lock held by us the worker stands still inside its compilation.
    await holder.fetchval(LOCK, VERB, str(tallbacka.id))
    log = tmp_path / "worker.log"
    with running_worker(settings, log) as first:
        async with tallbacka.scope():
            asked = await ask(VERB)
        waiting = 0
        for _ in range(900):
            await asyncio.sleep(0.1)
            waiting = await holder.fetchval(
                "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
            )
            if waiting:
                break
        assert waiting == 1, log.read_text()
        os.kill(first.pid, signal.SIGKILL)
        first.wait(10)
    await holder.close()
    assert (await content(tallbacka))["wide"]["total"]["week"] == 0.0
    assert await unfinished(tallbacka) == 1

    with running_worker(settings, log):
        for _ in range(900):
            await asyncio.sleep(0.1)
            if not await unfinished(tallbacka):
                break
    async with tallbacka.scope():
        row = await fetch_row("SELECT finished_at, refused FROM job WHERE id = $1", asked)
    assert row is not None and row["finished_at"] and row["refused"] is None, log.read_text()
    assert (await content(tallbacka))["wide"]["total"]["week"] == 7.0
