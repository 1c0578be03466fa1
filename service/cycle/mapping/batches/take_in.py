"""Store and count the reports of a batch that somebody has seen checked."""

from typing import Any, Final
from uuid import UUID

import msgspec
from msgspec.structs import replace

from service.cycle.mapping.batches.check import TooLate
from service.cycle.mapping.batches.forget import forget_cells
from service.cycle.mapping.batches.receive import TOPIC
from service.cycle.mapping.batches.rows import Ready
from service.cycle.mapping.places import read_places
from service.cycle.mapping.spread import spread
from service.cycle.mapping.triage.weigh import Weighed, count_reports
from service.cycle.mapping.week import week_of
from service.web.live import announce
from tenants import audit
from tenants.jobs import ask
from tenants.members import Member
from tenants.scope import execute, fetch, fetch_row, fetch_value

TAKE_IN: Final = "batch.take_in"
SOURCE: Final = "import"

# A report whose reference came before, in this file or another one, is there already.
_STORE = """
WITH given AS (
    SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::float8[], $5::float8[],
                         $6::text[], $7::timestamptz[], $8::timestamptz[], $9::text[],
                         $10::smallint[], $11::boolean[], $12::text[])
        AS row (id, category_id, area_id, latitude, longitude, kind, start, until, text, concern,
                held, kinds)
), stored AS (
    INSERT INTO report (tenant_id, id, organisation_id, category_id, area_id, latitude, longitude,
                        time_kind, occurred_from, occurred_to, text, concern, source, batch_id)
    SELECT ks.current_tenant(), id, $13, category_id, area_id, latitude, longitude, kind, start,
           until, CASE WHEN NOT held THEN text END, concern, $14, $15
    FROM given ORDER BY id
    ON CONFLICT (tenant_id, id) DO NOTHING
    RETURNING id
), held AS (
    INSERT INTO held_text (tenant_id, report_id, text, kinds)
    SELECT ks.current_tenant(), id, text, string_to_array(kinds, ' ')
    FROM given JOIN stored USING (id) WHERE held
)
SELECT id FROM stored
"""


async def take_up(*, by: Member, batch_id: UUID, version: int) -> None:
    """Begin to take in what is right in the batch; done again it changes nothing.

    Raises TooLate where it is not checked by what `version` says its columns mean, or was dropped.
    """
    begun = await fetch_value(
        """UPDATE report_batch SET taken_up_at = now()
           WHERE id = $1 AND version = $2 AND checked_at IS NOT NULL AND taken_up_at IS NULL
             AND dropped_at IS NULL
           RETURNING true""",
        batch_id,
        version,
    )
    if not begun:
        if await fetch_value(
            "SELECT taken_up_at IS NULL FROM report_batch WHERE id = $1", batch_id
        ):
            raise TooLate(batch_id)
        return
    await audit.record(by=by, verb="batch.take_in", object_kind="report_batch", object_id=batch_id)
    await ask(TAKE_IN, by=by, arguments={"batch": str(batch_id), "chunk": 0})
    await announce(TOPIC)


async def take_in_chunk(batch_id: UUID, number: int) -> None:
    """Store the reports of one chunk, count them, and ask for the next one."""
    batch = await fetch_row(
        """SELECT organisation_id FROM report_batch
           WHERE id = $1 AND taken_up_at IS NOT NULL AND undo_at IS NULL FOR UPDATE""",
        batch_id,
    )
    chunk = await fetch_row(
        """SELECT ready FROM batch_chunk
           WHERE batch_id = $1 AND number = $2 AND taken_in IS NULL""",
        batch_id,
        number,
    )
    if batch is None or chunk is None:
        return
    ready = await _in_force(msgspec.json.decode(chunk["ready"], type=list[Ready]))
    new = await _store(batch_id, batch["organisation_id"], ready)
    await execute(
        """UPDATE batch_chunk SET taken_in = $3, rows = NULL, ready = NULL
           WHERE batch_id = $1 AND number = $2""",
        batch_id,
        number,
        len(new),
    )
    if await fetch_value(
        "SELECT true FROM batch_chunk WHERE batch_id = $1 AND number = $2", batch_id, number + 1
    ):
        await ask(TAKE_IN, arguments={"batch": str(batch_id), "chunk": number + 1})
    else:
        await execute("UPDATE report_batch SET taken_in_at = now() WHERE id = $1", batch_id)
        await forget_cells(batch_id)
        await ask("picture.compile")
        await announce("inbox")
    await announce(TOPIC)
    # Last, since these rows are shared with others who report: they wait for our commit alone.
    received = week_of(await fetch_value("SELECT now()"))  # As the reports say of themselves.
    await count_reports(
        [
            Weighed(
                one.area_id,
                one.category_id,
                batch["organisation_id"],
                SOURCE,
                received,
                tuple(spread(one.start, one.end)),
                1.0,
            )
            for one in new
        ]
    )


async def _in_force(ready: list[Ready]) -> list[Ready]:
    """The reports in areas that are in force, which no exchange retires until we commit.

    Where areas were exchanged since the check, a report goes to where its point lies now, or else
    to the area that has taken over.
    """
    wanted = {one.area_id for one in ready}
    rows = await fetch(
        """SELECT id FROM area WHERE retired_on IS NULL AND id = ANY($1::uuid[])
           ORDER BY id FOR KEY SHARE""",
        list(wanted),
    )
    gone = wanted - {row["id"] for row in rows}
    if not gone:
        return ready
    heirs = {
        row["id"]: row["replaced_by"]
        for row in await fetch(
            "SELECT id, replaced_by FROM area WHERE id = ANY($1::uuid[])", list(gone)
        )
    }
    places = await read_places()

    def moved(one: Ready) -> Ready:
        if one.area_id not in gone:
            return one
        area = None
        if one.latitude is not None and one.longitude is not None:
            area = places.at(one.latitude, one.longitude)
        return replace(one, area_id=area.id if area is not None else heirs[one.area_id])

    if None in heirs.values():
        raise RuntimeError("An area was retired and none has taken over.")
    return await _in_force([moved(one) for one in ready])


async def _store(batch_id: UUID, organisation_id: UUID, ready: list[Ready]) -> list[Ready]:
    """Those that were not there before."""
    first: dict[UUID, Ready] = {}
    for one in ready:
        first.setdefault(one.report_id, one)
    given: list[Any] = [
        (
            one.report_id,
            one.category_id,
            one.area_id,
            one.latitude,
            one.longitude,
            one.kind,
            one.start,
            one.end,
            one.text,
            one.concern,
            bool(one.kinds),
            " ".join(one.kinds),
        )
        for one in first.values()
    ]
    if not given:
        return []
    columns = map(list, zip(*given, strict=True))
    rows = await fetch(_STORE, *columns, organisation_id, SOURCE, batch_id)
    return [first[row["id"]] for row in rows]
