"""How far each batch has come, what it holds, and what is wrong in it."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from asyncpg import Record

from service.cycle.mapping.batches.meaning import Meaning
from tenants.scope import fetch, fetch_row, fetch_value

ERRORS_SHOWN = 50
LISTED = 50

_BATCHES = """
SELECT batch.*, organisation.name AS organisation, person.name AS sender,
       done.rows_read, done.rows_checked, done.rows_taken, done.good, done.wrong, done.skipped,
       done.cleaned, done.held, done.taken_in,
       CASE WHEN undo_at IS NOT NULL AND undone_at IS NULL
            THEN (SELECT count(*) FROM report WHERE batch_id = batch.id) ELSE 0 END AS left_in
FROM report_batch AS batch
JOIN organisation ON organisation.id = batch.organisation_id
JOIN person ON person.id = batch.made_by
CROSS JOIN LATERAL (
    SELECT coalesce(sum(size) FILTER (WHERE version = batch.version), 0) AS rows_checked,
           coalesce(sum(size) FILTER (WHERE taken_in IS NOT NULL), 0) AS rows_taken,
           coalesce(sum(size), 0) AS rows_read,
           coalesce(sum(good), 0) AS good, coalesce(sum(wrong), 0) AS wrong,
           coalesce(sum(skipped), 0) AS skipped, coalesce(sum(cleaned), 0) AS cleaned,
           coalesce(sum(held), 0) AS held, coalesce(sum(taken_in), 0) AS taken_in
    FROM batch_chunk WHERE batch_id = batch.id) AS done
"""


@dataclass(frozen=True)
class Batch:
    """`done` of `total` rows are through the step that goes on; `total` is 0 while unknown.

    Of the `good` rows `repeats` tell of a case that another row or a report tells of.

    `state` is one of unpacking, refused, unpacked, checking, checked, taking_in, taken_in,
    undoing, undone and dropped.
    """

    id: UUID
    file_name: str
    sheet: str
    organisation: str
    organisation_id: UUID
    sender: str
    made_at: datetime
    taken_in_at: datetime | None
    state: str
    refused: str | None
    refused_row: int | None
    columns: list[dict[str, Any]]
    meaning: Meaning | None
    version: int
    total: int
    done: int
    good: int
    repeats: int
    wrong: int
    skipped: int
    cleaned: int
    held: int
    taken_in: int

    @property
    def goes_on(self) -> bool:
        """Whether a worker is at it."""
        return self.state in ("unpacking", "checking", "taking_in", "undoing")

    @property
    def known(self) -> int:
        """Reports that were there already when the batch was taken in."""
        return self.good - self.taken_in


async def read_batches() -> list[Batch]:
    """The latest ones, newest first."""
    rows = await fetch(f"{_BATCHES} ORDER BY batch.made_at DESC, batch.id LIMIT $1", LISTED)
    return [_batch(row) for row in rows]


async def read_batch(batch_id: UUID) -> Batch | None:
    row = await fetch_row(f"{_BATCHES} WHERE batch.id = $1", batch_id)
    return _batch(row) if row is not None else None


async def earlier_meaning(batch: Batch) -> Meaning | None:
    """What was said of the organisation's latest file before this one."""
    said = await fetch_value(
        """SELECT meaning FROM report_batch
           WHERE organisation_id = $1 AND meaning IS NOT NULL AND id <> $2
           ORDER BY made_at DESC LIMIT 1""",
        batch.organisation_id,
        batch.id,
    )
    return msgspec.json.decode(said, type=Meaning) if said else None


async def first_rows(batch_id: UUID, most: int) -> list[list[Any]]:
    """The first rows as they came; none once they are taken in."""
    rows = await fetch_value(
        "SELECT rows FROM batch_chunk WHERE batch_id = $1 AND number = 0", batch_id
    )
    return json.loads(rows)[:most] if rows else []


async def read_errors(batch_id: UUID, most: int = ERRORS_SHOWN) -> list[Record]:
    """What is wrong, in the order of the file: row, columns, value and message."""
    return await fetch(
        """SELECT row, columns, value, message FROM batch_error
           WHERE batch_id = $1 ORDER BY row, place LIMIT $2""",
        batch_id,
        most,
    )


def _batch(row: Record) -> Batch:
    state = _state(row)
    done = {
        "unpacking": row["rows_read"],
        "checking": row["rows_checked"],
        "taking_in": row["rows_taken"],
        "undoing": row["taken_in"] - row["left_in"],
    }.get(state, 0)
    meant = row["meaning"]
    return Batch(
        state=state,
        done=int(done),
        total=int(row["taken_in"] if state == "undoing" else row["total"] or 0),
        columns=json.loads(row["columns"]) if row["columns"] else [],
        meaning=msgspec.json.decode(meant, type=Meaning) if meant else None,
        version=row["version"],
        repeats=row["repeats"] or 0,
        id=row["id"],
        file_name=row["file_name"],
        sheet=row["sheet"],
        organisation=row["organisation"],
        organisation_id=row["organisation_id"],
        sender=row["sender"],
        made_at=row["made_at"],
        taken_in_at=row["taken_in_at"],
        refused=row["refused"],
        refused_row=row["refused_row"],
        **{
            name: int(row[name])
            for name in ("good", "wrong", "skipped", "cleaned", "held", "taken_in")
        },
    )


def _state(row: Record) -> str:
    steps = (
        ("undone_at", "undone"),
        ("undo_at", "undoing"),
        ("taken_in_at", "taken_in"),
        ("taken_up_at", "taking_in"),
        ("dropped_at", "dropped"),
        ("refused", "refused"),
        ("checked_at", "checked"),
        ("meaning", "checking"),
        ("unpacked_at", "unpacked"),
    )
    return next((state for column, state in steps if row[column] is not None), "unpacking")
