"""The log is sealed in a chain: what is removed or changed afterwards is found, line by line."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from service.settings import Settings
from service.worker import seal_logs
from tenants import audit
from tenants.audit.seal import seal
from tenants.audit.verify import Verdict, report_all, verify
from tenants.scope import execute, fetch, fetch_value
from tests.database import Database
from tests.processes import ROOT, environment
from tests.town import Town


@pytest.fixture
async def superuser(database: Database) -> AsyncIterator[Any]:
    """Somebody with the server's own rights, past every grant and foreign key."""
    connection = await asyncpg.connect(database.superuser)
    await connection.execute("SET session_replication_role = replica")
    yield connection
    await connection.close()


async def lines(town: Town, count: int) -> list[UUID]:
    """That many lines of the town's log, oldest first."""
    async with town.scope():
        for number in range(count):
            await audit.record(
                by=None,
                verb="test.act",
                object_kind="thing",
                object_id=str(number),
                detail={"n": number, "share": 0.1},
                reason="för att se" if number % 2 else None,
            )
        return [row["id"] for row in await fetch("SELECT id FROM audit_event ORDER BY at, id")]


async def verdict(town: Town, head: str | None = None) -> Verdict:
    async with town.scope():
        return await verify(head)


async def sealed(town: Town, count: int) -> list[UUID]:
    written = await lines(town, count)
    async with town.scope():
        assert await seal() == count
    return written


async def test_what_is_sealed_is_whole_and_the_tail_is_named(tallbacka: Town) -> None:
    await sealed(tallbacka, 5)
    tail = (await lines(tallbacka, 2))[5:]
    found = await verdict(tallbacka)
    assert (found.sealed, found.faults, found.unsealed) == (5, [], tail)
    async with tallbacka.scope():
        assert await seal() == 2
        assert await seal() == 0
    found = await verdict(tallbacka)
    assert (found.sealed, found.faults, found.unsealed) == (7, [], [])


@pytest.mark.parametrize(
    "change",
    [
        "detail = '{\"n\": 99}'",
        "reason = 'något annat'",
        "person_id = gen_random_uuid()",
        "at = at + interval '1 microsecond'",
        "verb = 'test.other'",
        "object_id = NULL",
        "address = '198.51.100.7'",
        "client = 'Firefox 1'",
    ],
)
async def test_a_changed_line_is_found(tallbacka: Town, superuser: Any, change: str) -> None:
    written = await sealed(tallbacka, 4)
    await superuser.execute(f"UPDATE ks.audit_event SET {change} WHERE id = $1", written[1])
    faults = (await verdict(tallbacka)).faults
    assert len(faults) == 1 and f"seal 2: its line {written[1]} is changed" in faults[0]


async def test_a_removed_line_is_found_also_with_its_seal(tallbacka: Town, superuser: Any) -> None:
    written = await sealed(tallbacka, 4)
    await superuser.execute("DELETE FROM ks.audit_event WHERE id = $1", written[2])
    assert (await verdict(tallbacka)).faults == [f"seal 3: its line {written[2]} is removed"]
    await superuser.execute("DELETE FROM ks.audit_seal WHERE event_id = $1", written[2])
    assert "seals 3 to 3 are missing" in (await verdict(tallbacka)).faults


async def test_an_end_that_is_cut_off_is_found_by_a_noted_head(
    tallbacka: Town, superuser: Any
) -> None:
    written = await sealed(tallbacka, 4)
    head = (await verdict(tallbacka)).head
    for table, column in (("audit_seal", "event_id"), ("audit_event", "id")):
        await superuser.execute(f"DELETE FROM ks.{table} WHERE {column} = $1", written[3])
    assert (await verdict(tallbacka)).faults == []
    assert (await verdict(tallbacka, head)).faults == ["seals 4 to 4 were noted and are missing"]


async def test_a_chain_that_is_made_anew_is_found_by_a_noted_head(
    tallbacka: Town, superuser: Any
) -> None:
    written = await sealed(tallbacka, 3)
    head = (await verdict(tallbacka)).head
    await superuser.execute("UPDATE ks.audit_event SET verb = 'x' WHERE id = $1", written[0])
    await superuser.execute("DELETE FROM ks.audit_seal WHERE tenant_id = $1", tallbacka.id)
    async with tallbacka.scope():
        await seal()
    assert (await verdict(tallbacka)).faults == []
    assert (await verdict(tallbacka, head)).faults == ["seal 3 is not the one that was noted"]


async def test_two_workers_make_one_chain(tallbacka: Town) -> None:
    await lines(tallbacka, 300)

    async def one() -> int:
        async with tallbacka.scope():
            return await seal()

    assert sorted(await asyncio.gather(one(), one(), one())) == [0, 0, 300]
    found = await verdict(tallbacka)
    assert (found.sealed, found.faults) == (300, [])


async def test_a_line_that_is_committed_late_is_sealed_all_the_same(tallbacka: Town) -> None:
    async def slow(written: asyncio.Event, go_on: asyncio.Event) -> None:
        async with tallbacka.scope():
            await audit.record(by=None, verb="test.slow", object_kind="thing")
            written.set()
            await go_on.wait()

    written, go_on = asyncio.Event(), asyncio.Event()
    task = asyncio.create_task(slow(written, go_on))
    await written.wait()
    await sealed(tallbacka, 2)
    go_on.set()
    await task
    async with tallbacka.scope():
        assert await seal() == 1
    assert (await verdict(tallbacka)).faults == []


async def test_neither_lines_nor_seals_can_be_changed_by_the_service(tallbacka: Town) -> None:
    await sealed(tallbacka, 1)
    for statement in (
        "UPDATE audit_event SET verb = 'x'",
        "DELETE FROM audit_event",
        "UPDATE audit_seal SET hash = sha256('x')",
        "DELETE FROM audit_seal",
        "TRUNCATE audit_seal",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with tallbacka.scope():
                await execute(statement)


async def test_the_worker_seals_every_municipality_apart(tallbacka: Town, sjohaga: Town) -> None:
    await lines(tallbacka, 3)
    await lines(sjohaga, 2)
    await seal_logs()
    for town, count in ((tallbacka, 3), (sjohaga, 2)):
        async with town.scope():
            assert await fetch_value("SELECT count(*) FROM audit_seal") == count
        assert (await verdict(town)).faults == []


async def test_all_are_verified_together_and_a_broken_one_is_named(
    tallbacka: Town, sjohaga: Town, superuser: Any
) -> None:
    await sealed(tallbacka, 2)
    written = await sealed(sjohaga, 2)
    await lines(sjohaga, 1)
    sound, said = await report_all(tallbacka.slug, None)
    assert sound and "2 lines sealed, whole" in said[0]
    await superuser.execute("DELETE FROM ks.audit_event WHERE id = $1", written[0])
    sound, said = await report_all(None, None)
    text = "\n".join(said)
    assert not sound
    assert f"{tallbacka.slug}: 2 lines sealed, whole" in text
    assert f"{sjohaga.slug}: 2 lines sealed, BROKEN" in text
    assert "not sealed yet: 1 lines" in text


async def test_the_command_ends_with_one_when_a_log_is_broken(
    tallbacka: Town, settings: Settings, superuser: Any
) -> None:
    written = await sealed(tallbacka, 2)

    async def run(*arguments: str) -> tuple[int, str]:
        import sys

        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "service.cli",
            "audit",
            "verify",
            *arguments,
            cwd=ROOT,
            env=environment(settings),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        said, _ = await process.communicate()
        return process.returncode or 0, said.decode()

    code, said = await run("--tenant", tallbacka.slug)
    assert code == 0 and "2 lines sealed, whole" in said
    await superuser.execute("UPDATE ks.audit_event SET verb = 'x' WHERE id = $1", written[1])
    code, said = await run("--tenant", tallbacka.slug)
    assert code == 1 and f"its line {written[1]} is changed" in said
    assert (await run("--tenant", "finns-inte"))[0] == 2
    assert (await run("--head", "x"))[0] == 2
