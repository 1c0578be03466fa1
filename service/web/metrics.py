"""What operations look at: requests, jobs, lateness, open streams. No municipality has a label."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from ipaddress import ip_address, ip_network
from typing import Any

from litestar import Request, Response, get
from litestar.enums import ScopeType
from litestar.exceptions import NotFoundException
from litestar.types import ASGIApp, Message, Receive, Scope, Send
from prometheus_client import CONTENT_TYPE_LATEST, Counter, Gauge, Histogram, generate_latest

from service.web.may import UNSEEN
from tenants.scope import DATABASE_AWAY, OutsideScope, fetch_row
from tenants.tracing import span

REQUESTS = Counter("ks_requests", "Answered requests", ["method", "status"])
SECONDS = Histogram("ks_request_seconds", "Time to the first byte of an answer", ["method"])
REFUSALS = Counter("ks_refusals", "Requests that were refused", ["status"])
STREAMS = Gauge("ks_live_streams", "Open pages that are told of changes")
JOBS = Counter("ks_jobs", "Jobs that were tried", ["verb", "outcome"])
JOB_SECONDS = Histogram("ks_job_seconds", "Time that a job took", ["verb"])
LATENESS = Histogram(
    "ks_job_lateness_seconds",
    "Time from asking for a job to its end; for picture.compile how late a picture is",
    ["verb"],
    buckets=(0.5, 1, 2, 5, 10, 30, 60, 300, 900, 3600),
)
DATABASE = Gauge("ks_database_up", "Whether the database answered")
WAITING = Gauge("ks_messages_waiting", "Jobs that wait for a worker")
OLDEST = Gauge("ks_oldest_message_seconds", "How long the oldest waiting job has waited")
PROCESSES = Gauge("ks_processes", "Workers and schedulers that are alive", ["kind"])
METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})
TELLING = frozenset({400, 401, 403, 404, 405, 409, 413, 422, 429, 500, 503})

_LOOK = """
SELECT (SELECT count(*) FROM dramatiq.queue WHERE state = 'queued')
           + (SELECT count(*) FROM outbox) AS waiting,
       coalesce(extract(epoch FROM now() - least(
           (SELECT min(mtime) FROM dramatiq.queue
            WHERE state = 'queued' AND (available_at IS NULL OR available_at <= now())),
           (SELECT min(asked_at) FROM outbox))), 0)::float8 AS oldest,
       count(*) FILTER (WHERE kind = 'worker') AS worker,
       count(*) FILTER (WHERE kind = 'scheduler') AS scheduler
FROM process WHERE beat_at > now() - interval '10 s'
"""

# Looking a series up by its labels takes a lock and longer than counting.
_seconds = cache(SECONDS.labels)
_requests = cache(REQUESTS.labels)
_refusals = cache(REFUSALS.labels)


class Measured:
    """ASGI wrapper around the whole application, so that it also counts what no route answered."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await self.app(scope, receive, send)
            return
        began = time.perf_counter()
        # A made-up method must not make a new series each time.
        method = scope["method"] if scope["method"] in METHODS else "other"

        async def counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                status = message["status"]
                _seconds(method).observe(time.perf_counter() - began)
                _requests(method, f"{status // 100}xx").inc()
                if status in TELLING:
                    _refusals(str(status)).inc()
            await send(message)

        # A stream lasts for hours: its span would never be seen.
        if scope["path"].endswith("/live"):
            await self.app(scope, receive, counted)
            return
        with span(f"request {method}"):
            await self.app(scope, receive, counted)


@contextmanager
def measured(verb: str, asked_at: datetime) -> Iterator[None]:
    """Count a job and its time around the block."""
    began = time.perf_counter()
    outcome = "failed"
    try:
        yield
        outcome = "done"
        LATENESS.labels(verb).observe((datetime.now(UTC) - asked_at).total_seconds())
    finally:
        JOBS.labels(verb, outcome).inc()
        JOB_SECONDS.labels(verb).observe(time.perf_counter() - began)


@get("/metrics", opt=UNSEEN, include_in_schema=False)
async def metrics(request: Request[Any, Any, Any]) -> Response[bytes]:
    """For a collector that KS_METRICS_FROM lets in; to everybody else the page does not exist."""
    sender = request.client.host if request.client else ""
    allowed = request.app.state.settings.metrics_from
    if "x-forwarded-for" in request.headers or not _is_from(sender, allowed):
        raise NotFoundException()
    STREAMS.set(request.app.state.hub.open_streams)
    try:
        row = await fetch_row(_LOOK)
    except (*DATABASE_AWAY, TimeoutError, OutsideScope):
        DATABASE.set(0)
    else:
        assert row is not None
        DATABASE.set(1)
        WAITING.set(row["waiting"])
        OLDEST.set(row["oldest"])
        for kind in ("worker", "scheduler"):
            PROCESSES.labels(kind).set(row[kind])
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


def _is_from(sender: str, networks: str) -> bool:
    try:
        address = ip_address(sender)
    except ValueError:
        return False
    return any(address in ip_network(one.strip()) for one in networks.split(",") if one.strip())


routes = [metrics]
