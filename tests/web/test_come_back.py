"""Who hits a bound of the database is told that nothing was stored, and when to come back."""

import asyncio

import asyncpg
import pytest

from tenants import scope
from tenants.scope import fetch_value, platform_scope
from tests.cycle.mapping.test_hand_in import counted, report
from tests.database import Database
from tests.town import Town


async def _holding(held: asyncio.Event, done: asyncio.Event) -> None:
    async with platform_scope():
        await fetch_value("SELECT 1")
        held.set()
        await done.wait()


async def test_when_no_connection_is_free(tallbacka: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    await tallbacka.client("reporter")
    monkeypatch.setattr(scope, "WAIT_SECONDS", 0.2)
    done = asyncio.Event()
    events = [asyncio.Event() for _ in range(10)]
    holders = [asyncio.create_task(_holding(held, done)) for held in events]
    for held in events:
        await held.wait()
    try:
        answer = await tallbacka.post("/rapportera", role="reporter", **report(tallbacka))
    finally:
        done.set()
        await asyncio.gather(*holders)
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "10"
    assert "Försök igen om 10 sekunder" in answer.text and "inte sparat" in answer.text
    assert (await counted(tallbacka))[0] == 0


async def test_when_a_statement_takes_too_long(
    tallbacka: Town, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await tallbacka.client("reporter")
    monkeypatch.setattr(scope, "_bounds", "; SET LOCAL statement_timeout = 300")
    superuser = await asyncpg.connect(database.superuser)
    holding = superuser.transaction()
    await holding.start()
    await superuser.execute("LOCK TABLE ks.hourly_count IN SHARE MODE")
    try:
        answer = await tallbacka.post("/rapportera", role="reporter", **report(tallbacka))
    finally:
        await holding.rollback()
        await superuser.close()
    assert answer.status_code == 503 and answer.headers["retry-after"] == "10"
    assert (await counted(tallbacka))[0] == 0
    again = await tallbacka.post("/rapportera", role="reporter", **report(tallbacka))
    assert again.status_code == 200
