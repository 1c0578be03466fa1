"""The live channel: hints go out when a transaction is stored, and reach who listens.

`postgresql://` listens on the database itself, which sends a hint with the commit. `redis://`
(Valkey, Redis) is told after the commit: a hint that is lost there is made up for by the next.
Neither reads a table.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

import asyncpg
import redis.asyncio
from redis.exceptions import RedisError

from tenants.broker import kind_of
from tenants.scope import after_commit, execute

logger = logging.getLogger(__name__)

CHANNEL = "ks_live"
RECONNECT_SECONDS = 1.0
# A connection on which nothing was heard for so long is asked whether it is there.
SILENCE_SECONDS = 5.0

Heard = Callable[[str], None]

_outside: Any = None
_sending: set[asyncio.Task[None]] = set()


async def open_sending(url: str) -> None:
    """Choose, for this process, the channel on which hints go out."""
    global _outside
    _outside = _client(url) if kind_of(url) == "redis" else None


async def close_sending() -> None:
    """Let the hints that are under way arrive, then close the channel."""
    global _outside
    client, _outside = _outside, None
    if _sending:
        await asyncio.wait(_sending, timeout=2)
    if client is not None:
        await client.aclose()


async def hint(text: str) -> None:
    """Send `text` to all who listen once the open scope's transaction is stored."""
    if _outside is None:
        await execute("SELECT pg_notify($1, $2)", CHANNEL, text)
    else:
        after_commit(lambda: _send_soon(text))


def _send_soon(text: str) -> None:
    task = asyncio.get_running_loop().create_task(_send(text))
    _sending.add(task)
    task.add_done_callback(_sending.discard)


async def _send(text: str) -> None:
    client = _outside
    try:
        if client is not None:
            await client.publish(CHANNEL, text)
    except (OSError, RedisError):
        logger.warning("The live channel does not answer; a hint was lost.")


async def listen(url: str, *, heard: Heard, connected: Callable[[], None]) -> None:
    """Call `heard` with every hint's text until cancelled, through lost connections.

    `connected` is called each time that the channel is (again) open: what was announced while
    nobody listened is unknown. Needs a direct connection; a transaction-pooling proxy drops hints.
    """
    hear = _hear_redis if kind_of(url) == "redis" else _hear_postgres
    while True:
        try:
            await hear(url, heard, connected)
            logger.warning("The live channel was lost; connecting again.")
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, RedisError):
            logger.warning("The live channel does not answer; trying again.")
        await asyncio.sleep(RECONNECT_SECONDS)


async def _hear_postgres(url: str, heard: Heard, connected: Callable[[], None]) -> None:
    lost = asyncio.Event()
    connection = await asyncpg.connect(
        url, server_settings={"application_name": "kraftsamling live"}
    )
    try:
        connection.add_termination_listener(lambda _: lost.set())
        await connection.add_listener(CHANNEL, lambda _c, _p, _n, text: heard(text))
        connected()
        await lost.wait()
    finally:
        if not connection.is_closed():
            connection.terminate()


async def _hear_redis(url: str, heard: Heard, connected: Callable[[], None]) -> None:
    client = _client(url)
    channel = client.pubsub()
    try:
        await channel.subscribe(CHANNEL)
        connected()
        while True:
            # The client itself asks a silent connection whether it is there.
            message = await channel.get_message(
                ignore_subscribe_messages=True, timeout=SILENCE_SECONDS
            )
            if message is not None and message["type"] == "message":
                heard(message["data"])
    finally:
        await channel.aclose()
        await client.aclose()


def _client(url: str) -> Any:
    return redis.asyncio.from_url(
        url,
        decode_responses=True,
        socket_connect_timeout=5,
        socket_timeout=SILENCE_SECONDS * 2,
        health_check_interval=SILENCE_SECONDS,
    )
