"""The live channel: a hint that is sent must be heard."""

import asyncio
import json
from contextlib import suppress
from uuid import UUID, uuid4

from service.operations.finding import Finding, error, well
from service.settings import Settings
from tenants.broker import kind_of
from tenants.listening import hint, listen
from tenants.scope import is_pooled, platform_scope

CHECK = "direktkanal"
PATIENCE_SECONDS = 5.0


async def live(settings: Settings) -> list[Finding]:
    if kind_of(settings.live_url) == "postgresql" and await is_pooled(settings.live_url):
        return [
            error(
                CHECK,
                "KS_LIVE_URL går genom en PgBouncer, som tappar alla tips till öppna sidor.",
                "Sätt KS_LIVE_URL till databasens egen adress.",
                refuses=True,
            )
        ]
    open_, heard = asyncio.Event(), asyncio.Event()
    # The nil municipality has no pages, so that nobody else minds this hint.
    words = json.dumps({"tenant": str(UUID(int=0)), "topic": f"prov-{uuid4()}"})
    listening = asyncio.create_task(
        listen(
            settings.live_url,
            heard=lambda text: heard.set() if text == words else None,
            connected=open_.set,
        )
    )
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            await open_.wait()
        async with platform_scope():
            await hint(words)
        async with asyncio.timeout(PATIENCE_SECONDS):
            await heard.wait()
    except TimeoutError:
        return [
            error(
                CHECK,
                "Ett tips som skickades hördes inte."
                if open_.is_set()
                else "Direktkanalen svarar inte.",
                "KS_LIVE_URL ska nå samma databas som KS_DATABASE_URL, eller en Redis som svarar. "
                "Sidor visar rätt vid omladdning tills det är lagat.",
            )
        ]
    finally:
        listening.cancel()
        with suppress(asyncio.CancelledError):
            await listening
    return [well(CHECK, "Ett tips skickades och hördes.")]
