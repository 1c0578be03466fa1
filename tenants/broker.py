"""The embedded broker's connection to its queue, beside the data in the same database."""

from collections.abc import Iterable

import dramatiq
from dramatiq_postgres import PostgresBroker


def embedded_broker(url: str, middleware: Iterable[dramatiq.Middleware]) -> PostgresBroker:
    """A broker that notices a dead worker after 8 seconds; the library's defaults take 105."""
    return PostgresBroker(
        url=url,
        results=False,
        # A notification that comes between looking and waiting is missed: then this is the wait.
        poll_interval=0.2,
        heartbeat_interval=2.0,
        heartbeat_ttl=8.0,
        maintenance_interval=3.0,
        middleware=list(middleware),
    )
