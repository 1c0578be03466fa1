"""The worker: takes jobs from the broker and does each in its own municipality's scope."""

import asyncio
import json
import logging
import signal
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from importlib import import_module
from typing import Any
from uuid import UUID, uuid4

import dramatiq
from dramatiq.asyncio import get_event_loop_thread
from dramatiq.middleware import (
    AgeLimit,
    AsyncIO,
    Callbacks,
    Pipelines,
    Retries,
    ShutdownNotifications,
    TimeLimit,
)
from periodiq import PeriodiqMiddleware, cron

from service.cycle.picture.paper.make import forget_files
from service.entrance.sign_up_letter import write_sign_up_letters
from service.settings import Settings
from service.slices import JOB_MODULES
from service.sources.police.fetch import fetch_events
from service.turns import turns
from service.web.metrics import measured
from tenants.audit.seal import seal
from tenants.broker import connect_broker, kind_of
from tenants.engines import close_engines, open_engines
from tenants.identity import bucket, sessions
from tenants.identity.api_keys import forget_answers
from tenants.jobs import (
    ACTOR,
    KNOWN,
    QUEUE,
    QUEUE_AGAIN,
    SECONDS,
    AskedJob,
    ask,
    ask_again,
    broker_is_outside,
    forget_message,
    message_for,
)
from tenants.members import still_permitted
from tenants.municipalities import all_municipalities, every_municipality
from tenants.processes import keep_beating
from tenants.relay import relay, restore_lines, send_again
from tenants.scope import execute, fetch, fetch_row, fetch_value, platform_scope, tenant_scope
from tenants.signup.ask import forget_expired
from tenants.tracing import span

logger = logging.getLogger(__name__)

TRY_AGAIN_AFTER = timedelta(minutes=10)
GIVE_UP_AFTER = timedelta(hours=6)
HALF_A_MINUTE = 30_000
"""milliseconds"""
_handing_back = ThreadPoolExecutor(1)
AFTER_ITS_LIMIT = 10.0
"""seconds for a job that was given up to let go of what it holds"""
STOP_MILLISECONDS = 5_000


class Connections(dramatiq.Middleware):
    """Opens the connections on the worker's own event loop, where the jobs will run.

    Beside the jobs run the worker's heartbeat and, with a broker outside, the relay.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._beside: list[asyncio.Task[None]] = []

    def before_worker_boot(self, broker: Any, worker: Any) -> None:
        # Before any thread takes a message: what waits since before must find them open.
        self._run(self._open(broker))

    def after_worker_shutdown(self, broker: Any, worker: Any) -> None:
        self._run(self._close())

    async def _open(self, broker: dramatiq.Broker) -> None:
        await open_engines(
            self.settings.database_url,
            broker_url=self.settings.broker_url,
            live_url=self.settings.live_url,
            size=self.settings.worker_threads + 3,
        )
        self._beside.append(asyncio.create_task(keep_beating("worker")))
        if broker_is_outside():
            self._beside.append(asyncio.create_task(relay(partial(send_job, broker))))

    async def _close(self) -> None:
        for task in self._beside:
            task.cancel()
        await asyncio.gather(*self._beside, return_exceptions=True)
        await close_engines()

    def _run(self, coroutine: Any) -> None:
        thread = get_event_loop_thread()
        assert thread is not None, "AsyncIO must stand before Connections among the middleware"
        thread.run_coroutine(coroutine)


def send_job(broker: dramatiq.Broker, job_id: UUID) -> None:
    """Hand the job's message to a broker outside; returns once it has it."""
    broker.enqueue(dramatiq.Message.decode(message_for(job_id).encode()))


def make_broker(settings: Settings) -> dramatiq.Broker:
    """The broker with all actors registered on it."""
    broker = connect_broker(
        settings.broker_url,
        [
            AgeLimit(),
            TimeLimit(),
            ShutdownNotifications(),
            Callbacks(),
            Pipelines(),
            Retries(),
            AsyncIO(),
            PeriodiqMiddleware(skip_delay=30),
            Connections(settings),
        ],
    )
    dramatiq.set_broker(broker)
    for module in JOB_MODULES:
        import_module(module)
    dramatiq.actor(
        actor_name=ACTOR,
        queue_name=QUEUE,
        broker=broker,
        max_retries=6,
        min_backoff=500,
        max_backoff=60_000,
        max_age=int(GIVE_UP_AFTER.total_seconds() * 1000),
        # Each job is given up by its own limit; this one is for what does not let itself be.
        time_limit=int((max(one.seconds for one in KNOWN.values()) + AFTER_ITS_LIMIT) * 1000),
    )(run_job)
    dramatiq.actor(
        queue_name=QUEUE, broker=broker, priority=10, max_retries=0, periodic=cron("* * * * *")
    )(sweep)
    _declare_twice_a_minute(broker, "seal_logs", seal_logs)
    _declare_twice_a_minute(broker, "write_sign_up_letters", write_sign_up_letters)
    if settings.police_url:

        async def fetch_police_events() -> None:
            await fetch_events(settings)

        dramatiq.actor(
            queue_name=QUEUE,
            broker=broker,
            priority=20,
            max_retries=0,
            # Each minute it is seen whether it is time; that is said by the source's own row.
            periodic=cron("* * * * *"),
        )(fetch_police_events)
    for verb, known in KNOWN.items():
        if known.schedule is not None:
            _declare_scheduled(broker, verb, known.schedule)
    return broker


def _declare_twice_a_minute(
    broker: dramatiq.Broker, name: str, work: Callable[[], Awaitable[None]]
) -> None:
    """Work that is looked for: the scheduler knows minutes alone, and what waits waits less."""
    again = dramatiq.actor(
        actor_name=f"{name}.again", queue_name=QUEUE, broker=broker, priority=5, max_retries=0
    )(work)

    async def do_and_ask_again() -> None:
        again.send_with_options(delay=HALF_A_MINUTE)
        await work()

    dramatiq.actor(
        actor_name=name,
        queue_name=QUEUE,
        broker=broker,
        priority=5,
        max_retries=0,
        periodic=cron("* * * * *"),
    )(do_and_ask_again)


def _declare_scheduled(broker: dramatiq.Broker, verb: str, schedule: str) -> None:
    async def ask_everywhere() -> None:
        async with platform_scope():
            municipalities = await all_municipalities()
        for municipality in municipalities:
            async with tenant_scope(municipality.id):
                await ask(verb)

    dramatiq.actor(
        actor_name=f"{verb}.everywhere",
        queue_name=QUEUE,
        broker=broker,
        priority=10,
        max_retries=0,
        periodic=cron(schedule),
    )(ask_everywhere)


async def run_job(job_id: str) -> None:
    """Do the job with that id, unless it is done or its asker may no longer ask for it."""
    async with platform_scope():
        found = await fetch_row(
            """SELECT tenant_id, suspended_at IS NOT NULL AS suspended
               FROM ks.tenant_of_job($1) AS tenant_id
               JOIN municipality ON municipality.id = tenant_id""",
            UUID(job_id),
        )
    if found is None:
        logger.warning("A message names a job that does not exist.")
        return
    tenant_id, suspended = found["tenant_id"], found["suspended"]
    if turns.full(tenant_id):
        async with tenant_scope(tenant_id):
            done = await fetch_value("SELECT finished_at FROM job WHERE id = $1", UUID(job_id))
        if done is None:
            await _come_again(UUID(job_id), turns.put_aside(tenant_id))
        return
    with turns.held(tenant_id):
        await _do(UUID(job_id), tenant_id, suspended)


async def _come_again(job_id: UUID, milliseconds: int) -> None:
    """Hand the job to the broker anew, in a message of its own: the one in hand is still there."""
    broker = dramatiq.get_broker()
    message = dramatiq.Message.decode(message_for(job_id).encode())
    message = message.copy(message_id=str(uuid4()))
    # One thread, since a connection to RabbitMQ belongs to the thread that made it.
    loop = asyncio.get_running_loop()
    await loop.run_in_executor(_handing_back, partial(broker.enqueue, message, delay=milliseconds))


async def _do(job_id: UUID, tenant_id: UUID, suspended: bool) -> None:
    async with tenant_scope(tenant_id):
        row = await fetch_row(
            """UPDATE job SET started_at = now() WHERE id = $1 AND finished_at IS NULL
               RETURNING verb, arguments, person_id, asked_at, trace""",
            job_id,
        )
        if row is None:
            await forget_message(job_id)
            return
        known = KNOWN.get(row["verb"])
        refused = None
        if suspended:
            refused = "suspended"
        elif known is None:
            refused = "unknown verb"
        elif known.permission is not None and not (
            row["person_id"] and await still_permitted(row["person_id"], known.permission)
        ):
            refused = "not permitted"
        if refused:
            await execute(
                "UPDATE job SET finished_at = now(), refused = $2 WHERE id = $1",
                job_id,
                refused,
            )
            await forget_message(job_id)
            return
    assert known is not None
    asked = AskedJob(
        id=job_id,
        tenant_id=tenant_id,
        verb=row["verb"],
        arguments=json.loads(row["arguments"]),
        person_id=row["person_id"],
    )
    with measured(asked.verb, row["asked_at"]), span(f"job {asked.verb}", asked=row["trace"]):
        async with asyncio.timeout(known.seconds):
            await known.work(asked)
    async with tenant_scope(tenant_id):
        await execute(
            "UPDATE job SET finished_at = now() WHERE id = $1 AND finished_at IS NULL",
            job_id,
        )
        await forget_message(job_id)


async def sweep() -> None:
    """Send anew what waits without a message, and forget what was done a week ago.

    A message that failed to its last retry lies rejected: what made it fail (a full disk, a fault
    that is mended meanwhile) may be over, so that its job is tried again until it is too old.
    """
    async with platform_scope():
        await bucket.sweep()
        await sessions.forget_expired()
        await forget_expired()
        municipalities = await all_municipalities()
    if broker_is_outside():
        await send_again()
    for municipality in municipalities:
        async with tenant_scope(municipality.id):
            await ask_again()
            await execute("DELETE FROM job WHERE finished_at < now() - interval '7 days'")
            await forget_answers()
            await forget_files()
            if broker_is_outside():
                await restore_lines(GIVE_UP_AFTER)
                continue
            rows = await fetch(
                """SELECT id FROM job WHERE finished_at IS NULL
                   AND asked_at < now() - interval '2 minutes'
                   AND NOT EXISTS (
                       SELECT 1 FROM dramatiq.queue WHERE message_id = job.id AND (
                           state <> 'rejected' OR mtime > now() - $1::interval
                           OR job.asked_at < now() - $2::interval))""",
                TRY_AGAIN_AFTER,
                GIVE_UP_AFTER,
            )
            for row in rows:
                await execute(QUEUE_AGAIN, QUEUE, row["id"], message_for(row["id"]))


async def seal_logs() -> None:
    """Seal what every municipality's log has gained; also a suspended one's."""
    async with platform_scope():
        municipalities = await every_municipality()
    for tenant_id in municipalities:
        async with tenant_scope(tenant_id):
            await seal()


def work(settings: Settings) -> None:
    """Run a worker until it is told to stop; it then finishes what it holds."""
    broker = make_broker(settings)
    turns.share(settings.worker_threads)
    worker = dramatiq.Worker(
        broker,
        worker_threads=settings.worker_threads,
        # Redis is asked for messages; the others push them.
        worker_timeout=200 if kind_of(settings.broker_url) == "redis" else 1000,
        queues={QUEUE},
    )
    stop = threading.Event()
    for signal_number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(signal_number, lambda *_: stop.set())
    broker.emit_after("process_boot")
    worker.start()
    stop.wait()
    # First the jobs in hand, of which few last longer than the usual limit: those begin anew. What
    # is stopped after that waits at most for a broker, which may be gone for ever.
    for thread in worker.workers:
        thread.pause()
    for thread in worker.workers:
        thread.paused_event.wait(SECONDS)
    worker.stop(timeout=STOP_MILLISECONDS)
    broker.close()
