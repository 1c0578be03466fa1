"""Which workers are alive, and which scheduler is the one that sends."""

import asyncio
import logging
import socket
from collections.abc import Callable
from uuid import UUID, uuid4

from tenants.scope import DATABASE_AWAY, execute, fetch_value, platform_scope

logger = logging.getLogger(__name__)

BEAT_SECONDS = 2.0
DEAD_AFTER_SECONDS = 10.0


async def beat(kind: str, process: UUID) -> bool:
    """Say that `process` is alive; False when another live one holds the only place there is.

    A scheduler has one place. Whose heart has not beaten for a while loses it.
    """
    async with platform_scope():
        await execute(
            "DELETE FROM process WHERE beat_at < now() - make_interval(secs => $1) AND id <> $2",
            DEAD_AFTER_SECONDS,
            process,
        )
        return bool(
            await fetch_value(
                """INSERT INTO process (id, kind, host) VALUES ($1, $2, $3)
                   ON CONFLICT DO NOTHING RETURNING true""",
                process,
                kind,
                socket.gethostname(),
            )
            or await fetch_value(
                "UPDATE process SET beat_at = now() WHERE id = $1 RETURNING true", process
            )
        )


async def leave(process: UUID) -> None:
    """Free the place at once, so that who stands by need not wait."""
    async with platform_scope():
        await execute("DELETE FROM process WHERE id = $1", process)


async def worker_beats() -> bool:
    """Whether any worker was alive a moment ago; needs an open scope."""
    return await fetch_value(
        """SELECT EXISTS (SELECT 1 FROM process WHERE kind = 'worker'
                          AND beat_at > now() - make_interval(secs => $1))""",
        DEAD_AFTER_SECONDS,
    )


async def keep_beating(kind: str, *, holds: Callable[[bool], None] = lambda _: None) -> None:
    """Beat until cancelled; `holds` is told each time whether this process has its place."""
    process = uuid4()
    try:
        while True:
            try:
                async with asyncio.timeout(DEAD_AFTER_SECONDS / 2):
                    holds(await beat(kind, process))
            except (*DATABASE_AWAY, TimeoutError):
                # Who cannot say that it is alive must believe that another has taken over.
                holds(False)
                logger.warning("The database does not answer; no sign of life is left there.")
            await asyncio.sleep(BEAT_SECONDS)
    finally:
        try:
            await asyncio.shield(leave(process))
        except DATABASE_AWAY:
            logger.warning("The database does not answer; the place runs out by itself.")
