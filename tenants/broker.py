"""The broker that carries messages from those who ask for jobs to the workers, chosen by its URL.

`postgresql://` is the embedded queue beside the data. `amqp://` (RabbitMQ) and `redis://`
(Valkey, Redis) are servers outside; `tenants.relay` sends them what was committed.
"""

from collections.abc import Iterable, Sequence
from typing import Literal
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

import dramatiq
from dramatiq.brokers.rabbitmq import RabbitmqBroker
from dramatiq.brokers.redis import RedisBroker
from dramatiq_postgres import PostgresBroker

Kind = Literal["postgresql", "amqp", "redis"]
KINDS: dict[str, Kind] = {
    "postgresql": "postgresql",
    "postgres": "postgresql",
    "amqp": "amqp",
    "amqps": "amqp",
    "redis": "redis",
    "rediss": "redis",
}

DEAD_AFTER_MILLISECONDS = 8_000
# Of a million commands, how many look for what a dead worker held: some each ten seconds.
REDIS_MAINTENANCE = 50_000


def kind_of(url: str) -> Kind:
    """The kind of engine that a broker's or live channel's URL names. Raises ValueError."""
    kind = KINDS.get(urlsplit(url).scheme)
    if kind is None:
        raise ValueError(f"{urlsplit(url).scheme or url!r} names no engine")
    return kind


def connect_broker(url: str, middleware: Iterable[dramatiq.Middleware]) -> dramatiq.Broker:
    """The broker that `url` names; it connects when it is first used."""
    chosen: Sequence[dramatiq.Middleware] = list(middleware)
    match kind_of(url):
        case "amqp":
            # Confirmed: a message counts as sent once RabbitMQ has it on disk.
            return RabbitmqBroker(
                url=_impatient(url), confirm_delivery=True, middleware=list(chosen)
            )
        case "redis":
            return RedisBroker(
                url=url,
                namespace="kraftsamling",
                heartbeat_timeout=DEAD_AFTER_MILLISECONDS,
                maintenance_chance=REDIS_MAINTENANCE,
                middleware=list(chosen),
            )
        case _:
            return _embedded(url, chosen)


def _embedded(url: str, middleware: Sequence[dramatiq.Middleware]) -> PostgresBroker:
    """A queue that notices a dead worker after 8 seconds; the library's defaults take 105."""
    return PostgresBroker(
        url=url,
        results=False,
        # A notification that comes between looking and waiting is missed: then this is the wait.
        poll_interval=0.2,
        heartbeat_interval=2.0,
        heartbeat_ttl=DEAD_AFTER_MILLISECONDS / 1000,
        maintenance_interval=3.0,
        middleware=list(middleware),
    )


def _impatient(url: str) -> str:
    """Notice a silent RabbitMQ in seconds, unless the URL itself says how long to wait."""
    parts = urlsplit(url)
    asked = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    query = {
        "heartbeat": "10",
        "blocked_connection_timeout": "30",
        "socket_timeout": "5",
        "stack_timeout": "10",
    } | asked
    return urlunsplit(parts._replace(query=urlencode(query)))
