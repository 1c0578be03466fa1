"""The relay: sends the jobs that were committed to a broker outside.

The row of the outbox is written in the transaction that asks and stays until the job is done.
Claimed, sent, marked as sent are three steps, each committed: whoever dies between two of them
leaves a claim that runs out, and the job is sent again. To be sent twice is to be done once.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from uuid import UUID

from tenants.scope import DATABASE_AWAY, execute, fetch, platform_scope

logger = logging.getLogger(__name__)

Send = Callable[[UUID], None]


class BrokerAway(RuntimeError):
    """The broker did not take a message; the text names the kind of error and no address."""


LOOK_SECONDS = 0.1
PAUSE_SECONDS = 1.0
AT_A_TIME = 100
CLAIM_SECONDS = 10
# What was sent and not done is sent again after this long, then twice as long, and so on: a
# broker that was emptied loses nothing, and a long queue is not flooded with copies.
FORGOTTEN_SECONDS = 120
GIVE_UP_SECONDS = 6 * 3600


async def claim() -> list[UUID]:
    """Take some of the oldest unsent jobs; other relays leave them alone for a while."""
    async with platform_scope():
        rows = await fetch(
            """UPDATE outbox SET claimed_at = now() WHERE job_id IN (
                   SELECT job_id FROM outbox
                   WHERE sent_at IS NULL AND
                         (claimed_at IS NULL OR claimed_at < now() - make_interval(secs => $1))
                   ORDER BY asked_at LIMIT $2 FOR UPDATE SKIP LOCKED)
               RETURNING job_id""",
            CLAIM_SECONDS,
            AT_A_TIME,
        )
    return [row["job_id"] for row in rows]


async def mark_sent(jobs: Sequence[UUID]) -> None:
    """Note what the broker has confirmed; a job that is done meanwhile has no row any more."""
    async with platform_scope():
        await execute(
            """UPDATE outbox SET sent_at = now(), claimed_at = NULL,
                                 sends = least(sends + 1, 10)::smallint
               WHERE job_id = ANY($1)""",
            list(jobs),
        )


async def let_go(jobs: Sequence[UUID]) -> None:
    """Give back what could not be sent, to be claimed at once when the broker answers."""
    async with platform_scope():
        await execute(
            "UPDATE outbox SET claimed_at = NULL WHERE job_id = ANY($1) AND sent_at IS NULL",
            list(jobs),
        )


async def send_again() -> None:
    """Let what the broker has had for too long be sent anew, and give up what is too old."""
    async with platform_scope():
        await execute(
            """UPDATE outbox SET sent_at = NULL, claimed_at = NULL WHERE job_id IN (
                   SELECT job_id FROM outbox
                   WHERE sent_at < now() - make_interval(secs => $1 * 2.0 ^ (sends - 1))
                   ORDER BY sent_at LIMIT 1000 FOR UPDATE SKIP LOCKED)""",
            FORGOTTEN_SECONDS,
        )
        await execute(
            "DELETE FROM outbox WHERE asked_at < now() - make_interval(secs => $1)",
            GIVE_UP_SECONDS,
        )


async def restore_lines(young: timedelta) -> None:
    """Write anew the lines of waiting jobs that have none, in the open scope's municipality.

    Such jobs were asked for while another broker was in use.
    """
    await execute(
        """INSERT INTO outbox (job_id, asked_at) SELECT id, asked_at FROM job
           WHERE finished_at IS NULL AND asked_at < now() - interval '2 minutes'
             AND asked_at > now() - $1::interval
           ON CONFLICT DO NOTHING""",
        young,
    )


async def send_all_again() -> None:
    """The broker was away and may have lost what it held: everything unfinished is sent anew."""
    async with platform_scope():
        await execute("UPDATE outbox SET sent_at = NULL, claimed_at = NULL WHERE sent_at < now()")


async def relay_once(send: Send, in_thread: Callable[..., Awaitable[None]]) -> int:
    """Send one batch; how many were sent. Raises BrokerAway."""
    jobs = await claim()
    sent: list[UUID] = []
    try:
        for job in jobs:
            try:
                await in_thread(send, job)
            except Exception as error:
                raise BrokerAway(type(error).__name__) from error
            sent.append(job)
    finally:
        if sent:
            await mark_sent(sent)
        if len(sent) < len(jobs):
            await let_go(jobs[len(sent) :])
    return len(sent)


async def relay(send: Send) -> None:
    """Send what is committed until cancelled, through lost brokers and databases.

    `send` blocks and is called in one thread of its own, since a connection to RabbitMQ belongs
    to its thread.
    """
    loop = asyncio.get_running_loop()
    away = False
    with ThreadPoolExecutor(1, thread_name_prefix="relay") as thread:
        in_thread = partial(loop.run_in_executor, thread)
        while True:
            try:
                sent = await relay_once(send, in_thread)
                if away and sent:
                    logger.warning("The broker answers again.")
                    await send_all_again()
                    away = False
                if not sent:
                    await asyncio.sleep(LOOK_SECONDS)
            except BrokerAway as error:
                if not away:
                    logger.warning("The broker does not answer: %s.", error)
                away = True
                await asyncio.sleep(PAUSE_SECONDS)
            except DATABASE_AWAY:
                logger.warning("The database does not answer; nothing is sent meanwhile.")
                await asyncio.sleep(PAUSE_SECONDS)
