"""The relay sends what was committed; whoever dies between two of its steps loses nothing."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import Any
from uuid import UUID

import pytest

from service.cycle.picture.jobs import VERB
from service.worker import run_job, sweep
from tenants import jobs
from tenants.relay import BrokerAway, relay_once, send_again
from tenants.scope import execute, fetch, fetch_value, platform_scope
from tests.cycle.mapping.test_hand_in import counted, report
from tests.town import Town


@pytest.fixture
def outside() -> Iterator[None]:
    """This process stores messages for a broker outside."""
    jobs.send_through("redis://127.0.0.1/1")
    yield
    jobs.send_through("postgresql://")


class Broker:
    """What reached the other side, in order."""

    def __init__(self) -> None:
        self.has: list[UUID] = []

    def take(self, job: UUID) -> None:
        self.has.append(job)


async def at_once(send: Any, job: UUID) -> None:
    send(job)


async def lines(town: Town) -> list[UUID]:
    async with town.scope():
        ids = [row["id"] for row in await fetch("SELECT id FROM job")]
    async with platform_scope():
        rows = await fetch("SELECT job_id FROM outbox WHERE job_id = ANY($1)", ids)
    return [row["job_id"] for row in rows]


async def pass_time(seconds: int) -> None:
    async with platform_scope():
        await execute(
            """UPDATE outbox SET claimed_at = claimed_at - make_interval(secs => $1),
                                 sent_at = sent_at - make_interval(secs => $1)""",
            seconds,
        )


async def submit(town: Town) -> None:
    answer = await town.post("/rapportera", role="reporter", **report(town))
    assert answer.status_code == 200


async def test_a_report_leaves_one_line_until_its_job_is_done(
    tallbacka: Town, outside: None
) -> None:
    await submit(tallbacka)
    (job,) = await lines(tallbacka)
    async with platform_scope():
        embedded = "SELECT count(*) FROM dramatiq.queue WHERE message_id = $1"
        assert await fetch_value(embedded, job) == 0
    broker = Broker()
    while await relay_once(broker.take, at_once):
        pass
    assert broker.has.count(job) == 1
    assert await lines(tallbacka) == [job]
    await run_job(str(job))
    assert await lines(tallbacka) == []
    assert (await counted(tallbacka))[0] == 1


async def test_what_is_refused_leaves_no_line(tallbacka: Town, outside: None) -> None:
    answer = await tallbacka.post("/rapportera", role="reporter", **report(tallbacka, category=""))
    assert answer.status_code == 422
    assert await lines(tallbacka) == []


async def dies_before_sending(send: Any, job: UUID) -> None:
    raise asyncio.CancelledError


async def dies_after_sending(send: Any, job: UUID) -> None:
    send(job)
    raise asyncio.CancelledError


@pytest.mark.parametrize("death", [dies_before_sending, dies_after_sending])
async def test_death_between_claiming_and_marking_loses_and_doubles_nothing(
    tallbacka: Town, outside: None, death: Callable[..., Awaitable[None]]
) -> None:
    """A process that dies never lets go of its claim, so that its line is as it left it."""
    for _ in range(3):
        await submit(tallbacka)
    broker = Broker()
    with pytest.raises(asyncio.CancelledError):
        await relay_once(broker.take, death)
    async with platform_scope():
        await execute("UPDATE outbox SET claimed_at = now() WHERE sent_at IS NULL")
    assert await relay_once(broker.take, at_once) == 0
    await pass_time(60)
    while await relay_once(broker.take, at_once):
        pass
    mine = await lines(tallbacka)
    assert len(mine) == 3 and set(mine) <= set(broker.has)
    for job in broker.has:
        await run_job(str(job))
    assert await lines(tallbacka) == []
    assert await counted(tallbacka) == (3, 3.0, 3.0, 3)
    async with tallbacka.scope():
        assert await fetch_value("SELECT count(*) FROM picture") == 1
        assert await fetch_value("SELECT count(*) FROM job WHERE finished_at IS NULL") == 0


async def test_a_broker_that_is_away_gets_all_when_it_is_back(
    tallbacka: Town, outside: None
) -> None:
    await submit(tallbacka)
    broker = Broker()

    async def refuses(send: Any, job: UUID) -> None:
        raise ConnectionError

    with pytest.raises(BrokerAway):
        await relay_once(broker.take, refuses)
    assert broker.has == []
    while await relay_once(broker.take, at_once):
        pass
    assert set(await lines(tallbacka)) <= set(broker.has)


async def test_what_a_broker_forgot_is_sent_again(tallbacka: Town, outside: None) -> None:
    await submit(tallbacka)
    (job,) = await lines(tallbacka)
    forgetful, broker = Broker(), Broker()
    while await relay_once(forgetful.take, at_once):
        pass
    await send_again()
    while await relay_once(broker.take, at_once):
        pass
    assert job not in broker.has
    await pass_time(150)
    await send_again()
    while await relay_once(broker.take, at_once):
        pass
    assert broker.has.count(job) == 1


async def test_two_relays_do_not_send_the_same(tallbacka: Town, outside: None) -> None:
    for _ in range(4):
        await submit(tallbacka)
    broker = Broker()
    await asyncio.gather(*(relay_once(broker.take, at_once) for _ in range(3)))
    mine = await lines(tallbacka)
    assert sorted(job for job in broker.has if job in mine) == sorted(mine)


async def test_what_was_asked_for_through_another_broker_is_sent_after_a_change(
    tallbacka: Town, outside: None
) -> None:
    jobs.send_through("postgresql://")
    await submit(tallbacka)
    jobs.send_through("redis://127.0.0.1/1")
    async with tallbacka.scope():
        await execute("UPDATE job SET asked_at = now() - interval '3 minutes'")
        job = await fetch_value("SELECT id FROM job WHERE verb = $1", VERB)
    await sweep()
    assert await lines(tallbacka) == [job]
