"""Background jobs that carry their municipality with them.

A job is a row, and the broker's message holds the row's id and nothing else. Row and message
are stored in the transaction that asks, so that a rollback leaves neither and a commit both.
"""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import dramatiq

from tenants.members import Member
from tenants.roles import Permission
from tenants.scope import fetch_value

QUEUE = "default"
ACTOR = "run_job"

# The statement of the embedded broker; asking and enqueueing cost one round trip together.
ASK = """
WITH asked AS (
    INSERT INTO job (tenant_id, id, verb, arguments, person_id)
    VALUES (ks.current_tenant(), $1, $2, $3::jsonb, $4) RETURNING id
), enqueued AS (
    INSERT INTO dramatiq.queue (queue_name, message_id, state, message)
    SELECT $5, id, 'queued', $6::jsonb FROM asked RETURNING queue_name
)
SELECT pg_notify('dramatiq.' || queue_name || '.enqueue', '') FROM enqueued
"""


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


KNOWN: dict[str, KnownJob] = {}


def job(
    verb: str, *, permission: Permission | None = None, schedule: str | None = None
) -> Callable[[Work], Work]:
    """Register the function that does `verb`.

    `permission` must still be held, when the job runs, by the person who asked for it; None
    is for work that the service does for the municipality itself. `schedule`, in cron's form,
    has it asked for in every municipality at those times.
    """

    def register(work: Work) -> Work:
        if verb in KNOWN:
            raise ValueError(f"Two jobs are called {verb}.")
        KNOWN[verb] = KnownJob(work, permission, schedule)
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


def asking(
    verb: str, by: Member | None, arguments: dict[str, Any] | None = None
) -> tuple[Any, ...]:
    """The parameters of `ASK` for a new job, for who joins it to a statement of its own."""
    job_id = uuid4()
    person_id = by.person_id if by else None
    return job_id, verb, json.dumps(arguments or {}), person_id, QUEUE, message_for(job_id)


async def ask(
    verb: str, *, by: Member | None = None, arguments: dict[str, Any] | None = None
) -> UUID:
    """Ask for `verb` in the open scope's municipality; it runs once the scope has committed."""
    parameters = asking(verb, by, arguments)
    await fetch_value(ASK, *parameters)
    return parameters[0]


async def finish_waiting(verb: str) -> int:
    """Mark every waiting job of `verb` in the open scope's municipality finished.

    Called first in the transaction that does the work: whatever was committed before a marked
    job is then visible to the queries that follow. Their messages leave the queue with them, so
    that a flood of asking does not keep the next job waiting. Returns how many waited; 0 means
    that another run has done the work already.
    """
    return await fetch_value(
        """WITH done AS (
               UPDATE job SET started_at = coalesce(started_at, now()), finished_at = now()
               WHERE verb = $1 AND finished_at IS NULL RETURNING id
           ), unqueued AS (
               DELETE FROM dramatiq.queue USING done
               WHERE queue.message_id = done.id AND queue.state = 'queued'
           )
           SELECT count(*) FROM done""",
        verb,
    )
