"""The dashboard with three years of decisions, and a decision on its way to fifty open browsers."""

import asyncio
import time
from urllib.parse import urlencode
from uuid import UUID

import asyncpg

from tenants.roles import Role
from tests.bench.figure import Figure
from tests.bench.load import http_request
from tests.bench.stage import HOST, Reporter, Stage, free_port, process
from tests.bench.submit import headers
from tests.bench.three_years import MEASURES, PROBLEMS, live_three_years

PAGES = 200
BROWSERS = 50
DECISIONS = 12
PAGE_MS = 40
SHOWN_MS = 500


async def measure(stage: Stage) -> list[Figure]:
    waiting = await live_three_years(stage, waiting=DECISIONS + 2)
    chair = await stage.logged_in(Role.STEERING_MEMBER, stage.organisations[0], seat="board_chair")
    readers = [
        await stage.logged_in(Role.PROJECT_OWNER, stage.organisations[0]) for _ in range(BROWSERS)
    ]
    await _analysed(stage)
    port = free_port()
    async with process(stage, port, "service.cli", "web"):
        floor = await page_times(port, "/me", chair)
        pages = await page_times(port, f"/{stage.slug}/styrgrupp", chair)
        shown, own = await _decisions(stage, port, chair, readers, waiting)
    about = f"{stage.name}, {PROBLEMS} problems and {MEASURES} decisions"
    return [
        Figure("dashboard page, p50", at(pages, 0.5), "ms", at(floor, 0.5),
               note="floor: /me of the same process, which looks up the session and no more"),
        Figure("dashboard page, p95", at(pages, 0.95), "ms", PAGE_MS, at_most=1.0,
               note=f"{about}; floor: the {PAGE_MS} ms that are promised; /me of the same run: "
                    f"{at(floor, 0.95):.1f} ms"),
        Figure("decision to its showing in fifty browsers, p50", at(shown, 0.5), "ms",
               at(own, 0.5), note="floor: the decision until it is answered to who decided"),
        Figure("decision to its showing in fifty browsers, p95", at(shown, 0.95), "ms", SHOWN_MS,
               at_most=1.0, note=f"{about}; floor: the {SHOWN_MS} ms that are promised"),
    ]  # fmt: skip


async def _analysed(stage: Stage) -> None:
    """What autovacuum does within a minute of so many new rows."""
    connection = await asyncpg.connect(stage.database.superuser)
    await connection.execute("ANALYZE")
    await connection.close()


def at(times: list[float], share: float) -> float:
    return sorted(times)[min(int(len(times) * share), len(times) - 1)]


class Connection:
    """A kept-alive connection of one browser."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    @classmethod
    async def open(cls, port: int) -> "Connection":
        return cls(*await asyncio.open_connection("127.0.0.1", port))

    async def ask(self, request: bytes) -> tuple[int, bytes]:
        """The status and the whole body of the answer."""
        self.writer.write(request)
        head = await self.reader.readuntil(b"\r\n\r\n")
        at = head.lower().index(b"content-length:") + 15
        body = await self.reader.readexactly(int(head[at:].split(b"\r\n", 1)[0]))
        return int(head[9:12]), body

    def close(self) -> None:
        self.writer.close()


def _get(path: str, reader: Reporter, **more: str) -> bytes:
    return http_request("GET", path, HOST, headers={"Cookie": reader.cookies} | more)


async def page_times(port: int, path: str, reader: Reporter) -> list[float]:
    connection = await Connection.open(port)
    times = []
    for turn in range(PAGES + 20):
        began = time.perf_counter()
        status, _body = await connection.ask(_get(path, reader, Accept="text/html"))
        if status != 200:
            raise RuntimeError(f"{path} answered {status}.")
        if turn >= 20:
            times.append(1000 * (time.perf_counter() - began))
    connection.close()
    return times


class Browser:
    """One open dashboard: its stream, and the connection that it fetches the board over."""

    def __init__(self, stage: Stage, port: int, reader: Reporter) -> None:
        self.stage, self.port, self.reader = stage, port, reader
        self.wanted = b""
        self.seen = asyncio.Event()
        self.at = 0.0

    async def follow(self, open_: asyncio.Event) -> None:
        stream = await Connection.open(self.port)
        fetching = await Connection.open(self.port)
        path = f"/{self.stage.slug}/live"
        stream.writer.write(_get(path, self.reader, Accept="text/event-stream"))
        board = _get(f"/{self.stage.slug}/styrgrupp/_tavla", self.reader, **{"HX-Request": "true"})
        try:
            while line := await stream.reader.readline():
                if b"event: hello" in line:
                    open_.set()
                if b"event: council" not in line:
                    continue
                status, body = await fetching.ask(board)
                if status != 200:
                    raise RuntimeError(f"The board answered {status}.")
                if self.wanted and self.wanted in body:
                    self.at = time.perf_counter()
                    self.seen.set()
        finally:
            stream.close()
            fetching.close()


async def _decisions(
    stage: Stage, port: int, chair: Reporter, readers: list[Reporter], waiting: list[UUID]
) -> tuple[list[float], list[float]]:
    """Times from sending a decision to each browser's board that holds it, and to its answer."""
    browsers = [Browser(stage, port, reader) for reader in readers]
    opened = [asyncio.Event() for _ in browsers]
    tasks = [
        asyncio.create_task(one.follow(ready)) for one, ready in zip(browsers, opened, strict=True)
    ]
    await asyncio.wait_for(asyncio.gather(*(ready.wait() for ready in opened)), 60)
    deciding = await Connection.open(port)
    shown, own = [], []
    for turn, proposal in enumerate(waiting):
        await asyncio.sleep(0.5)
        for one in browsers:
            one.seen.clear()
            # The newest decision is named on the board by its proposal's address.
            one.wanted = f'beslutet:</b> <a href="{_address(stage, proposal)}'.encode()
        began = time.perf_counter()
        status, body = await deciding.ask(_decide(stage, chair, proposal))
        answered = time.perf_counter()
        if status != 200:
            raise RuntimeError(f"The decision was answered {status}: {body[-600:]!r}")
        done = asyncio.gather(*(one.seen.wait() for one in browsers))
        await asyncio.wait_for(done, 30)
        for task in tasks:
            if task.done():
                task.result()
        if turn >= 2:
            own.append(1000 * (answered - began))
            shown += [1000 * (one.at - began) for one in browsers]
    for task in tasks:
        task.cancel()
    deciding.close()
    return shown, own


def _address(stage: Stage, proposal: UUID) -> str:
    return f"/{stage.slug}/styrgrupp/forslag/{proposal}"


def _decide(stage: Stage, chair: Reporter, proposal: UUID) -> bytes:
    form = {"way": "by_votes", "motive": "Mätning", "cost_kr": "40 000", "hours": "40"}
    path = f"{_address(stage, proposal)}/beslut"
    return http_request("POST", path, HOST, headers=headers(chair), body=urlencode(form).encode())
