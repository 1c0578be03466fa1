"""Who sends slowly holds no connection: the transaction opens once the whole form is here."""

from collections.abc import AsyncIterator

import asyncpg

from service.cycle.mapping.week import now, week_of
from tests.database import Database
from tests.town import Town


async def test_no_transaction_is_open_while_a_form_is_on_its_way(
    tallbacka: Town, database: Database
) -> None:
    client = await tallbacka.client("reporter")
    await client.get("/")
    held: list[int] = []
    watching = await asyncpg.connect(database.app)

    async def slowly() -> AsyncIterator[bytes]:
        yield b"week="
        # The rest is asked for when the service waits for it, with all that it holds meanwhile.
        held.append(
            await watching.fetchval(
                """SELECT count(*) FROM pg_stat_activity
                   WHERE datname = current_database() AND state LIKE 'idle in transaction%'"""
            )
        )
        yield week_of(now()).isoformat().encode()

    try:
        answer = await client.post(
            f"/{tallbacka.slug}/rapportera/inget",
            content=slowly(),
            headers={
                "content-type": "application/x-www-form-urlencoded",
                "x-csrftoken": client.cookies["__Host-csrf"],
            },
        )
    finally:
        await watching.close()
    assert answer.status_code == 200
    assert held == [0]
