"""The police's newest events, fetched once for all municipalities that take them."""

import asyncio
import hashlib
import logging
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

from service.settings import Settings
from service.sources.choose import choice
from service.sources.police.answer import read_whole_answer
from service.sources.police.call import Answer, Silent, call
from service.sources.police.event import BrokenFile
from service.sources.police.importing import UNREADABLE, Summary, take_in
from service.sources.police.turn import (
    SOURCE,
    WHOLE_CALL,
    NotYet,
    end_call,
    take_turn,
    tell_answered,
    tell_failed,
)
from service.web.language import _, later
from tenants.municipalities import all_municipalities
from tenants.scope import platform_scope, tenant_scope

logger = logging.getLogger(__name__)

FAILURES: Final = {
    "silent": later("Polisens tjänst svarade inte i tid."),
    "busy": later("Polisens tjänst bad oss vänta. Vi hämtar inte förrän den tiden är ute."),
    "broken": later("Polisens tjänst har ett fel hos sig."),
    "refused": later("Polisens tjänst nekade oss. Adressen kan ha ändrats."),
    "moved": later("Polisens tjänst hänvisade till en annan adress, och sådant följer vi inte."),
    "large": later("Svaret var för stort för att läsas."),
    "unreadable": later("Svaret gick inte att läsa. Formatet kan ha ändrats."),
}


async def fetch_events(settings: Settings) -> Summary | NotYet | None:
    """Fetch once if a call may be made now: what was taken, when to come back, or None.

    Needs open connections and no open scope. None is an answer that held nothing new, or a failure,
    which the source's row then names. Stopped anywhere, the next one does it all anew: what is
    stored already is known, and validators are kept only once everybody has got everything.
    """
    deadline = asyncio.get_running_loop().time() + WHOLE_CALL.total_seconds()
    turn = await take_turn()
    if isinstance(turn, NotYet):
        return turn
    recipients = await _recipients()
    if turn.recipients != recipients:
        # What has not changed is nothing to those who never got it.
        turn = replace(turn, etag=None, last_modified=None)
    try:
        answer = await call(
            settings.police_url,
            agent=agent_of(settings),
            etag=turn.etag,
            last_modified=turn.last_modified,
            deadline=deadline,
        )
    except Silent as silent:
        await end_call(turn, None)
        await _fail(silent.reason)
        return None
    await end_call(turn, answer.status)
    if answer.status == 304 and (turn.etag or turn.last_modified):
        await tell_answered(etag=turn.etag, last_modified=turn.last_modified, recipients=recipients)
        return None
    if answer.status != 200:
        await _fail(_failure_of(answer.status), answer.wait)
        return None
    return await _take(answer, recipients)


def agent_of(settings: Settings) -> str:
    """Who asks, and whom to write to about it."""
    return f"Kraftsamling (+{settings.base_url}; {settings.police_contact})"


async def _take(answer: Answer, recipients: str) -> Summary | None:
    try:
        found = read_whole_answer(answer.body, datetime.now(UTC))
    except BrokenFile:
        await _fail("unreadable")
        return None
    summary = await take_in(found)
    if summary.skipped[_(UNREADABLE)] * 2 > summary.read:
        await _fail("unreadable")
        return summary
    await tell_answered(etag=answer.etag, last_modified=answer.last_modified, recipients=recipients)
    logger.info("The police's events: %d read, %d new.", summary.read, summary.taken)
    return summary


async def _recipients() -> str:
    """A name for the municipalities that take the events: another one for any others."""
    async with platform_scope():
        municipalities = await all_municipalities()
    takers = hashlib.sha256()
    for one in sorted(municipalities, key=lambda each: each.id):
        async with tenant_scope(one.id):
            if (await choice(SOURCE)).taken:
                takers.update(one.id.bytes)
    return takers.hexdigest()


async def _fail(failure: str, wait: timedelta = timedelta()) -> None:
    logger.warning("The police's events could not be fetched: %s.", failure)
    await tell_failed(failure, wait=wait)


def _failure_of(status: int) -> str:
    if status == 429:
        return "busy"
    if status >= 500:
        return "broken"
    if 300 <= status < 400 and status != 304:
        return "moved"
    return "refused" if status >= 400 else "unreadable"
