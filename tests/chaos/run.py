"""`make chaos`: broker, workers and database stopped and started under load; nothing is lost.

`python -m tests.chaos.run [--small]` prints one JSON object and ends with 1 when an acknowledged
report was lost or doubled, or when the service did not come back by itself.
"""

import asyncio
import json
import signal
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import asyncpg
import httpx

from tests.chaos.house import House, built, wait_for_broker

PATIENCE_SECONDS = 180


@dataclass(frozen=True)
class Scale:
    clients: int
    seconds: float
    rounds: int
    away: float


SMALL = Scale(clients=4, seconds=24, rounds=1, away=3)
LARGE = Scale(clients=16, seconds=180, rounds=5, away=8)


@dataclass
class Ledger:
    """What the phones know: which reports were acknowledged, and what else they were told."""

    acknowledged: Counter[str] = field(default_factory=Counter)
    answers: Counter[str] = field(default_factory=Counter)
    untold: int = 0


async def phone(house: House, number: int, until: float, ledger: Ledger) -> None:
    """Hands in one report after the other; what is not acknowledged is sent again, as it was."""
    town = house.town
    browser = await town.client("reporter")
    cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    headers = {
        "host": "kraftsamling.test",
        "cookie": cookies,
        "x-csrftoken": browser.cookies["__Host-csrf"],
    }
    areas, categories = list(town.areas.values()), sorted(town.categories)
    tries = number
    async with httpx.AsyncClient(timeout=20) as client:
        while time.monotonic() < until:
            report = str(uuid4())
            form = {
                "report_id": report,
                "category": categories[number % 20],
                "place": "usual",
                "area": str(areas[number % len(areas)]),
                "when": "now",
            }
            given_up = until + PATIENCE_SECONDS
            while time.monotonic() < given_up:
                tries += 1
                address = f"http://127.0.0.1:{house.ports[tries % 2]}/{town.slug}/rapportera"
                try:
                    answer = await client.post(address, data=form, headers=headers)
                except httpx.TransportError:
                    ledger.answers["no answer"] += 1
                    await asyncio.sleep(0.2)
                    continue
                ledger.answers[str(answer.status_code)] += 1
                if answer.status_code == 200:
                    ledger.acknowledged[report] += 1
                    break
                if answer.status_code == 503 and "retry-after" not in answer.headers:
                    ledger.untold += 1
                await asyncio.sleep(0.2)


async def disturb(house: House, scale: Scale) -> None:
    """Broker killed, a worker killed, database stopped, a web stopped: each started again."""
    pause = scale.seconds / scale.rounds / 5
    broker_port = int(house.settings.broker_url.rpartition(":")[2].partition("/")[0])
    for _ in range(scale.rounds):
        await asyncio.sleep(pause)
        await asyncio.to_thread(house.broker.stop, signal.SIGKILL)
        await asyncio.sleep(scale.away)
        house.broker.start()
        await asyncio.to_thread(wait_for_broker, broker_port)
        await asyncio.sleep(pause)
        await asyncio.to_thread(house.workers[0].stop, signal.SIGKILL)
        house.workers[0].start()
        await asyncio.sleep(pause)
        await asyncio.to_thread(house.server.stop)
        await asyncio.sleep(scale.away)
        await asyncio.to_thread(house.server.start)
        await asyncio.sleep(pause)
        await asyncio.to_thread(house.webs[0].stop, signal.SIGTERM)
        house.webs[0].start()


async def settled(house: House) -> dict[str, object]:
    """What the database holds once every job is done, or when patience is over."""
    end = time.monotonic() + PATIENCE_SECONDS
    while True:
        connection = await asyncpg.connect(house.server.dsn("postgres", "kraftsamling"))
        try:
            row = await connection.fetchrow(
                """SELECT (SELECT count(*) FROM ks.job WHERE finished_at IS NULL) AS waiting,
                          (SELECT count(*) FROM ks.outbox) AS unsent,
                          (SELECT round(sum(count)::numeric, 6)::float8 FROM ks.weekly_count)
                              AS counted,
                          (SELECT coalesce(max(compiled_at) > (SELECT max(received_at)
                                                               FROM ks.report), false)
                           FROM ks.picture) AS compiled,
                          (SELECT array_agg(id::text) FROM ks.report) AS reports"""
            )
        finally:
            await connection.close()
        if not row["waiting"] and not row["unsent"] and row["compiled"]:
            return dict(row)
        if time.monotonic() > end:
            return dict(row)
        await asyncio.sleep(0.5)


async def main(scale: Scale) -> int:
    with tempfile.TemporaryDirectory(dir="/var/tmp", prefix="ks-chaos-") as name:
        folder = Path(name)
        async with built(folder) as house:
            await _ready(house)
            began, ledger = time.monotonic(), Ledger()
            until = began + scale.seconds
            await asyncio.gather(
                disturb(house, scale),
                *(phone(house, number, until, ledger) for number in range(scale.clients)),
            )
            loaded = time.monotonic() - began
            found = await settled(house)
            stored = set(found.pop("reports") or [])
            acknowledged = set(ledger.acknowledged)
            result = {
                "acknowledged": len(acknowledged),
                "lost": len(acknowledged - stored),
                "unasked": len(stored - acknowledged),
                "doubled": round(float(found["counted"] or 0) - len(stored), 6),
                **found,
                "answers": dict(ledger.answers),
                "503 without a time to come back": ledger.untold,
                "seconds under load": round(loaded, 1),
                "seconds until all was done": round(time.monotonic() - began - loaded, 1),
            }
            sys.stdout.write(json.dumps(result) + "\n")
            held = (
                acknowledged
                and not acknowledged ^ stored
                and result["doubled"] == 0
                and not found["waiting"]
                and not found["unsent"]
                and found["compiled"]
                and not ledger.untold
            )
            if not held:
                sys.stderr.write(_logs(folder))
            return 0 if held else 1


def _logs(folder: Path) -> str:
    logs = sorted(folder.glob("*.log"))
    return "\n".join(f"{log.name}: {log.read_text()[-3000:]}" for log in logs)


async def _ready(house: House) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    async with httpx.AsyncClient(timeout=5) as client:
        for port in house.ports:
            while True:
                try:
                    answer = await client.get(f"http://127.0.0.1:{port}/health/ready")
                    if answer.status_code == 200:
                        break
                except httpx.TransportError:
                    pass
                assert time.monotonic() < end, [
                    log.read_text()[-1500:] for log in (house.webs[0].log, house.workers[0].log)
                ]
                await asyncio.sleep(0.2)


if __name__ == "__main__":
    raise SystemExit(asyncio.run(main(SMALL if "--small" in sys.argv else LARGE)))
