"""A frugal HTTP client: many kept-alive connections that send one request after the other.

It shares the machine with the server that it measures, so it does no more than it must.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

MakeRequest = Callable[[], bytes]


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
    def __init__(self, make_request: MakeRequest, load: Load, until: float) -> None:
        self.make_request = make_request
        self.load = load
        self.until = until
        self.done = asyncio.get_running_loop().create_future()
        self.received = bytearray()
        self.wanted = -1

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self._send()

    def _send(self) -> None:
        if time.perf_counter() >= self.until:
            self.transport.close()
            return
        self.sent = time.perf_counter()
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
    load = Load()
    began = time.perf_counter()
    senders = []
    for make_request in makers:
        sender = _Sender(make_request, load, began + seconds)
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
