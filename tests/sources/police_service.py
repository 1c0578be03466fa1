"""A service that answers as the police's does, over real HTTP on this machine, and keeps its rules.

A call within ten seconds of the last, or beyond sixty in an hour, is answered 429 and noted. Its
clock can be moved on; a test then moves what the database holds just as far.
"""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tenants.scope import execute, platform_scope

GAP, HOUR, MOST_AN_HOUR = 10.0, 3600.0, 60


@dataclass
class Reply:
    status: int = 200
    body: bytes = b"[]"
    headers: dict[str, str] = field(default_factory=dict)
    hold: bool = False
    """Whether the answer never comes."""


@dataclass
class PoliceService:
    url: str = ""
    reply: Reply = field(default_factory=Reply)
    calls: list[float] = field(default_factory=list)
    heard: list[Message] = field(default_factory=list)
    broken_rules: list[str] = field(default_factory=list)
    elsewhere: int = 0
    _ahead: float = 0.0
    _turn: threading.Lock = field(default_factory=threading.Lock)
    released: threading.Event = field(default_factory=threading.Event)

    def answer_with(self, *events: dict[str, Any], **headers: str) -> None:
        self.reply = Reply(
            body=json.dumps(events).encode(),
            headers={name.replace("_", "-"): value for name, value in headers.items()},
        )

    def ask(self, headers: Message) -> Reply:
        """Note the call and judge it."""
        with self._turn:
            now = time.monotonic() + self._ahead
            lately = [at for at in self.calls if at > now - HOUR]
            self.calls.append(now)
            self.heard.append(headers)
            if lately and now - lately[-1] < GAP:
                self.broken_rules.append(f"a call {now - lately[-1]:.2f} s after the last")
                return Reply(429, headers={"retry-after": "10"})
            if len(lately) >= MOST_AN_HOUR:
                self.broken_rules.append(f"{len(lately) + 1} calls in an hour")
                return Reply(429, headers={"retry-after": "3600"})
            return self.reply

    async def pass_time(self, seconds: float) -> None:
        """All clocks go on: the service's, and what the database says of when things were."""
        async with platform_scope():
            await execute(
                """UPDATE source_call SET called_at = called_at - $1 * interval '1 second',
                       ended_at = ended_at - $1 * interval '1 second'""",
                seconds,
            )
            await execute(
                """UPDATE source_feed SET next_at = next_at - $1 * interval '1 second',
                       asked_at = asked_at - $1 * interval '1 second',
                       answered_at = answered_at - $1 * interval '1 second',
                       failed_at = failed_at - $1 * interval '1 second'""",
                seconds,
            )
            self._ahead += seconds


async def be_impatient() -> None:
    """Put aside how long we mean to wait, so that nothing but the service's rules is left."""
    async with platform_scope():
        await execute("UPDATE source_feed SET next_at = clock_timestamp()")


@contextmanager
def police_service() -> Iterator[PoliceService]:
    service = PoliceService()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            if self.path == "/elsewhere":
                service.elsewhere += 1
            reply = service.ask(self.headers)
            if reply.hold:
                service.released.wait(60)
            etag = reply.headers.get("etag")
            known = etag is not None and self.headers.get("if-none-match") == etag
            self.send_response(304 if known else reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            body = b"" if known else reply.body
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Nothing to the terminal."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    service.url = f"http://127.0.0.1:{server.server_port}/api/events"
    try:
        yield service
    finally:
        service.released.set()
        server.shutdown()
        server.server_close()
