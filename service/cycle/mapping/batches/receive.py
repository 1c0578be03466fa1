"""Take a file, and unpack it into chunks of rows."""

import hashlib
import json
from typing import Final
from uuid import UUID

from service.bounded import OutOfBounds, lines_of
from service.web.live import announce
from tenants import audit
from tenants.jobs import ask
from tenants.members import Member
from tenants.one_at_a_time import one_at_a_time
from tenants.scope import execute, fetch_row, fetch_value, tenant_scope

TOPIC: Final = "batch"
UNPACK: Final = "batch.unpack"
LARGEST_FILE: Final = 25 * 1024 * 1024
# Reading 200,000 rows takes a third of it; what asks for more is made to do so.
MEGABYTES: Final = 768
SECONDS: Final = 40


class SameFile(ValueError):
    """These very bytes have been sent before: the batch that they became."""

    def __init__(self, batch_id: UUID) -> None:
        super().__init__(batch_id)
        self.batch_id = batch_id


async def receive_file(
    *, by: Member, batch_id: UUID, organisation_id: UUID, name: str, content: bytes
) -> None:
    """Keep the file and ask a worker to unpack it; the same `batch_id` again changes nothing.

    Raises SameFile for one that is being read or has been taken in already, and LookupError for
    an organisation that the municipality does not have.
    """
    # One at a time, so that the same file sent twice at once is seen to be the same.
    await one_at_a_time("batch")
    if await fetch_value("SELECT true FROM report_batch WHERE id = $1", batch_id):
        return
    sha256 = hashlib.sha256(content).digest()
    known = await fetch_value(
        """SELECT id FROM report_batch WHERE sha256 = $1 AND refused IS NULL
             AND dropped_at IS NULL AND undone_at IS NULL LIMIT 1""",
        sha256,
    )
    if known is not None:
        raise SameFile(known)
    stored = await fetch_value(
        """INSERT INTO report_batch (tenant_id, id, organisation_id, file_name, sha256, made_by)
           SELECT ks.current_tenant(), $1, id, $3, $4, $5 FROM organisation
           WHERE id = $2 AND left_on IS NULL RETURNING id""",
        batch_id,
        organisation_id,
        name,
        sha256,
        by.person_id,
    )
    if stored is None:
        raise LookupError(organisation_id)
    await execute(
        """INSERT INTO batch_file (tenant_id, batch_id, content)
           VALUES (ks.current_tenant(), $1, $2)""",
        batch_id,
        content,
    )
    await audit.record(
        by=by, verb="batch.send", object_kind="report_batch", object_id=batch_id,
        detail={"bytes": len(content)},
    )  # fmt: skip
    await ask(UNPACK, by=by, arguments={"batch": str(batch_id)})
    await announce(TOPIC)


async def unpack(tenant_id: UUID, batch_id: UUID) -> None:
    """Turn the file into chunks, each stored on its own; done again they are the same.

    Needs no open scope: what is read is somebody else's file, and no transaction waits for it.
    """
    async with tenant_scope(tenant_id):
        content = await fetch_value(
            """SELECT content FROM batch_file JOIN report_batch ON report_batch.id = batch_id
               WHERE batch_id = $1 AND dropped_at IS NULL""",
            batch_id,
        )
    if content is None:
        return
    number = 0
    try:
        lines = lines_of(
            "service.sources.sheets.unpack", content, megabytes=MEGABYTES, seconds=SECONDS
        )
        async for line in lines:
            async with tenant_scope(tenant_id):
                if line.startswith(b"["):
                    await _store_chunk(batch_id, number, line.decode())
                    number += 1
                else:
                    await _end(batch_id, json.loads(line))
    except OutOfBounds:
        async with tenant_scope(tenant_id):
            await _end(batch_id, {"refused": "too_large", "row": None})


async def _store_chunk(batch_id: UUID, number: int, rows: str) -> None:
    await execute(
        """INSERT INTO batch_chunk (tenant_id, batch_id, number, size, rows)
           SELECT ks.current_tenant(), id, $2, jsonb_array_length($3::jsonb), $3::jsonb
           FROM report_batch
           WHERE id = $1 AND unpacked_at IS NULL AND dropped_at IS NULL FOR SHARE
           ON CONFLICT DO NOTHING""",
        batch_id,
        number,
        rows,
    )
    await announce(TOPIC)


async def _end(batch_id: UUID, said: dict[str, object]) -> None:
    """The whole file is read, or refused; in both cases it is not needed any more."""
    waits = await fetch_row(
        """SELECT id FROM report_batch
           WHERE id = $1 AND unpacked_at IS NULL AND dropped_at IS NULL FOR UPDATE""",
        batch_id,
    )
    if waits is None:
        return
    if "refused" in said:
        await execute("DELETE FROM batch_chunk WHERE batch_id = $1", batch_id)
        await execute(
            """UPDATE report_batch SET unpacked_at = now(), refused = $2, refused_row = $3
               WHERE id = $1""",
            batch_id,
            said["refused"],
            said["row"],
        )
    else:
        await execute(
            """UPDATE report_batch
               SET unpacked_at = now(), columns = $2::jsonb, total = $3, sheet = $4
               WHERE id = $1""",
            batch_id,
            json.dumps(said["columns"], ensure_ascii=False),
            said["total"],
            said["sheet"],
        )
    await execute("DELETE FROM batch_file WHERE batch_id = $1", batch_id)
    await announce(TOPIC)
