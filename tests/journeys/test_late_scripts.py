"""A page listens and follows, however late its scripts come and whatever its first try met."""

import asyncio
from typing import Any

from playwright.async_api import Route, expect

from service.web.live import announce
from tests.journeys.conftest import Doorman, Visit
from tests.town import Town


async def _follows(visit: Visit, town: Town) -> None:
    """A hint makes the page fetch its section."""
    async with visit.page.expect_request("**/styrgrupp/_tavla", timeout=45_000), town.scope():
        await announce("picture")


async def test_it_listens_when_later_scripts_are_late(tallbacka: Town, doorman: Doorman) -> None:
    visit = await doorman.member(tallbacka, "project_owner", "/styrgrupp")

    async def late(route: Route) -> None:
        if not route.request.url.endswith("/htmx.js"):
            await asyncio.sleep(1.5)
        await route.continue_()

    await visit.page.route("**/*.js", late)
    async with visit.page.expect_response("**/live?*", timeout=45_000):
        await visit.page.reload()
    await _follows(visit, tallbacka)


async def test_it_tries_again_when_the_first_try_fails(tallbacka: Town, doorman: Doorman) -> None:
    visit = await doorman.member(tallbacka, "project_owner", "/styrgrupp")
    tries: list[Any] = []

    async def fail_once(route: Route) -> None:
        tries.append(route.request.url)
        await (route.fulfill(status=503, body="") if len(tries) == 1 else route.continue_())

    await visit.page.route("**/live?*", fail_once)
    async with visit.page.expect_request("**/styrgrupp/_tavla", timeout=45_000):
        await visit.page.reload()
    assert len(tries) >= 2
    await expect(visit.page.locator("#failure")).to_be_hidden()
    await _follows(visit, tallbacka)
