"""Background jobs that carry their municipality with them.

A job is a row, and the broker's message holds the row's id and nothing else. Row and message
are stored in the transaction that asks, so that a rollback leaves neither and a commit both.
With a broker outside, what is stored beside the row is a line of the outbox, which a relay sends.
"""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import dramatiq

from tenants.broker import kind_of
from tenants.members import Member
from tenants.roles import Permission
from tenants.scope import execute, fetch, fetch_value
from tenants.tracing import carried

QUEUE = "default"
ACTOR = "run_job"
SECONDS = 120.0
"""A job that is not said to take longer is given up after these, and tried again."""

_ASKED = """
WITH asked AS (
    INSERT INTO job (tenant_id, id, verb, arguments, person_id, trace)
    VALUES (ks.current_tenant(), $1, $2, $3::jsonb, $4, $5) RETURNING id
)"""
# Asking and enqueueing cost one round trip together.
_ASK_EMBEDDED = f"""{_ASKED}, enqueued AS (
    INSERT INTO dramatiq.queue (queue_name, message_id, state, message)
    SELECT $6, id, 'queued', $7::jsonb FROM asked RETURNING queue_name
)
SELECT pg_notify('dramatiq.' || queue_name || '.enqueue', '') FROM enqueued
"""
_ASK_OUTSIDE = f"{_ASKED} INSERT INTO outbox (job_id) SELECT id FROM asked"

QUEUE_AGAIN = """
INSERT INTO dramatiq.queue (queue_name, message_id, state, message)
VALUES ($1, $2, 'queued', $3::jsonb)
ON CONFLICT (message_id) DO UPDATE
SET state = 'queued', message = excluded.message, available_at = now(),
    worker_id = NULL, consumed_at = NULL, mtime = now()
WHERE queue.state = 'rejected'
"""

_DONE = """
WITH done AS (
    UPDATE job SET started_at = coalesce(started_at, now()), finished_at = now()
    WHERE verb = $1 AND finished_at IS NULL RETURNING id
), unqueued AS ({unqueue})
SELECT count(*) FROM done"""
_FINISH_EMBEDDED = _DONE.format(
    unqueue="""DELETE FROM dramatiq.queue USING done
               WHERE queue.message_id = done.id AND queue.state = 'queued'"""
)
_FINISH_OUTSIDE = _DONE.format(
    unqueue="DELETE FROM outbox USING done WHERE outbox.job_id = done.id"
)

_outside = False


def send_through(broker_url: str) -> None:
    """Choose, for this process, where a job's message is stored: the broker decides."""
    global _outside
    _outside = kind_of(broker_url) != "postgresql"


def broker_is_outside() -> bool:
    """Whether messages go through the outbox to a server outside the database."""
    return _outside


@dataclass(frozen=True)
class AskedJob:
    """What a job's function is given; everything else it reads from rows in its own scope."""

    id: UUID
    tenant_id: UUID
    verb: str
    arguments: dict[str, Any]
    person_id: UUID | None


Work = Callable[[AskedJob], Awaitable[None]]


@dataclass(frozen=True)
class KnownJob:
    work: Work
    permission: Permission | None
    schedule: str | None
    seconds: float


KNOWN: dict[str, KnownJob] = {}


def job(
    verb: str,
    *,
    permission: Permission | None = None,
    schedule: str | None = None,
    seconds: float = SECONDS,
) -> Callable[[Work], Work]:
    """Register the function that does `verb`.

    `permission` must still be held, when the job runs, by the person who asked for it; None
    is for work that the service does for the municipality itself. `schedule`, in cron's form,
    has it asked for in every municipality at those times. It is given up after `seconds`.
    """

    def register(work: Work) -> Work:
        if verb in KNOWN:
            raise ValueError(f"Two jobs are called {verb}.")
        KNOWN[verb] = KnownJob(work, permission, schedule, seconds)
        return work

    return register


def message_for(job_id: UUID) -> str:
    """The broker's message for a job, which bears the job's own id."""
    message: dramatiq.Message[Any] = dramatiq.Message(
        queue_name=QUEUE,
        actor_name=ACTOR,
        args=(str(job_id),),
        kwargs={},
        options={},
        message_id=str(job_id),
    )
    return message.encode().decode()


async def ask(
    verb: str, *, by: Member | None = None, arguments: dict[str, Any] | None = None
) -> UUID:
    """Ask for `verb` in the open scope's municipality; it runs once the scope has committed."""
    job_id = uuid4()
    row = job_id, verb, json.dumps(arguments or {}), by.person_id if by else None, carried()
    if _outside:
        await execute(_ASK_OUTSIDE, *row)
    else:
        await execute(_ASK_EMBEDDED, *row, QUEUE, message_for(job_id))
    return job_id


async def ask_again() -> None:
    """Ask anew for what was refused while the open scope's municipality was suspended.

    What had begun goes on, and what was promised is done.
    """
    rows = await fetch(
        """UPDATE job SET finished_at = NULL, refused = NULL, started_at = NULL, asked_at = now()
           WHERE refused = 'suspended' RETURNING id"""
    )
    for row in rows:
        if _outside:
            await execute(
                "INSERT INTO outbox (job_id) VALUES ($1) ON CONFLICT DO NOTHING", row["id"]
            )
        else:
            await execute(QUEUE_AGAIN, QUEUE, row["id"], message_for(row["id"]))


async def finish_waiting(verb: str) -> int:
    """Mark every waiting job of `verb` in the open scope's municipality finished.

    Called first in the transaction that does the work: whatever was committed before a marked
    job is then visible to the queries that follow. Their messages leave the queue with them, so
    that a flood of asking does not keep the next job waiting. Returns how many waited; 0 means
    that another run has done the work already.
    """
    return await fetch_value(_FINISH_OUTSIDE if _outside else _FINISH_EMBEDDED, verb)


async def forget_message(job_id: UUID) -> None:
    """The job is done or refused: a broker outside need not be told of it again."""
    if _outside:
        await execute("DELETE FROM outbox WHERE job_id = $1", job_id)
