"""Take back what a batch brought, or let go of one that was never taken in."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from service.cycle.mapping.batches.check import TooLate
from service.cycle.mapping.batches.forget import forget_content
from service.cycle.mapping.batches.receive import TOPIC
from service.cycle.mapping.triage.weigh import group_of, kept_in_step
from service.web.live import announce
from tenants import audit
from tenants.jobs import ask
from tenants.members import Member
from tenants.scope import execute, fetch, fetch_value

UNDO: Final = "batch.undo"
AT_A_TIME: Final = 500
FORGOTTEN_AFTER: Final = timedelta(days=7)
"""A file that nobody goes on with holds what strangers wrote, and is let go."""
ERRORS_KEPT: Final = timedelta(days=30)


async def ask_to_undo(*, by: Member, batch_id: UUID) -> None:
    """Take back every report of the batch, also while it is being taken in. Raises TooLate."""
    begun = await fetch_value(
        """UPDATE report_batch SET undo_at = now()
           WHERE id = $1 AND taken_up_at IS NOT NULL AND undo_at IS NULL RETURNING true""",
        batch_id,
    )
    if not begun:
        if await fetch_value("SELECT undo_at IS NULL FROM report_batch WHERE id = $1", batch_id):
            raise TooLate(batch_id)
        return
    await audit.record(by=by, verb="batch.undo", object_kind="report_batch", object_id=batch_id)
    await ask(UNDO, by=by, arguments={"batch": str(batch_id)})
    await announce(TOPIC)


async def undo_some(batch_id: UUID) -> None:
    """Remove some of its reports and what was said of them, and ask for the next ones.

    What others merged with them stands, and counts as it would have without them.
    """
    undoing = await fetch_value(
        """SELECT true FROM report_batch
           WHERE id = $1 AND undo_at IS NOT NULL AND undone_at IS NULL FOR UPDATE""",
        batch_id,
    )
    if not undoing:
        return
    rows = await fetch(
        "SELECT id FROM report WHERE batch_id = $1 ORDER BY id LIMIT $2", batch_id, AT_A_TIME
    )
    ids = [row["id"] for row in rows]
    if not ids:
        await forget_content(batch_id)
        await execute("UPDATE report_batch SET undone_at = now() WHERE id = $1", batch_id)
        await ask("picture.compile")
        await announce("inbox")
    else:
        async with kept_in_step(await group_of(*ids)):
            # Others that were one event with a report of the file still are: the first holds them.
            await execute(
                """WITH gone AS (
                       DELETE FROM report_merge
                       WHERE report_id = ANY($1::uuid[]) OR into_id = ANY($1::uuid[])
                       RETURNING *
                   ), left_over AS (
                       SELECT report_id, person_id,
                              first_value(report_id) OVER (PARTITION BY into_id ORDER BY report_id)
                                  AS into_id
                       FROM gone WHERE report_id <> ALL($1::uuid[])
                   )
                   INSERT INTO report_merge (tenant_id, report_id, into_id, person_id)
                   SELECT ks.current_tenant(), report_id, into_id, person_id FROM left_over
                   WHERE report_id <> into_id""",
                ids,
            )
            await execute("DELETE FROM review WHERE report_id = ANY($1::uuid[])", ids)
            await execute("DELETE FROM report_correction WHERE report_id = ANY($1::uuid[])", ids)
            await execute("DELETE FROM held_text WHERE report_id = ANY($1::uuid[])", ids)
            await execute("DELETE FROM report WHERE id = ANY($1::uuid[])", ids)
        await ask(UNDO, arguments={"batch": str(batch_id)})
    await announce(TOPIC)


async def drop(*, by: Member, batch_id: UUID) -> None:
    """Let go of a batch that is not taken in; what was read of it is gone. Raises TooLate."""
    dropped = await fetch_value(
        """UPDATE report_batch SET dropped_at = now()
           WHERE id = $1 AND taken_up_at IS NULL AND dropped_at IS NULL RETURNING true""",
        batch_id,
    )
    if not dropped:
        if await fetch_value("SELECT dropped_at IS NULL FROM report_batch WHERE id = $1", batch_id):
            raise TooLate(batch_id)
        return
    await forget_content(batch_id)
    await audit.record(by=by, verb="batch.drop", object_kind="report_batch", object_id=batch_id)
    await announce(TOPIC)


async def forget_batches() -> None:
    """Let go of the batches that nobody went on with, and of errors that are long since read."""
    rows = await fetch(
        """UPDATE report_batch SET dropped_at = now()
           WHERE taken_up_at IS NULL AND dropped_at IS NULL AND made_at < now() - $1::interval
           RETURNING id""",
        FORGOTTEN_AFTER,
    )
    for row in rows:
        await forget_content(row["id"])
    await execute(
        """DELETE FROM batch_error USING report_batch AS batch
           WHERE batch.id = batch_id AND batch.made_at < now() - $1::interval""",
        ERRORS_KEPT,
    )
