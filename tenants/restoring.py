"""One municipality brought back from a copy of the database into the running service.

Both ends are behind that municipality's wall: what is read from the copy and what is replaced
can be of no other. The running service goes on for everybody else.
"""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg

from tenants.inspection import TENANT_TABLES

# What was done is never undone, and what was done once is not done again: the log and its seals,
# jobs, letters that have been sent, receipts of disposal, agreements, the operator's look behind
# the wall, and what a person has declined since.
LEFT_ALONE = frozenset(
    {
        "audit_event",
        "audit_seal",
        "broken_glass",
        "declined_reminder",
        "digest_opt_out",
        "disposal",
        "job",
        "letter",
        "processing_agreement",
        "retention_rule",
        "source_choice",
    }
)
# Everything else becomes as the copy has it. A new table is added to one of the two lists.
BROUGHT_BACK = frozenset(
    {
        "accepted_organisation",
        "accepted_provider",
        "agenda_item",
        "api_answer",
        "api_key",
        "api_key_end",
        "area",
        "area_proposal",
        "attendance",
        "batch_chunk",
        "batch_error",
        "batch_file",
        "category",
        "cause",
        "cause_assessment",
        "cell_assessment",
        "closed_count",
        "closed_period",
        "comment",
        "decision",
        "edition",
        "edition_approval",
        "edition_comment",
        "edition_draft",
        "file",
        "finding",
        "finding_retraction",
        "follow_up",
        "ground_file",
        "ground_map",
        "ground_tile",
        "group_answer",
        "group_departure",
        "group_lead",
        "group_member",
        "held_text",
        "hourly_count",
        "inquiry",
        "inquiry_answer",
        "invitation",
        "invitation_end",
        "measure",
        "measure_partner",
        "meeting",
        "meeting_change",
        "meeting_decision",
        "membership",
        "minutes",
        "near_repeat",
        "open_problem",
        "organisation",
        "picture",
        "police_event",
        "problem",
        "problem_closure",
        "problem_reader",
        "proposal",
        "proposal_withdrawal",
        "publication",
        "publication_withdrawal",
        "record_secret",
        "report",
        "report_batch",
        "report_correction",
        "report_merge",
        "reporting_cycle",
        "reservation",
        "resource_frame",
        "review",
        "seat",
        "severity_weighting",
        "signal",
        "signal_mark",
        "situation_level",
        "start_step",
        "task",
        "task_assignment",
        "task_completion",
        "vote",
        "weekly_count",
        "working_group",
        "zero_report",
    }
)
# What ended since the copy was made stays ended: an invitation that was used or revoked does not
# open anew, and what was taken from the public page is not shown again. Each with what it ended.
ENDS = {
    "api_key_end": "api_key",
    "invitation_end": "invitation",
    "publication_withdrawal": "publication",
}
AT_A_TIME = 5_000


class CannotRestore(RuntimeError):
    """The copy does not fit, or has no such municipality; nothing was changed."""


@dataclass(frozen=True)
class Restored:
    """How many rows of each table the municipality now has from the copy.

    `reopened` is how many memberships hold again that had ended here since the copy was made.
    """

    tenant_id: UUID
    rows: dict[str, int]
    reopened: int


async def restore_municipality(owner_dsn: str, copy_dsn: str, slug: str) -> Restored:
    """Replace everything of the municipality by what the copy holds, in one transaction.

    `owner_dsn` is the running database as `ks_owner`, `copy_dsn` the copy as any role that reads
    it behind the wall. Suspend the municipality first, so that nobody writes meanwhile. Raises
    CannotRestore.
    """
    live = await asyncpg.connect(owner_dsn)
    copy = await asyncpg.connect(copy_dsn)
    try:
        async with live.transaction(), copy.transaction(isolation="repeatable_read", readonly=True):
            return await _restore(live, copy, slug)
    finally:
        await copy.close()
        await live.close()


async def wait_until_recovered(dsn: str, seconds: float) -> None:
    """Until the copy's server has replayed all that it was given. Raises CannotRestore."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            connection = await asyncpg.connect(dsn, timeout=10)
        except (OSError, asyncpg.PostgresError):
            await asyncio.sleep(0.2)
            continue
        try:
            if not await connection.fetchval("SELECT pg_is_in_recovery()"):
                return
        finally:
            await connection.close()
        await asyncio.sleep(0.2)
    raise CannotRestore(f"Kopian är inte återställd efter {seconds:.0f} s.")


async def _restore(live: Any, copy: Any, slug: str) -> Restored:
    histories = [
        await one.fetch("SELECT name FROM ks.migration ORDER BY name") for one in (live, copy)
    ]
    if histories[0] != histories[1]:
        raise CannotRestore(
            "Kopians tabeller är av en annan version: kör `kraftsamling migrate` på kopian först."
        )
    tenant = await live.fetchval("SELECT id FROM ks.municipality WHERE slug = $1", slug)
    if tenant is None or not await copy.fetchval(
        "SELECT 1 FROM ks.municipality WHERE id = $1", tenant
    ):
        raise CannotRestore(f"Kommunen {slug} finns inte både här och i kopian.")
    if not await live.fetchval(
        "SELECT suspended_at IS NOT NULL FROM ks.municipality WHERE id = $1", tenant
    ):
        raise CannotRestore(
            f"Kommunen {slug} är öppen: stäng den först, så att ingen skriver under tiden."
        )
    for one in (live, copy):
        await one.execute("SELECT set_config('ks.tenant_id', $1, true)", str(tenant))
    tables = [table for table in await _in_order(live) if table not in LEFT_ALONE]
    if undecided := sorted(set(tables) - BROUGHT_BACK):
        raise CannotRestore(f"Om dessa tabeller är inget bestämt: {', '.join(undecided)}.")
    await _bring_platform_rows(live, copy, tables, tenant)
    await live.execute(_FORMER)
    for end in ENDS:
        await live.execute(
            f"CREATE TEMPORARY TABLE former_{end} ON COMMIT DROP AS SELECT * FROM ks.{end}"
        )
    for table in reversed(tables):
        await live.execute(f"DELETE FROM ks.{table} WHERE tenant_id = $1", tenant)
    rows = {table: await _bring(live, copy, table, tenant) for table in tables}
    for end, ended in ENDS.items():
        await live.execute(
            f"""INSERT INTO ks.{end} SELECT * FROM pg_temp.former_{end} AS former
                WHERE EXISTS (SELECT FROM ks.{ended} WHERE {ended}.id = former.{ended}_id)
                ON CONFLICT DO NOTHING"""
        )
    return Restored(tenant, rows, await live.fetchval(_REOPENED))


_FORMER = """
CREATE TEMPORARY TABLE former ON COMMIT DROP AS
    SELECT id FROM ks.membership WHERE valid_to <= now()
"""
_REOPENED = """
SELECT count(*) FROM ks.membership JOIN pg_temp.former USING (id)
WHERE valid_to IS NULL OR valid_to > now()
"""


async def _in_order(connection: Any) -> list[str]:
    """Tenant tables, each after those that it refers to."""
    rows = await connection.fetch(TENANT_TABLES)
    names = {row["oid"]: row["name"].removeprefix("ks.") for row in rows}
    needs: dict[int, set[int]] = {oid: set() for oid in names}
    for row in await connection.fetch(
        "SELECT conrelid, confrelid FROM pg_constraint WHERE contype = 'f'"
    ):
        if row["conrelid"] in names and row["confrelid"] in names:
            needs[row["conrelid"]].add(row["confrelid"])
    ordered: list[int] = []
    while len(ordered) < len(names):
        ready = [
            oid
            for oid in sorted(names, key=names.__getitem__)
            if oid not in ordered and needs[oid] - {oid} <= set(ordered)
        ]
        if not ready:
            raise CannotRestore("Tabeller pekar på varandra i ring; ingen ordning håller.")
        ordered += ready
    return [names[oid] for oid in ordered]


async def _bring_platform_rows(live: Any, copy: Any, tables: Sequence[str], tenant: UUID) -> None:
    """People and providers that the rows refer to and that are gone here; none is rewritten."""
    for row in await live.fetch(
        """SELECT conrelid::regclass::text AS source, confrelid::regclass::text AS target,
                  attname AS column
           FROM pg_constraint
           JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1]
           WHERE contype = 'f' AND cardinality(conkey) = 1 AND attname <> 'tenant_id'"""
    ):
        source, target = (row[end].removeprefix("ks.") for end in ("source", "target"))
        if source in tables:
            await _bring_missing(
                live,
                copy,
                target,
                f"""SELECT * FROM ks.{target} WHERE id IN (
                        SELECT {row["column"]} FROM ks.{source} WHERE tenant_id = $1)""",
                tenant,
            )


async def _bring_missing(live: Any, copy: Any, table: str, query: str, tenant: UUID) -> None:
    for found in await copy.fetch(query, tenant):
        names = ", ".join(f'"{name}"' for name, _ in found.items())
        holes = ", ".join(f"${number}" for number in range(1, len(found) + 1))
        await live.execute(
            f"INSERT INTO ks.{table} ({names}) VALUES ({holes}) ON CONFLICT DO NOTHING",
            *found.values(),
        )


async def _bring(live: Any, copy: Any, table: str, tenant: UUID) -> int:
    """The copy's rows of one table; COPY into a walled table is refused, so through another."""
    columns = [
        row["attname"]
        for row in await live.fetch(
            """SELECT attname FROM pg_attribute
               WHERE attrelid = $1::text::regclass AND attnum > 0 AND NOT attisdropped
                 AND attgenerated = '' ORDER BY attnum""",
            f"ks.{table}",
        )
    ]
    names = ", ".join(f'"{name}"' for name in columns)
    await live.execute(
        f"""CREATE TEMPORARY TABLE brought ON COMMIT DROP AS
            SELECT {names} FROM ks.{table} WITH NO DATA"""
    )
    cursor = await copy.cursor(f"SELECT {names} FROM ks.{table} WHERE tenant_id = $1", tenant)
    while rows := await cursor.fetch(AT_A_TIME):
        await live.copy_records_to_table(
            "brought", schema_name="pg_temp", columns=columns, records=map(tuple, rows)
        )
    done = await live.execute(
        f"INSERT INTO ks.{table} ({names}) SELECT {names} FROM pg_temp.brought"
    )
    await live.execute("DROP TABLE pg_temp.brought")
    return int(done.split()[-1])
