"""One municipality becomes as a copy has it, in every table, and no neighbour is touched."""

import asyncio
import os
from collections.abc import AsyncIterator
from io import BytesIO
from uuid import uuid4

import asyncpg
import pytest

from service.settings import Settings
from tenants.audit.seal import seal
from tenants.restoring import BROUGHT_BACK, LEFT_ALONE
from tenants.scope import execute, fetch_value
from tests.council import steering
from tests.cycle.mapping.test_hand_in import report
from tests.database import Database, spare_database
from tests.operations.conftest import Installation
from tests.town import Town

TABLES = """SELECT relname FROM pg_class WHERE relnamespace = 'ks'::regnamespace
            AND relkind = 'r' AND relname <> 'migration' ORDER BY relname"""


class Rows:
    """Every row of a database, past its walls."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self.connection = connection

    async def of(self, town: Town) -> dict[str, list[str]]:
        """What the municipality has, by table."""
        return {
            table: [
                row["line"]
                for row in await self.connection.fetch(
                    f"""SELECT one::text AS line FROM ks.{table} AS one
                        WHERE tenant_id = $1 ORDER BY 1""",
                    town.id,
                )
            ]
            for table in sorted(BROUGHT_BACK | LEFT_ALONE)
        }

    async def copy_to(self, other: "Rows") -> None:
        # Rows that refer to each other may come in any order.
        await other.connection.execute("SET session_replication_role = replica")
        for (table,) in await self.connection.fetch(TABLES):
            held = BytesIO()
            await self.connection.copy_from_table(
                table, schema_name="ks", output=held, format="binary"
            )
            held.seek(0)
            await other.connection.execute(f"DELETE FROM ks.{table}")
            await other.connection.copy_to_table(
                table, schema_name="ks", source=held, format="binary"
            )
        await other.connection.execute("SET session_replication_role = origin")


@pytest.fixture
async def copy(database: Database) -> AsyncIterator[Database]:
    name = f"kraftsamling_operations_{os.getpid()}_copy"
    async with spare_database(database, name) as spare:
        yield spare


async def _live_through(town: Town) -> None:
    """A decided measure, and what a person has asked for and been sent."""
    proposal = await steering.proposal_in(town)
    await steering.vote(town, proposal, CHAIR="for", VICE="for", SCHOOL="for")
    decided = await town.post(
        steering.path(proposal, "beslut"), role=steering.CHAIR, **steering.DECISION
    )
    assert decided.status_code == 303
    person = await town.add_member("safety_coordinator")
    async with town.scope():
        organisation = await fetch_value("SELECT id FROM organisation LIMIT 1")
        await execute(
            """INSERT INTO invitation (tenant_id, id, token_hash, email, organisation_id, roles,
                                       invited_by, expires_at)
               VALUES (ks.current_tenant(), $1, decode(repeat('00', 32), 'hex'),
                       'prov@exempel.se', $2, ARRAY['reporter'], $3, now() + interval '7 days')""",
            uuid4(),
            organisation,
            person,
        )
        await execute(
            """INSERT INTO letter (tenant_id, id, person_id, kind, about, subject, text)
               VALUES (ks.current_tenant(), $1, $2, 'prov', $2, 'Prov', 'Ännu inte sänt')""",
            uuid4(),
            person,
        )
        await seal()


async def _go_on(town: Town) -> None:
    """What happens after the copy was made, and what went wrong."""
    answer = await town.post("/rapportera", role="reporter", **report(town, category="arson"))
    assert answer.status_code == 200
    coordinator = await town.add_member("safety_coordinator")
    reporter = await town.add_member("reporter")
    async with town.scope():
        await execute(
            """INSERT INTO invitation_end (tenant_id, invitation_id, how)
               SELECT tenant_id, id, 'revoked' FROM invitation"""
        )
        await execute("UPDATE letter SET text = '', sent_at = now()")
        await execute(
            """INSERT INTO digest_opt_out (tenant_id, person_id)
               VALUES (ks.current_tenant(), $1)""",
            coordinator,
        )
        await execute(
            "UPDATE membership SET valid_to = clock_timestamp() WHERE person_id = $1", reporter
        )
        await execute("UPDATE report SET text = 'Skrivet över av misstag'")
        await seal()


async def test_every_table_is_as_in_the_copy_and_the_neighbours_are_as_they_were(
    tallbacka: Town, sjohaga: Town, database: Database, settings: Settings, copy: Database
) -> None:
    running = await asyncpg.connect(database.superuser)
    copied = await asyncpg.connect(copy.superuser)
    live, then = Rows(running), Rows(copied)
    await _live_through(tallbacka)
    await _live_through(sjohaga)
    await tallbacka.add_member("reporter")
    await live.copy_to(then)
    as_it_was = await then.of(tallbacka)
    assert len(as_it_was["decision"]) == 1 and len(as_it_was["vote"]) == 3
    await _go_on(tallbacka)
    await _go_on(sjohaga)
    neighbour, own = await live.of(sjohaga), await live.of(tallbacka)

    code, out, err = await Installation(database, settings).run(
        "restore", "--tenant", tallbacka.slug, "--copy", copy.owner
    )
    assert code == 0, out + err

    assert await live.of(sjohaga) == neighbour
    after = await live.of(tallbacka)
    for table in sorted(BROUGHT_BACK - {"invitation_end"}):
        assert after[table] == as_it_was[table], table
    for table in sorted(LEFT_ALONE):
        assert set(own[table]) <= set(after[table]), table
    # What was revoked since the copy was made does not open anew, what was sent is not sent again.
    assert after["invitation_end"] == own["invitation_end"] != as_it_was["invitation_end"]
    assert after["letter"] == own["letter"] and len(after["digest_opt_out"]) == 1
    # The log goes on from where it was, and is read through.
    assert f"{tallbacka.slug}: " in out and "whole" in out and "BROKEN" not in out
    assert "Medlemskap som hade avslutats och gäller igen: 1." in out
    assert any("records.dispose" in line for line in after["job"])
    assert sum("municipality.restore" in line for line in after["audit_event"]) == 1
    await asyncio.gather(running.close(), copied.close())


async def test_a_log_that_was_tampered_with_is_said_to_be(
    tallbacka: Town, database: Database, settings: Settings, copy: Database
) -> None:
    running = await asyncpg.connect(database.superuser)
    copied = await asyncpg.connect(copy.superuser)
    await tallbacka.post("/rapportera", role="reporter", **report(tallbacka))
    async with tallbacka.scope():
        await seal()
    await Rows(running).copy_to(Rows(copied))
    await running.execute(
        """UPDATE ks.audit_event SET object_kind = 'other'
           WHERE id = (SELECT event_id FROM ks.audit_seal WHERE tenant_id = $1 AND number = 1)""",
        tallbacka.id,
    )
    code, out, err = await Installation(database, settings).run(
        "restore", "--tenant", tallbacka.slug, "--copy", copy.owner
    )
    assert code == 0, err
    assert "BROKEN" in out and "seal 1: its line" in out and "is changed or moved" in out
    await asyncio.gather(running.close(), copied.close())
