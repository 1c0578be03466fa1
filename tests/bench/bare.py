"""The floor: a bare Litestar handler that sends a request's own statements and says "ok".

`python -m tests.bench.bare PORT REPLAYS`, where REPLAYS is a pickled list of `Replay`s and the
database, pool size and municipality come from the environment that the real service reads.
"""

import os
import pickle
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import uvicorn
from litestar import Litestar, post

# One row of the kind that a report is, behind the same wall.
SINGLE_INSERT = """
INSERT INTO report (tenant_id, id, organisation_id, person_id, category_id, area_id, time_kind,
                    occurred_from, occurred_to)
VALUES ($1, $2, $3, $4, $5, $6, 'now', now(), now())
"""


async def _skip_reset(_: Any) -> None:
    """As the service's own pool: nothing outlives a transaction."""


def create_floor(replays: list[Any], single: tuple[UUID, ...], dsn: str, size: int) -> Litestar:
    """`POST /{n}` sends the n-th replay in one transaction, `POST /single` one INSERT."""
    pools: dict[str, Any] = {}

    @asynccontextmanager
    async def connected(_: Litestar) -> AsyncIterator[None]:
        pools["many"] = await asyncpg.create_pool(dsn, min_size=2, max_size=size, reset=_skip_reset)
        pools["single"] = await asyncpg.create_pool(
            dsn,
            min_size=2,
            max_size=size,
            reset=_skip_reset,
            server_settings={"ks.tenant_id": str(single[0])},
        )
        yield
        for pool in pools.values():
            await pool.close()

    @post("/replay/{number:int}", status_code=200)
    async def replay(number: int) -> str:
        async with pools["many"].acquire() as connection:
            for method, sql, arguments in replays[number].fill():
                await getattr(connection, method)(sql, *arguments)
        return "ok"

    @post("/single", status_code=200)
    async def single_insert() -> str:
        tenant, organisation, person, category, area = single
        async with pools["single"].acquire() as connection:
            await connection.execute(
                SINGLE_INSERT, tenant, uuid4(), organisation, person, category, area
            )
        return "ok"

    return Litestar([replay, single_insert], lifespan=[connected], openapi_config=None)


if __name__ == "__main__":
    replays, single = pickle.loads(Path(sys.argv[2]).read_bytes())
    uvicorn.run(
        create_floor(
            replays, single, os.environ["KS_DATABASE_URL"], int(os.environ["KS_POOL_SIZE"])
        ),
        host="127.0.0.1",
        port=int(sys.argv[1]),
        log_level="warning",
        access_log=False,
        server_header=False,
    )
