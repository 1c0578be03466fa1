"""Attack 28: one door to the data: what is in no scope does not run, and none sees another's."""

import asyncio
import contextvars
from contextlib import suppress
from datetime import date
from typing import Any

import asyncpg
import pytest

from tenants import scope
from tenants.engine import DB
from tenants.founding import add_organisation
from tenants.scope import (
    CommitFailed,
    OutsideScope,
    execute,
    fetch_value,
    platform_scope,
    tenant_scope,
)
from tenants.tables import Organisation


async def _organisation(name: str) -> Any:
    return await add_organisation(
        name=name, actor_type="civil_society", is_authority="no", joined_on=date(2026, 1, 1)
    )


async def test_without_a_scope_nothing_runs(found: Any) -> None:
    await found("Tallbacka")
    with pytest.raises(OutsideScope):
        await Organisation.select()
    with pytest.raises(OutsideScope):
        await execute("SELECT 1")


async def test_without_a_tenant_a_query_sees_nothing_and_a_write_fails(found: Any) -> None:
    await found("Tallbacka")
    async with platform_scope():
        assert await Organisation.select() == []
        assert await fetch_value("SELECT count(*) FROM organisation") == 0
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with platform_scope():
            await Organisation(
                name="Ingen", actor_type="police", is_authority="yes", joined_on=date(2026, 1, 1)
            ).save()


async def test_a_row_of_another_municipality_cannot_be_read_written_or_pointed_at(
    found: Any,
) -> None:
    tallbacka, sjohaga = await found("Tallbacka"), await found("Sjöhaga")
    async with tenant_scope(sjohaga.id):
        theirs = await _organisation("Sjöhaga båtklubb")
        area = await fetch_value("SELECT id FROM area LIMIT 1")
    async with tenant_scope(tallbacka.id):
        assert not await Organisation.exists().where(Organisation.id == theirs)
        assert (
            await execute("UPDATE organisation SET name = 'x' WHERE id = $1", theirs) == "UPDATE 0"
        )
        assert await execute("DELETE FROM organisation WHERE id = $1", theirs) == "DELETE 0"
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with tenant_scope(tallbacka.id):
            await execute(
                """INSERT INTO organisation
                       (tenant_id, id, name, actor_type, is_authority, joined_on)
                   VALUES ($1, gen_random_uuid(), 'x', 'police', 'yes', '2026-01-01')""",
                sjohaga.id,
            )
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        async with tenant_scope(tallbacka.id):
            await execute(
                """INSERT INTO weekly_count
                   SELECT ks.current_tenant(), '2026-11-16', $1, c.id, o.id,
                          'form', '2026-11-16', 1 FROM category c, organisation o LIMIT 1""",
                area,
            )


async def test_scopes_do_not_nest(found: Any) -> None:
    tallbacka, sjohaga = await found("Tallbacka"), await found("Sjöhaga")
    async with tenant_scope(tallbacka.id):
        with pytest.raises(OutsideScope):
            async with tenant_scope(sjohaga.id):
                pass
        assert await fetch_value("SELECT ks.current_tenant()") == tallbacka.id


async def test_a_task_that_outlives_its_scope_reads_nothing(found: Any) -> None:
    tallbacka = await found("Tallbacka")
    late = asyncio.Event()

    async def read_later() -> Any:
        await late.wait()
        return await fetch_value("SELECT count(*) FROM organisation")

    async with tenant_scope(tallbacka.id):
        task = asyncio.create_task(read_later(), context=contextvars.copy_context())
        await fetch_value("SELECT 1")
    late.set()
    with pytest.raises(OutsideScope):
        await task


async def test_the_tenant_does_not_stay_on_the_connection(found: Any) -> None:
    tallbacka = await found("Tallbacka")
    for _ in range(30):
        with pytest.raises(RuntimeError):
            async with tenant_scope(tallbacka.id):
                await fetch_value("SELECT 1")
                raise RuntimeError
        async with platform_scope():
            assert await fetch_value("SELECT ks.current_tenant()") is None


async def test_a_failed_commit_is_told_and_gives_the_connection_back(found: Any) -> None:
    tallbacka = await found("Tallbacka")
    for _ in range(30):  # More often than there are connections.
        with pytest.raises(CommitFailed):
            async with tenant_scope(tallbacka.id):
                with suppress(asyncpg.DivisionByZeroError):
                    await execute("SELECT 1 / 0")
    async with tenant_scope(tallbacka.id):
        assert await fetch_value("SELECT 1") == 1


async def test_piccolos_own_ways_out_are_shut(found: Any) -> None:
    tallbacka = await found("Tallbacka")
    for way_out in (DB.transaction, DB.atomic, DB.batch, DB.get_new_connection):
        with pytest.raises(OutsideScope):
            way_out()
    async with tenant_scope(tallbacka.id):
        with pytest.raises(OutsideScope):
            async with await Organisation.select().batch():
                pass


async def test_what_was_to_follow_the_commit_follows_nothing_else(found: Any) -> None:
    tallbacka = await found("Tallbacka")
    calls: list[str] = []
    async with tenant_scope(tallbacka.id):
        scope.after_commit(lambda: calls.append("stored"))
        await fetch_value("SELECT 1")
    with pytest.raises(RuntimeError):
        async with tenant_scope(tallbacka.id):
            scope.after_commit(lambda: calls.append("lost"))
            raise RuntimeError
    assert calls == ["stored"]
