"""The mail server takes our letters."""

import asyncio

from service.operations.finding import Finding, error, well
from service.settings import Settings
from service.web.letters import NotSent, try_server

CHECK = "post"


async def mail(settings: Settings) -> list[Finding]:
    try:
        await asyncio.to_thread(try_server, settings.smtp_url)
    except NotSent as refusal:
        return [
            error(
                CHECK,
                f"Brev går inte att skicka: {refusal}",
                "Sätt KS_SMTP_URL till smtp://värd:port eller smtps://namn:lösenord@värd.",
            )
        ]
    return [well(CHECK, "Postservern svarar.")]
