"""Compilation of the largest municipality's picture, against the SQL that it rests on."""

import statistics
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import asyncpg

from service.cycle.mapping.week import now, week_of
from service.cycle.picture.compile import compile_picture
from service.cycle.picture.counts import HOT_WEEKS, HOURLY, WEEKLY, WEEKS
from tenants.scope import tenant_scope
from tests.bench.figure import Figure
from tests.bench.stage import Stage

REPEATS = 21
MOST = 3.0

# What a person would write who wants to see the numbers and nothing more.
PLAIN = """
SELECT week, area_id, category_id, sum(count), count(DISTINCT organisation_id)
FROM weekly_count WHERE week BETWEEN $1 AND $2 GROUP BY week, area_id, category_id
"""
# Nine times the rows again, before the weeks that a picture looks at.
OLDER = """
INSERT INTO weekly_count (tenant_id, week, area_id, category_id, organisation_id, source,
                          arrival_week, count)
SELECT tenant_id, week - 7 * 156 * times, area_id, category_id, organisation_id, source,
       arrival_week - 7 * 156 * times, count
FROM weekly_count, generate_series(1, 9) AS times WHERE week BETWEEN $1 AND $2
ON CONFLICT DO NOTHING
"""
NO_OLDER = "DELETE FROM weekly_count WHERE week < $1"
HISTORY_MOST = 1.2


async def measure(stage: Stage) -> list[Figure]:
    connection = await asyncpg.connect(stage.database.app)
    week = week_of(now())
    first, hot = week - timedelta(weeks=WEEKS - 1), week - timedelta(weeks=HOT_WEEKS - 1)

    async def compiled() -> None:
        async with tenant_scope(stage.tenant_id):
            await compile_picture()

    async def aggregated(*statements: tuple[str, Any, Any]) -> None:
        await connection.execute(f"BEGIN; SET LOCAL ks.tenant_id = '{stage.tenant_id}'")
        for sql, begin, end in statements:
            await connection.fetch(sql, begin, end)
        await connection.execute("COMMIT")

    acts: dict[str, Callable[[], Awaitable[None]]] = {
        "compile": compiled,
        "own": lambda: aggregated((WEEKLY, first, week), (HOURLY, hot, week)),
        "plain": lambda: aggregated((PLAIN, first, week), (HOURLY, hot, week)),
    }
    times: dict[str, list[float]] = {name: [] for name in acts}
    try:
        for turn in range(REPEATS + 2):
            for name, act in acts.items():
                began = time.perf_counter()
                await act()
                if turn > 1:
                    times[name].append(1000 * (time.perf_counter() - began))
        short, long = await _with_long_history(stage, connection, compiled, first, week)
    finally:
        await connection.close()
    middle = {name: statistics.median(several) for name, several in times.items()}
    about = f"{stage.name}, {stage.reports} reports"
    return [
        Figure(
            "compile the largest municipality's picture", middle["compile"], "ms", middle["plain"],
            at_most=MOST, note=f"{about}; floor: GROUP BY week, area, category in bare asyncpg",
        ),
        Figure(
            "compile, against its own packed reading", middle["compile"], "ms", middle["own"],
            note="floor: the very two statements that compile reads counts with",
        ),
        Figure(
            "compile with ten times the history", long, "ms", short,
            at_most=HISTORY_MOST, note=f"{about}; floor: the same just before, with three years",
        ),
    ]  # fmt: skip


async def _with_long_history(
    stage: Stage, connection: Any, compiled: Callable[[], Awaitable[None]], first: Any, week: Any
) -> tuple[float, float]:
    """Milliseconds of a compilation before and after thirty years lie in the table."""
    scope = f"SET LOCAL ks.tenant_id = '{stage.tenant_id}'"
    short = await _median(compiled)
    async with connection.transaction():
        await connection.execute(scope)
        await connection.execute(OLDER, first, week)
    # As autovacuum does within a minute of such a change.
    owner = await asyncpg.connect(stage.database.owner)
    await owner.execute("ANALYZE ks.weekly_count")
    await owner.close()
    try:
        long = await _median(compiled)
    finally:
        async with connection.transaction():
            await connection.execute(scope)
            await connection.execute(NO_OLDER, first)
    return short, long


async def _median(act: Callable[[], Awaitable[None]]) -> float:
    times = []
    for _ in range(REPEATS):
        began = time.perf_counter()
        await act()
        times.append(1000 * (time.perf_counter() - began))
    return statistics.median(times)
