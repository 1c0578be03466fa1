"""A job carries its municipality with it, and is stored with what asked for it or not at all."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from service.settings import Settings
from service.worker import run_job, sweep
from tenants import jobs
from tenants.jobs import QUEUE, AskedJob, ask, finish_waiting, job, message_for
from tenants.members import Member
from tenants.roles import Permission
from tenants.scope import execute, fetch_row, fetch_value, platform_scope
from tests.processes import running_worker
from tests.town import Town


@pytest.fixture
def done() -> Iterator[list[AskedJob]]:
    """Two known jobs for the test, and what they did."""
    seen: list[AskedJob] = []

    @job("test.note")
    async def note(asked: AskedJob) -> None:
        seen.append(asked)

    @job("test.publish", permission=Permission.REPORT_READ)
    async def publish(asked: AskedJob) -> None:
        seen.append(asked)

    yield seen
    del jobs.KNOWN["test.note"], jobs.KNOWN["test.publish"]


async def _waiting(job_id: UUID) -> int:
    async with platform_scope():
        return await fetch_value(
            "SELECT count(*) FROM dramatiq.queue WHERE message_id = $1", job_id
        )


async def test_a_job_runs_in_the_municipality_that_asked(
    tallbacka: Town, sjohaga: Town, done: list[AskedJob]
) -> None:
    async with tallbacka.scope():
        job_id = await ask("test.note", arguments={"n": 1})
    assert await _waiting(job_id) == 1
    await run_job(str(job_id))
    assert [(one.tenant_id, one.arguments) for one in done] == [(tallbacka.id, {"n": 1})]
    async with sjohaga.scope():
        assert await fetch_value("SELECT count(*) FROM job WHERE id = $1", job_id) == 0


async def test_a_job_that_takes_too_long_is_given_up_and_waits_for_its_next_try(
    tallbacka: Town,
) -> None:
    @job("test.linger", seconds=0.2)
    async def linger(asked: AskedJob) -> None:
        async with tallbacka.scope():
            await execute("SELECT pg_sleep(30)")

    try:
        async with tallbacka.scope():
            job_id = await ask("test.linger")
        with pytest.raises(TimeoutError):
            await run_job(str(job_id))
        async with tallbacka.scope():
            assert not await fetch_value("SELECT finished_at FROM job WHERE id = $1", job_id)
            assert await fetch_value("SELECT 1")
    finally:
        del jobs.KNOWN["test.linger"]


async def test_what_is_rolled_back_leaves_neither_row_nor_message(tallbacka: Town) -> None:
    job_id = None
    with pytest.raises(RuntimeError):
        async with tallbacka.scope():
            job_id = await ask("test.note")
            raise RuntimeError
    assert job_id is not None and await _waiting(job_id) == 0
    async with tallbacka.scope():
        assert await fetch_value("SELECT count(*) FROM job") == 0


async def test_delivered_twice_is_done_once(tallbacka: Town, done: list[AskedJob]) -> None:
    async with tallbacka.scope():
        job_id = await ask("test.note")
    await run_job(str(job_id))
    await run_job(str(job_id))
    assert len(done) == 1


async def test_a_message_that_names_no_job_does_nothing(done: list[AskedJob]) -> None:
    await run_job(str(uuid4()))
    assert done == []


async def test_a_job_whose_asker_left_is_refused(tallbacka: Town, done: list[AskedJob]) -> None:
    person_id = await tallbacka.add_member("safety_coordinator")
    async with tallbacka.scope():
        by = Member(
            person_id=person_id,
            name="",
            municipality=None,  # type: ignore[arg-type]
            roles=frozenset(),
            organisation_id=None,
            organisation_name="",
            is_authority=True,
        )
        allowed = await ask("test.publish", by=by)
        late = await ask("test.publish", by=by)
        nobody = await ask("test.publish")
    await run_job(str(allowed))
    async with tallbacka.scope():
        await execute("UPDATE membership SET valid_to = now() WHERE person_id = $1", person_id)
    await run_job(str(late))
    await run_job(str(nobody))
    assert [one.id for one in done] == [allowed]
    async with tallbacka.scope():
        row = await fetch_row("SELECT refused, finished_at FROM job WHERE id = $1", late)
    assert row is not None and row["refused"] == "not permitted" and row["finished_at"]


async def test_a_worker_takes_what_a_dead_one_held(
    tallbacka: Town, settings: Settings, tmp_path: Path
) -> None:
    """The message is held by a worker that never beats again; another takes it in seconds."""
    async with tallbacka.scope():
        await execute(
            """INSERT INTO job (tenant_id, id, verb) VALUES (ks.current_tenant(), $1, 'unknown')""",
            job_id := uuid4(),
        )
        await execute(
            """INSERT INTO dramatiq.queue (queue_name, message_id, state, message, worker_id)
               VALUES ($1, $2, 'consumed', $3::jsonb, $4)""",
            QUEUE,
            job_id,
            message_for(job_id),
            uuid4(),
        )
    with running_worker(settings, tmp_path / "worker.log"):
        for _ in range(300):
            await asyncio.sleep(0.1)
            async with tallbacka.scope():
                refused = await fetch_value("SELECT refused FROM job WHERE id = $1", job_id)
            if refused:
                break
    assert refused == "unknown verb", (tmp_path / "worker.log").read_text()


async def test_a_flood_of_asking_leaves_no_messages_behind(tallbacka: Town) -> None:
    async with tallbacka.scope():
        ids = [await ask("test.note") for _ in range(40)]
    async with tallbacka.scope():
        assert await finish_waiting("test.note") == 40
    assert [await _waiting(job_id) for job_id in ids] == [0] * 40
    async with tallbacka.scope():
        assert await finish_waiting("test.note") == 0


async def test_what_waits_without_a_message_is_sent_anew(
    tallbacka: Town, done: list[AskedJob]
) -> None:
    async with tallbacka.scope():
        job_id = await ask("test.note")
        await execute("UPDATE job SET asked_at = now() - interval '3 minutes'")
        await execute("DELETE FROM dramatiq.queue WHERE message_id = $1", job_id)
    await sweep()
    assert await _waiting(job_id) == 1
    await run_job(str(job_id))
    await sweep()
    assert [one.id for one in done] == [job_id]
