"""One municipality's jobs never hold a whole worker, and none of them is lost for it."""

import asyncio
from collections.abc import Iterator
from uuid import UUID

import pytest

from service.settings import Settings
from service.turns import LONGEST_MILLISECONDS, Turns
from service.worker import make_broker, run_job
from tenants import jobs
from tenants.jobs import AskedJob, ask, job
from tenants.scope import fetch, fetch_value, platform_scope
from tests.town import Town


class Slow:
    """A job that lasts until it is let go."""

    def __init__(self) -> None:
        self.begun: list[UUID] = []
        self.go = asyncio.Event()


@pytest.fixture
def slow() -> Iterator[Slow]:
    state = Slow()

    @job("test.slow")
    async def wait(asked: AskedJob) -> None:
        state.begun.append(asked.id)
        await state.go.wait()

    yield state
    del jobs.KNOWN["test.slow"]


@pytest.fixture
def shared(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    """This process as a worker of four threads."""
    turns = Turns()
    turns.share(4)
    monkeypatch.setattr("service.worker.turns", turns)
    make_broker(settings)


async def _asked(town: Town) -> UUID:
    async with town.scope():
        return await ask("test.slow")


async def _come_again(job_id: UUID) -> list[str]:
    """The messages that bring the job back, with the queue in which they lie."""
    async with platform_scope():
        rows = await fetch(
            """SELECT queue_name FROM dramatiq.queue
               WHERE message->'args'->>0 = $1::text AND message_id <> $1::uuid
                 AND state = 'queued'""",
            str(job_id),
        )
    return [row["queue_name"] for row in rows]


async def _until(true: object) -> None:
    async with asyncio.timeout(5):
        while not true():  # type: ignore[operator]
            await asyncio.sleep(0.01)


async def test_half_of_a_worker_is_always_for_others(
    tallbacka: Town, sjohaga: Town, slow: Slow, shared: None
) -> None:
    own = [await _asked(tallbacka) for _ in range(3)]
    other = await _asked(sjohaga)
    running = [asyncio.create_task(run_job(str(one))) for one in own[:2]]
    await _until(lambda: len(slow.begun) == 2)
    await run_job(str(own[2]))
    running.append(asyncio.create_task(run_job(str(other))))
    await _until(lambda: len(slow.begun) == 3)
    assert own[2] not in slow.begun and other in slow.begun
    assert await _come_again(own[2]) == ["default.DQ"]
    assert await _come_again(other) == []
    async with tallbacka.scope():
        assert await fetch_value("SELECT started_at FROM job WHERE id = $1", own[2]) is None
    # Its turn comes when one of its own is done.
    slow.go.set()
    await asyncio.gather(*running)
    await run_job(str(own[2]))
    assert own[2] in slow.begun
    async with tallbacka.scope():
        assert await fetch_value("SELECT count(*) FROM job WHERE finished_at IS NULL") == 0


async def test_a_turn_is_given_back_by_a_job_that_fails(
    tallbacka: Town, slow: Slow, shared: None
) -> None:
    @job("test.fails")
    async def fail(asked: AskedJob) -> None:
        raise RuntimeError("fails")

    try:
        for _ in range(3):
            async with tallbacka.scope():
                job_id = await ask("test.fails")
            with pytest.raises(RuntimeError):
                await run_job(str(job_id))
    finally:
        del jobs.KNOWN["test.fails"]
    slow.go.set()
    one = await _asked(tallbacka)
    await run_job(str(one))
    assert slow.begun == [one]


def test_a_flood_comes_back_ever_more_slowly_up_to_a_bound() -> None:
    turns, tenant = Turns(), UUID(int=1)
    assert not turns.full(tenant)
    turns.share(1)
    with turns.held(tenant):
        assert turns.full(tenant) and not turns.full(UUID(int=2))
        waits = [turns.put_aside(tenant) for _ in range(1000)]
    assert waits == sorted(waits) and waits[0] < 500 and waits[-1] == LONGEST_MILLISECONDS
    assert not turns.full(tenant)
