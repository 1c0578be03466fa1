"""Report, compilation, live, dashboard and a decision on each combination of engines.

On every one two web processes and two workers, on ports of their own, behave as one service.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import pytest

from service.council.topic import TOPIC as COUNCIL
from service.cycle.analysis.open import TOPIC as PROBLEM
from service.settings import Settings
from tenants.scope import fetch, fetch_row, fetch_value, platform_scope
from tests.conftest import free_ports
from tests.council import steering
from tests.cycle.mapping.test_hand_in import report
from tests.engines import pgbouncer
from tests.engines.brokers import missing, place_of
from tests.processes import running
from tests.town import Town

HEAD = ("PostgreSQL", "way", "broker", "live", "report, compile, live, dashboard, decision")
TABLE: list[tuple[str, ...]] = []
"""Filled by the tests, printed at the end of the run."""

COMBINATIONS = [
    ("direct", "postgresql", "postgresql"),
    ("direct", "postgresql", "redis"),
    ("direct", "amqp", "postgresql"),
    ("direct", "amqp", "redis"),
    ("direct", "redis", "postgresql"),
    ("direct", "redis", "redis"),
    ("pgbouncer", "postgresql", "postgresql"),
    ("pgbouncer", "amqp", "redis"),
    ("pgbouncer", "redis", "redis"),
]


@dataclass(frozen=True)
class Service:
    """Two web processes and two workers on the same engines."""

    ports: tuple[int, int]
    logs: Path
    host: str = "kraftsamling.test"

    def address(self, which: int) -> str:
        return f"http://127.0.0.1:{self.ports[which]}"

    async def cookies(self, town: Town, role: str) -> dict[str, str]:
        """What the member's browser sends, wherever a proxy leads it."""
        client = await town.client(role)
        if "__Host-csrf" not in client.cookies:
            await client.get("/")
        held = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
        return {
            "host": self.host,
            "cookie": held,
            "x-csrftoken": client.cookies["__Host-csrf"],
            "accept": "text/html",
        }

    async def get(self, which: int, town: Town, path: str, role: str) -> httpx.Response:
        headers = await self.cookies(town, role)
        async with httpx.AsyncClient(timeout=30) as client:
            return await client.get(f"{self.address(which)}/{town.slug}{path}", headers=headers)

    async def post(self, which: int, town: Town, path: str, role: str, **form: Any) -> Any:
        headers = await self.cookies(town, role)
        async with httpx.AsyncClient(timeout=30) as client:
            return await client.post(
                f"{self.address(which)}/{town.slug}{path}", data=form, headers=headers
            )

    def said(self) -> str:
        return "\n".join(
            f"{log.name}: {log.read_text()[-2000:]}" for log in sorted(self.logs.iterdir())
        )

    @asynccontextmanager
    async def open_page(self, which: int, town: Town, role: str) -> AsyncIterator[list[str]]:
        """The events that an open page hears, as they come."""
        headers = await self.cookies(town, role)
        heard: list[str] = []

        async def listen() -> None:
            async with (
                httpx.AsyncClient(timeout=None) as client,
                client.stream(
                    "GET", f"{self.address(which)}/{town.slug}/live", headers=headers
                ) as stream,
            ):
                async for line in stream.aiter_lines():
                    if line.startswith("event:"):
                        heard.append(line.removeprefix("event:").strip())

        task = asyncio.create_task(listen())
        await self.until(lambda: "hello" in heard)
        yield heard
        task.cancel()

    async def until(self, true: Any, seconds: float = 30) -> None:
        end = time.monotonic() + seconds
        while not true():
            assert time.monotonic() < end, self.said()
            await asyncio.sleep(0.05)


def start(settings: Settings, logs: Path, stack: ExitStack) -> Service:
    """Two webs and two workers connected as `settings` are, ended with `stack`."""
    ports = (free_ports(), free_ports())
    logs.mkdir()
    for number in (0, 1):
        for command in ("web", "worker"):
            log = logs / f"{command}-{number}.log"
            chosen = replace(settings, port=ports[number])
            stack.enter_context(running(command, chosen, log))
    return Service(ports, logs)


async def wait_until_ready(service: Service) -> None:
    end = time.monotonic() + 90
    async with httpx.AsyncClient(timeout=5) as client:
        for which in (0, 1):
            while True:
                try:
                    answer = await client.get(f"{service.address(which)}/health/ready")
                    if answer.status_code == 200:
                        break
                except httpx.TransportError:
                    pass
                assert time.monotonic() < end, service.said()
                await asyncio.sleep(0.2)


@pytest.fixture(scope="module")
def places(settings: Settings) -> Iterator[Callable[[str], str]]:
    """`places("amqp")`: the run's own place at that engine."""
    with ExitStack() as held:
        yield cache(lambda kind: held.enter_context(place_of(kind, settings.database_url)))


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as made:
        yield made


@pytest.mark.parametrize(("way", "broker", "live"), COMBINATIONS)
async def test_a_report_sent_to_one_shows_in_a_page_open_on_the_other(
    tallbacka: Town,
    settings: Settings,
    tmp_path: Path,
    stack: ExitStack,
    places: Callable[[str], str],
    way: str,
    broker: str,
    live: str,
) -> None:
    async with platform_scope():
        version = (await fetch_value("SHOW server_version")).split()[0]
        begun = await fetch_value("SELECT now()")
    row = (version, way, broker, live)
    TABLE or TABLE.append(HEAD)
    if why := missing(broker) or missing(live):
        TABLE.append((*row, f"not tried: {why}"))
        pytest.skip(why)
    chosen = replace(settings, broker_url=places(broker), live_url=places(live))
    if way == "pgbouncer":
        pool = stack.enter_context(pgbouncer.pooled(settings.database_url))
        chosen = replace(chosen, database_url=pool)
    TABLE.append((*row, "failed"))
    service = start(chosen, tmp_path / "logs", stack)
    await wait_until_ready(service)

    async with service.open_page(1, tallbacka, "safety_coordinator") as heard:
        sent = report(tallbacka, category="arson")
        refused = await service.post(
            0, tallbacka, "/rapportera", "reporter", **sent | {"category": ""}
        )
        assert refused.status_code == 422
        answer = await service.post(0, tallbacka, "/rapportera", "reporter", **sent)
        assert answer.status_code == 200, service.said()
        await service.until(lambda: "picture" in heard)
        again = await service.post(1, tallbacka, "/rapportera", "reporter", **sent)
        assert again.status_code == 200
    page = await service.get(1, tallbacka, "/lagesbild", "safety_coordinator")
    assert "Anlagd brand" in page.text, service.said()
    board = await service.get(0, tallbacka, "/styrgrupp", "steering_member")
    assert board.status_code == 200 and "Bilden börjar med" not in board.text
    assert "1 av 4 aktörer har rapporterat" in board.text

    async with tallbacka.scope():
        counts = await fetch_row(
            """SELECT (SELECT count(*) FROM report) AS reports,
                      (SELECT sum(count) FROM weekly_count) AS counted,
                      (SELECT count(*) FROM job WHERE finished_at IS NULL) AS waiting,
                      (SELECT count(*) FROM job WHERE finished_at IS NOT NULL) AS done"""
        )
    assert counts is not None and tuple(counts.values()) == (1, 1.0, 0, 1)
    async with platform_scope():
        # What tests before this one left unsent is theirs.
        left = "SELECT count(*) FROM outbox WHERE asked_at >= $1"
        assert await fetch_value(left, begun) == 0
    await _decided_together(service, tallbacka)
    TABLE[-1] = (*row, "green")


async def _decided_together(service: Service, town: Town) -> None:
    """The steering group votes at both processes and decides at one; the other's page hears it."""
    proposal = await steering.proposal_in(town)
    async with service.open_page(1, town, steering.SCHOOL) as heard:
        votes = {steering.CHAIR: "for", steering.VICE: "against", steering.SCHOOL: "for"}
        for number, (who, choice) in enumerate(votes.items()):
            heard.clear()
            voted = await service.post(
                number % 2, town, steering.path(proposal, "rost"), who, choice=choice
            )
            assert voted.status_code == 303, voted.text
            await service.until(lambda: COUNCIL in heard)
        decide = steering.path(proposal, "beslut")
        refused = await service.post(
            0, town, decide, steering.CHAIR, **steering.DECISION | {"motive": " "}
        )
        assert refused.status_code == 422
        heard.clear()
        decided = await service.post(0, town, decide, steering.CHAIR, **steering.DECISION)
        assert decided.status_code == 303, decided.text
        await service.until(lambda: {COUNCIL, PROBLEM} <= set(heard))
    page = await service.get(1, town, steering.path(proposal), steering.POLICE_CHIEF)
    assert "§ 1/" in page.text and "bifall" in page.text
    async with town.scope():
        rows = await fetch("SELECT outcome, votes_for, votes_against FROM decision")
    assert [tuple(row) for row in rows] == [("approved", 2, 1)]
