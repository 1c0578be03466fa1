"""A stream ends with the right to read it, and keeps no session alive."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import pytest

from service.web import live
from tenants.members import Member, MunicipalityRef, find_member
from tenants.scope import execute, fetch_value, platform_scope
from tests.database import Database
from tests.town import Town


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A stream's right is checked every 100 ms instead of every 20 s."""
    monkeypatch.setattr(live, "CHECK_SECONDS", 0.1)
    yield


class Listener:
    """An open page of a member, and the names of the events that reached it."""

    def __init__(self, member: Member) -> None:
        self.member = member
        self.heard: list[str] = []
        self.ended = False

    async def follow(self, hub: live.Hub, token: str, drawn: float | None) -> None:
        async for message in hub.follow(self.member, token, drawn=drawn):
            if message.event:
                self.heard.append(message.event)
        self.ended = True

    async def until(self, event: str) -> None:
        async with asyncio.timeout(5):
            while event not in self.heard:
                await asyncio.sleep(0.02)


@asynccontextmanager
async def listening(
    town: Town, app: Any, drawn: float | None = None, hub: live.Hub | None = None
) -> AsyncIterator[Listener]:
    client = await town.client("safety_coordinator")
    token = client.cookies["__Host-sid"]
    async with town.scope():
        member = await find_member(
            token, MunicipalityRef(town.id, town.slug, town.name, "0000", False)
        )
    assert isinstance(member, Member)
    listener = Listener(member)
    task = asyncio.create_task(listener.follow(hub or app.state.hub, token, drawn))
    await listener.until("hello")
    yield listener
    task.cancel()


@pytest.mark.parametrize(
    "ending",
    [
        "UPDATE membership SET valid_to = now() WHERE person_id = $1",
        "UPDATE membership SET role = 'org_contact' WHERE person_id = $1",
        "DELETE FROM session WHERE person_id = $1",
        "UPDATE session SET seen_at = now() - interval '31 minutes' WHERE person_id = $1",
        "UPDATE session SET created_at = now() - interval '11 hours' WHERE person_id = $1",
    ],
)
async def test_a_stream_ends_with_the_right_to_read(
    tallbacka: Town, app: Any, soon: None, ending: str
) -> None:
    async with listening(tallbacka, app) as page:
        await asyncio.sleep(0.3)
        assert not page.ended
        async with tallbacka.scope():
            await execute(ending, page.member.person_id)
        async with asyncio.timeout(5):
            while not page.ended:
                await asyncio.sleep(0.05)
        assert page.heard == ["hello"]


async def test_hints_reach_the_own_municipality_only(
    tallbacka: Town, sjohaga: Town, app: Any
) -> None:
    async with listening(tallbacka, app) as own, listening(sjohaga, app) as neighbour:
        async with tallbacka.scope():
            await live.announce("picture")
        await own.until("picture")
        await asyncio.sleep(0.3)
        assert neighbour.heard == ["hello"]


async def test_what_is_rolled_back_is_not_announced(tallbacka: Town, app: Any) -> None:
    async with listening(tallbacka, app) as page:
        with pytest.raises(RuntimeError):
            async with tallbacka.scope():
                await live.announce("picture")
                raise RuntimeError
        await asyncio.sleep(0.3)
        assert page.heard == ["hello"]


async def test_an_open_page_does_not_keep_the_session(
    tallbacka: Town, app: Any, soon: None
) -> None:
    async with listening(tallbacka, app) as page:
        async with platform_scope():
            await execute(
                "UPDATE session SET seen_at = now() - interval '20 minutes' WHERE person_id = $1",
                page.member.person_id,
            )
        await asyncio.sleep(0.5)
        assert not page.ended
    async with platform_scope():
        assert await fetch_value(
            "SELECT seen_at < now() - interval '19 minutes' FROM session WHERE person_id = $1",
            page.member.person_id,
        )


async def test_what_changed_between_drawing_and_listening_is_told(
    tallbacka: Town, app: Any
) -> None:
    drawn = time.time()
    async with listening(tallbacka, app) as other:
        async with tallbacka.scope():
            await live.announce("picture")
        await other.until("picture")
    async with listening(tallbacka, app, drawn) as late:
        await late.until("picture")
    async with listening(tallbacka, app, time.time() + live.DRAWING_SECONDS + 1) as fresh:
        await asyncio.sleep(0.3)
        assert fresh.heard == ["hello"]


async def test_after_a_lost_connection_every_topic_is_told(
    tallbacka: Town, app: Any, database: Database
) -> None:
    drawn = time.time() + live.DRAWING_SECONDS
    async with listening(tallbacka, app) as page:
        superuser = await asyncpg.connect(database.superuser)
        ended = await superuser.fetchval(
            """SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
               WHERE application_name = 'kraftsamling live' AND datname = current_database()"""
        )
        await superuser.close()
        assert ended == 1
        for topic in live.TOPICS:
            await page.until(topic)
    # And a page that was drawn meanwhile, whose own stream came after.
    async with listening(tallbacka, app, drawn) as late:
        for topic in live.TOPICS:
            await late.until(topic)


async def test_a_hint_that_was_never_sent_is_made_up_for_in_bounded_time(
    tallbacka: Town, app: Any, soon: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "CATCH_UP_SECONDS", 0.3)
    # The sender is gone between commit and hint: nothing is heard, and no connection is lost.
    silent = live.Hub("redis://127.0.0.1/0")
    async with listening(tallbacka, app, hub=silent) as page:
        for topic in live.TOPICS:
            await page.until(topic)
    # The database sends hints with the commit, and asks nobody to look for nothing.
    async with listening(tallbacka, app) as page:
        await asyncio.sleep(0.6)
        assert page.heard == ["hello"]
