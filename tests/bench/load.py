"""A frugal HTTP client: many kept-alive connections that send one request after the other.

It shares the machine with the server that it measures, so it does no more than it must.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

MakeRequest = Callable[[], bytes]
Due = Callable[[], float | None]
"""When the next request is to be sent, by the performance counter; None when there is none."""


@dataclass
class Load:
    """What came of a load: answers in `seconds`, each answer's time, and the status codes."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)

    @property
    def per_second(self) -> float:
        return len(self.latencies) / self.seconds


class _Sender(asyncio.Protocol):
    def __init__(self, make_request: MakeRequest, load: Load, due: Due) -> None:
        self.make_request = make_request
        self.load = load
        self.due = due
        self.done = asyncio.get_running_loop().create_future()
        self.received = bytearray()
        self.wanted = -1

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self._send()

    def _send(self) -> None:
        due = self.due()
        if due is None:
            self.transport.close()
            return
        # Counted from when it was due: whoever comes while all connections are busy waits too.
        self.sent = due
        wait = due - time.perf_counter()
        if wait > 0:
            asyncio.get_running_loop().call_later(wait, self._write)
        else:
            self._write()

    def _write(self) -> None:
        self.transport.write(self.make_request())

    def data_received(self, data: bytes) -> None:
        self.received += data
        if self.wanted < 0:
            head = self.received.find(b"\r\n\r\n")
            if head < 0:
                return
            lower = bytes(self.received[:head]).lower()
            at = lower.index(b"content-length:") + 15
            self.wanted = head + 4 + int(lower[at:].split(b"\r\n", 1)[0])
        if len(self.received) < self.wanted:
            return
        status = int(self.received[9:12])
        self.load.statuses[status] = self.load.statuses.get(status, 0) + 1
        self.load.latencies.append(time.perf_counter() - self.sent)
        self.received.clear()
        self.wanted = -1
        self._send()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.done.set_result(exc)


async def send_load(port: int, makers: Sequence[MakeRequest], seconds: float) -> Load:
    """Keep one request in flight for each of `makers` during `seconds`."""
    until = time.perf_counter() + seconds

    def at_once() -> float | None:
        now = time.perf_counter()
        return now if now < until else None

    return await _send(port, makers, at_once)


async def send_at_rate(
    port: int,
    makers: Sequence[MakeRequest],
    per_second: float,
    seconds: float,
    until: Callable[[], bool] = lambda: False,
) -> Load:
    """Send evenly, however long the answers take: an open loop. It ends early with `until`."""
    began = time.perf_counter()
    times = iter([began + n / per_second for n in range(int(seconds * per_second))])
    return await _send(port, makers, lambda: None if until() else next(times, None))


async def _send(port: int, makers: Sequence[MakeRequest], due: Due) -> Load:
    load = Load()
    began = time.perf_counter()
    senders = []
    for make_request in makers:
        sender = _Sender(make_request, load, due)
        await asyncio.get_running_loop().create_connection(
            lambda sender=sender: sender, "127.0.0.1", port
        )
        senders.append(sender)
    await asyncio.gather(*(sender.done for sender in senders))
    load.seconds = time.perf_counter() - began
    return load


def http_request(
    method: str, path: str, host: str, *, headers: dict[str, str], body: bytes = b""
) -> bytes:
    """The bytes of one request."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    if body:
        lines.append("Content-Type: application/x-www-form-urlencoded")
    lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + body
