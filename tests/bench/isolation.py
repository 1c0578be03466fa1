"""What the wall costs: the same questions with the setting, and with WHERE tenant_id and no wall.

300 municipalities with 20,000 reports each, which came in mixed. Both sides go through the
service's own scope: BEGIN, the question, COMMIT. On the wall's side the setting travels in one
message with BEGIN; the floor is a role that no wall holds for, and names the municipality itself.
"""

import random
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from statistics import median
from typing import Any
from uuid import UUID

import asyncpg

from tenants import scope
from tenants.scope import close_pool, fetch, open_pool, platform_scope, tenant_scope
from tests.bench.figure import Figure
from tests.database import Database, fresh_database

TENANTS = 300
REPORTS = 20_000
WARM = 24
"""How many of the municipalities are asked about: those that are awake at the same time."""
MOST = 1.15

# Name, question, how often. {tenant} is empty behind the wall and the floor's own filter before it.
QUESTIONS = (
    (
        "the 50 latest reports",
        """SELECT id, received_at, category_id, area_id, text FROM report
           {tenant} ORDER BY received_at DESC LIMIT 50""",
        600,
    ),
    (
        "reports by category in a year",
        """SELECT category_id, count(*) FROM report
           {tenant} {and_} received_at > now() - interval '1 year' GROUP BY category_id""",
        300,
    ),
    (
        "reports by month and area",
        """SELECT date_trunc('month', received_at), area_id, count(*) FROM report
           {tenant} GROUP BY 1, 2""",
        100,
    ),
    (
        "one report by its id",
        "SELECT * FROM report {tenant} {and_} id = $ID",
        1200,
    ),
)


async def measure(folder: Path) -> list[Figure]:
    """Fill a database of its own and ask each question in turn on both sides."""
    async with fresh_database(folder / "isolation") as database:
        began = time.perf_counter()
        tenants = await _fill(database)
        filled = time.perf_counter() - began
        sys.stderr.write(f"{TENANTS} × {REPORTS} reports in {filled:.0f} s\n")
        # A process has one pool; here it is changed for each question, outside the measured time.
        pools = Pools()
        for side, address in (("wall", database.app), ("floor", database.superuser)):
            await open_pool(address, size=2)
            setattr(pools, side, scope._pool)
            scope._pool = None
        try:
            return [await _compare(pools, tenants, *question) for question in QUESTIONS]
        finally:
            for pool in (pools.wall, pools.floor):
                scope._pool = pool
                await close_pool()


class Pools:
    """The connections of both sides."""

    wall: Any = None
    floor: Any = None


async def _compare(
    pools: Pools, tenants: list[UUID], name: str, question: str, times: int
) -> Figure:
    behind = question.format(tenant="", and_="WHERE")
    before = question.format(tenant="WHERE tenant_id = $1", and_="AND")
    choose = random.Random(4711)
    known = {tenant: await _one_id(pools.floor, tenant) for tenant in tenants}

    async def wall(tenant: UUID) -> None:
        async with tenant_scope(tenant):
            if "$ID" in behind:
                await fetch(behind.replace("$ID", "$1"), known[tenant])
            else:
                await fetch(behind)

    async def plain(tenant: UUID) -> None:
        async with platform_scope():
            if "$ID" in before:
                await fetch(before.replace("$ID", "$2"), tenant, known[tenant])
            else:
                await fetch(before, tenant)

    for tenant in tenants:  # Both sides find the pages in memory.
        await _timed(pools.wall, wall, tenant)
        await _timed(pools.floor, plain, tenant)
    walled, plained = [], []
    for number in range(times):
        tenant = choose.choice(tenants)
        # In turns, and each as often first, so that neither warms the other's way.
        pair = ((pools.wall, wall, walled), (pools.floor, plain, plained))
        for pool, ask, kept in pair if number % 2 else reversed(pair):
            kept.append(await _timed(pool, ask, tenant))
    value, least = median(walled) * 1000, median(plained) * 1000
    return Figure(f"isolation: {name}, p50", value, "ms", least, at_most=MOST)


async def _timed(pool: Any, ask: Callable[[UUID], Awaitable[None]], tenant: UUID) -> float:
    scope._pool = pool
    began = time.perf_counter()
    await ask(tenant)
    return time.perf_counter() - began


async def _one_id(floor: Any, tenant: UUID) -> UUID:
    found: UUID = await floor.fetchval(
        "SELECT id FROM report WHERE tenant_id = $1 OFFSET 100 LIMIT 1", tenant
    )
    return found


# Foreign keys are what the rows are made to satisfy; checking six million of them one by one
# would be most of the time.
_FILL = f"""
SET session_replication_role = replica;
INSERT INTO ks.municipality (id, code, slug, name)
    SELECT md5('t' || t)::uuid, lpad(t::text, 4, '0'), 'kommun-' || t, 'Kommun ' || t
    FROM generate_series(1, {TENANTS}) AS t;
INSERT INTO ks.organisation (tenant_id, id, name, actor_type, is_authority, joined_on)
    SELECT md5('t' || t)::uuid, md5('o' || t || '.' || o)::uuid, 'Aktör ' || o, 'police', 'yes',
           '2020-01-01'
    FROM generate_series(1, {TENANTS}) AS t, generate_series(1, 12) AS o;
INSERT INTO ks.report (tenant_id, id, organisation_id, category_id, area_id, time_kind,
                       occurred_from, occurred_to, text, received_at)
    SELECT md5('t' || t)::uuid, gen_random_uuid(), md5('o' || t || '.' || (n % 12 + 1))::uuid,
           md5('c' || t || '.' || (n * 7 % 38))::uuid, md5('a' || t || '.' || (n * 11 % 40))::uuid,
           'now', at, at, 'Klotter på fasaden mot torget, ny sedan i går.', at
    FROM generate_series(1, {REPORTS}) AS n, generate_series(1, {TENANTS}) AS t,
         LATERAL (SELECT now() - interval '3 years' * n / {REPORTS} AS at) AS moment;
RESET session_replication_role;
"""


async def _fill(database: Database) -> list[UUID]:
    """The municipalities that will be asked about."""
    connection = await asyncpg.connect(database.superuser)
    try:
        await connection.execute("ALTER ROLE postgres SET search_path = ks, public")
        await connection.execute(_FILL)
        await connection.execute("VACUUM ANALYZE ks.report")
        rows = await connection.fetch("SELECT id FROM ks.municipality ORDER BY code")
    finally:
        await connection.close()
    step = TENANTS // WARM
    return [row["id"] for row in rows[::step]][:WARM]
