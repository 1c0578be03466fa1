"""What operations look at: requests, their time, open streams. No municipality has a label."""

import time
from functools import cache
from typing import Any

from litestar import Request, Response, get
from litestar.enums import ScopeType
from litestar.exceptions import NotFoundException
from litestar.types import ASGIApp, Message, Receive, Scope, Send
from prometheus_client import CONTENT_TYPE_LATEST, Counter, Gauge, Histogram, generate_latest

from service.web.may import UNSEEN

REQUESTS = Counter("ks_requests", "Answered requests", ["method", "status"])
SECONDS = Histogram("ks_request_seconds", "Time to the first byte of an answer", ["method"])
STREAMS = Gauge("ks_live_streams", "Open pages that are told of changes")
METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})
HERE = frozenset({"127.0.0.1", "::1"})


# Looking a series up by its labels takes a lock and longer than counting.
_seconds = cache(SECONDS.labels)
_requests = cache(REQUESTS.labels)


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
                _seconds(method).observe(time.perf_counter() - began)
                _requests(method, f"{message['status'] // 100}xx").inc()
            await send(message)

        await self.app(scope, receive, counted)


@get("/metrics", opt=UNSEEN, include_in_schema=False, sync_to_thread=False)
def metrics(request: Request[Any, Any, Any]) -> Response[bytes]:
    """For a collector on this machine; to everybody else the page does not exist."""
    sender = request.client.host if request.client else ""
    if sender not in HERE or "x-forwarded-for" in request.headers:
        raise NotFoundException()
    STREAMS.set(request.app.state.hub.open_streams)
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


routes = [metrics]
