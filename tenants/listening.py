"""The live channel's connection: it hears hints and reads no table."""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

import asyncpg

logger = logging.getLogger(__name__)

CHANNEL = "ks_live"
RECONNECT_SECONDS = 1.0


async def listen(dsn: str, *, heard: Callable[[str], None], connected: Callable[[], None]) -> None:
    """Call `heard` with every hint's text until cancelled, through lost connections.

    `connected` is called each time that the channel is (again) open: what was announced while
    nobody listened is unknown. Needs a direct connection; a transaction-pooling proxy drops hints.
    """
    while True:
        lost = asyncio.Event()
        connection: Any = None
        try:
            connection = await asyncpg.connect(
                dsn, server_settings={"application_name": "kraftsamling live"}
            )
            connection.add_termination_listener(lambda _, lost=lost: lost.set())
            await connection.add_listener(CHANNEL, lambda _c, _p, _n, text: heard(text))
            connected()
            await lost.wait()
            logger.warning("The live channel was lost; connecting again.")
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            logger.warning("The live channel does not answer; trying again.")
        finally:
            if connection is not None and not connection.is_closed():
                connection.terminate()
        await asyncio.sleep(RECONNECT_SECONDS)
