"""Check a batch row by row by what its columns were said to mean."""

import json
from collections import Counter
from datetime import time
from itertools import count
from typing import Any, Final
from uuid import UUID

import msgspec

from service.cycle.mapping.batches.meaning import Meaning
from service.cycle.mapping.batches.receive import TOPIC
from service.cycle.mapping.batches.rows import Category, Fault, Ready, Rows
from service.cycle.mapping.check_text import names_of_places
from service.cycle.mapping.places import read_places
from service.cycle.mapping.week import now
from service.sources.sheets.moments import read_moment
from service.web.live import announce
from tenants.jobs import ask
from tenants.members import Member
from tenants.scope import execute, execute_many, fetch, fetch_row, fetch_value

CHECK: Final = "batch.check"
MOST_ERRORS: Final = 5_000
"""More are counted and not told one by one."""

_END = """
UPDATE report_batch SET checked_at = now(), repeats = (
    SELECT count(*) - count(DISTINCT row.id) FILTER (
        WHERE NOT EXISTS (SELECT FROM report WHERE report.id = row.id))
    FROM batch_chunk
    CROSS JOIN LATERAL (
        SELECT (one ->> 0)::uuid AS id FROM jsonb_array_elements(ready) AS one) AS row
    WHERE batch_id = $1)
WHERE id = $1
"""


class TooLate(ValueError):
    """The batch is past the step at which this can be done."""


async def say_meaning(*, by: Member, batch_id: UUID, meaning: Meaning) -> None:
    """Have every row checked by `meaning`. Raises TooLate once the reports are being taken in."""
    version = await fetch_value(
        """UPDATE report_batch SET meaning = $2::jsonb, version = version + 1, checked_at = NULL
           WHERE id = $1 AND columns IS NOT NULL AND taken_up_at IS NULL AND dropped_at IS NULL
           RETURNING version""",
        batch_id,
        msgspec.json.encode(meaning).decode(),
    )
    if version is None:
        raise TooLate(batch_id)
    # What was wrong by the former meaning says nothing of this one.
    await execute("DELETE FROM batch_error WHERE batch_id = $1", batch_id)
    await ask(CHECK, by=by, arguments={"batch": str(batch_id), "version": version, "chunk": 0})
    await announce(TOPIC)


async def check_chunk(batch_id: UUID, version: int, number: int) -> None:
    """Check one chunk and ask for the next, unless something else has been said since."""
    batch = await fetch_row(
        """SELECT organisation_id, columns, meaning FROM report_batch
           WHERE id = $1 AND version = $2 AND taken_up_at IS NULL AND dropped_at IS NULL
           FOR UPDATE""",
        batch_id,
        version,
    )
    chunk = await fetch_row(
        "SELECT version, rows FROM batch_chunk WHERE batch_id = $1 AND number = $2",
        batch_id,
        number,
    )
    if batch is None or chunk is None or chunk["version"] == version:
        return
    reader = await reader_of(batch_id, batch)
    told = await fetch_value("SELECT count(*) FROM batch_error WHERE batch_id = $1", batch_id)
    seen: Counter[str] = Counter()
    ready: list[Ready] = []
    errors: list[tuple[Any, ...]] = []
    for row in json.loads(chunk["rows"]):
        read = reader.read(row)
        if isinstance(read, Ready):
            ready.append(read)
            seen["good"] += 1
            seen["cleaned"] += read.cleaned
            seen["held"] += bool(read.kinds)
        elif read is None:
            seen["skipped"] += 1
        else:
            seen["wrong"] += 1
            errors += _lines(batch_id, number, row[0], read)
    await execute("DELETE FROM batch_error WHERE batch_id = $1 AND chunk = $2", batch_id, number)
    await execute_many(
        """INSERT INTO batch_error (tenant_id, batch_id, chunk, row, place, columns, value, message)
           VALUES (ks.current_tenant(), $1, $2, $3, $4, $5, $6, $7)""",
        errors[: max(0, MOST_ERRORS - told)],
    )
    await execute(
        """UPDATE batch_chunk SET version = $3, ready = $4::jsonb, good = $5, wrong = $6,
                  skipped = $7, cleaned = $8, held = $9
           WHERE batch_id = $1 AND number = $2""",
        batch_id,
        number,
        version,
        msgspec.json.encode(ready).decode(),
        *(seen[name] for name in ("good", "wrong", "skipped", "cleaned", "held")),
    )
    if await fetch_value(
        "SELECT true FROM batch_chunk WHERE batch_id = $1 AND number = $2", batch_id, number + 1
    ):
        await ask(
            CHECK, arguments={"batch": str(batch_id), "version": version, "chunk": number + 1}
        )
    else:
        await execute(_END, batch_id)
    await announce(TOPIC)


async def reader_of(batch_id: UUID, batch: Any) -> Rows:
    """What reads the batch's rows by the municipality's present categories and areas."""
    categories = await fetch("SELECT id, key FROM category WHERE hidden_on IS NULL")
    columns = json.loads(batch["columns"])
    meaning = msgspec.json.decode(batch["meaning"], type=Meaning)
    days: list[str] = next((one["samples"] for one in columns if one["name"] == meaning.day), [])
    read = [read_moment(day, meaning.order) for day in days]
    return Rows(
        batch_id=batch_id,
        organisation_id=batch["organisation_id"],
        names=[column["name"] for column in columns],
        meaning=meaning,
        categories={row["key"]: Category(row["id"], row["key"]) for row in categories},
        places=await read_places(),
        names_of_places=await names_of_places(),
        clocks=any(moment and moment.at not in (None, time()) for moment in read),
        at=now(),
    )


def _lines(batch_id: UUID, chunk: int, row: int, faults: list[Fault]) -> list[tuple[Any, ...]]:
    places = count()
    return [
        (batch_id, chunk, row, next(places), fault.columns, fault.value, fault.message)
        for fault in faults
    ]
