"""A web process that is killed in the middle of a submission leaves nothing half behind."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

import asyncpg
import httpx
import pytest

from tenants.scope import fetch_row


def free_port() -> int:
    with socket.socket() as chosen:
        chosen.bind(("127.0.0.1", 0))
        return chosen.getsockname()[1]


@asynccontextmanager
async def web_process(settings) -> AsyncIterator[tuple[asyncio.subprocess.Process, str]]:
    """A real web process on the tests' database, and its address."""
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "service.cli", "web"),
        env=os.environ
        | {
            "KS_ENV": "test",
            "KS_PORT": str(port),
            "KS_BASE_URL": settings.base_url,
            "KS_DATABASE_URL": settings.database_url,
            "KS_BROKER_URL": settings.broker_url,
            "KS_LIVE_URL": settings.live_url,
            "KS_SECRET_KEY": settings.secret_key,
            "KS_DATA_DIR": str(settings.data_dir),
        },
    )
    address = f"http://127.0.0.1:{port}"
    try:
        async with httpx.AsyncClient(headers={"host": "kraftsamling.test"}) as client:
            for _ in range(300):
                try:
                    await client.get(
                        f"{address}/health/live", headers={"host": "kraftsamling.test"}
                    )
                    break
                except httpx.TransportError:
                    await asyncio.sleep(0.1)
            else:
                pytest.fail("The web process did not start.")
        yield process, address
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def stored(town) -> tuple[int, ...]:
    async with town.scope():
        row = await fetch_row(
            """SELECT (SELECT count(*) FROM report), (SELECT count(*) FROM weekly_count),
                      (SELECT count(*) FROM hourly_count), (SELECT count(*) FROM job),
                      (SELECT count(*) FROM dramatiq.queue
                       WHERE message->'args'->>0 IN (SELECT id::text FROM job)),
                      (SELECT count(*) FROM audit_event WHERE verb = 'report.hand_in')"""
        )
    return tuple(row)


async def test_what_was_sent_is_stored_whole_or_not_at_all(found, database, settings):
    town = await found("Tallbacka")
    client = await town.client("reporter")
    await client.get("/")
    sent = {
        "report_id": str(uuid4()),
        "category": "arson",
        "area": str(town.areas["Ruta 1"]),
        "_csrf_token": client.cookies["__Host-csrf"],
    }
    headers = {
        "host": "kraftsamling.test",
        "cookie": "; ".join(f"{name}={value}" for name, value in client.cookies.items()),
    }
    superuser = await asyncpg.connect(database.superuser)
    async with web_process(settings) as (process, address):
        # The last statement of the submission waits here: report, audit line and job are in.
        holding = superuser.transaction()
        await holding.start()
        await superuser.execute("LOCK TABLE ks.hourly_count IN SHARE MODE")
        async with httpx.AsyncClient(timeout=30) as phone:
            sending = asyncio.create_task(
                phone.post(f"{address}/{town.slug}/rapportera", data=sent, headers=headers)
            )
            for _ in range(200):
                waiting = await superuser.fetchval(
                    """SELECT count(*) FROM pg_locks
                       WHERE NOT granted AND relation = 'ks.hourly_count'::regclass"""
                )
                if waiting:
                    break
                await asyncio.sleep(0.05)
            assert waiting == 1, sending
            process.send_signal(signal.SIGKILL)
            with pytest.raises(httpx.TransportError):
                await sending
        await holding.rollback()
    await superuser.close()
    for _ in range(100):
        if await stored(town) == (0, 0, 0, 0, 0, 0):
            break
        await asyncio.sleep(0.05)
    assert await stored(town) == (0, 0, 0, 0, 0, 0)

    # The phone sends the same again, and now it counts, once.
    answer = await town.post("/rapportera", role="reporter", **sent)
    assert answer.status_code == 200
    assert await stored(town) == (1, 1, 1, 1, 1, 1)
