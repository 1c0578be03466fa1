"""Attacks 14, 15, 16, 36, 95: what an open page is told, and by when no more."""

import asyncio
from typing import Any

import pytest

from service.web import live
from tenants import municipalities
from tenants.members import find_member
from tenants.scope import execute, operator_scope, platform_scope
from tests.town import Town
from tests.web.test_live import listening


@pytest.mark.parametrize(
    "ending",
    [
        "UPDATE membership SET valid_to = now() WHERE person_id = $1",
        "UPDATE membership SET role = 'org_contact' WHERE person_id = $1",
        "DELETE FROM session WHERE person_id = $1",
    ],
)
async def test_no_hint_reaches_a_page_after_its_right_has_ended(
    tallbacka: Town, app: Any, ending: str
) -> None:
    async with listening(tallbacka, app) as page:
        async with tallbacka.scope():
            await execute(ending, page.member.person_id)
        async with tallbacka.scope():
            await live.announce("picture")
        async with asyncio.timeout(5):
            while not page.ended:
                await asyncio.sleep(0.05)
        assert page.heard == ["hello"]


async def test_a_suspended_municipality_has_no_streams(
    tallbacka: Town, app: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(municipalities, "_remembered", {})
    async with listening(tallbacka, app) as page:
        async with operator_scope():
            await execute(
                "UPDATE municipality SET suspended_at = now() WHERE id = $1", tallbacka.id
            )
        async with tallbacka.scope():
            await live.announce("picture")
        async with asyncio.timeout(5):
            while not page.ended:
                await asyncio.sleep(0.05)
        assert page.heard == ["hello"]


async def test_a_stream_to_a_neighbour_never_opens(tallbacka: Town, sjohaga: Town) -> None:
    client = await tallbacka.client("safety_coordinator")
    answer = await client.get(f"/{sjohaga.slug}/live", headers={"last-event-id": "1"})
    assert answer.status_code == 404
    own = await tallbacka.anonymous.get(f"/{tallbacka.slug}/live?tenant={sjohaga.id}")
    assert own.status_code == 303


@pytest.mark.parametrize(
    "hint", ["", "{", "[]", "null", '{"tenant": 1}', '{"tenant": "x", "topic": "picture"}', "å"]
)
async def test_a_hint_that_anybody_could_send_does_no_harm(
    tallbacka: Town, app: Any, hint: str
) -> None:
    """Any role of the database may notify: what is not understood is passed over."""
    async with listening(tallbacka, app) as page:
        async with platform_scope():
            await execute("SELECT pg_notify('ks_live', $1)", hint)
        async with tallbacka.scope():
            await live.announce("picture")
        await page.until("picture")


async def test_streams_asked_for_at_once_are_limited_too(
    tallbacka: Town, app: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "STREAMS_PER_PERSON", 3)
    async with listening(tallbacka, app) as page:
        client = await tallbacka.client("safety_coordinator")
        token = client.cookies["__Host-sid"]
        async with tallbacka.scope():
            assert await find_member(token, page.member.municipality)
        opened = []

        async def open_one() -> None:
            async for _ in app.state.hub.follow(page.member, token):
                opened.append(1)

        # Each was let in by the route before any of them had begun.
        tasks = [asyncio.create_task(open_one()) for _ in range(20)]
        await asyncio.sleep(0.3)
        assert len(opened) == 2
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
