"""Logging in: it works, it works once, and only for the browser that began it."""

import asyncio
import socket
from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

import httpx
import uvicorn

from service.local.provider import create_provider, register_local_provider
from tenants.identity import calls, discovery
from tenants.scope import execute, platform_scope
from tests.entrance import log_in as flow
from tests.entrance.conftest import House, count


async def test_a_member_logs_in_and_lands_in_the_only_municipality(house: House) -> None:
    town = await house.found()
    person = await house.member(town)
    async with house.browser() as browser:
        answer = await house.log_in(browser, person)
        assert answer.headers["location"] == f"/{town.slug}"
        me = await browser.get("/me")
        assert me.status_code == 200
        assert set(me.json()) == {"user"}


async def test_next_is_kept(house: House) -> None:
    town = await house.found()
    person = await house.member(town)
    async with house.browser() as browser:
        answer = await house.log_in(browser, person, next_page=f"/{town.slug}/rapportera?v=1")
        assert answer.headers["location"] == f"/{town.slug}/rapportera?v=1"


async def test_cookies_are_out_of_reach(house: House) -> None:
    person = await house.member(await house.found())
    async with house.browser() as browser:
        answer = await house.log_in(browser, person)
        cookie = next(c for c in answer.headers.get_list("set-cookie") if "__Host-sid" in c)
        said = {part.strip().lower() for part in cookie.split(";")[1:]}
        assert {"secure", "httponly", "path=/", "samesite=lax"} == said
        token = browser.cookies["__Host-sid"]
        assert len(token) >= 43
        assert await count("session WHERE encode(token_hash, 'escape') LIKE $1", f"%{token}%") == 0


async def test_nobody_is_401_without_log_in(house: House) -> None:
    async with house.browser() as browser:
        assert (await browser.get("/me")).status_code == 401


async def test_the_same_identity_is_the_same_person(house: House) -> None:
    person = await house.member(await house.found())
    async with house.browser() as one, house.browser() as other:
        await house.log_in(one, person)
        await house.log_in(other, person)
        assert (await one.get("/me")).json() == (await other.get("/me")).json()


async def test_two_tabs_log_in_at_once(house: House) -> None:
    person = await house.member(await house.found())
    async with house.browser() as browser, house.at_provider() as at_provider:
        first, second = await flow.start(browser), await flow.start(browser)
        for address in (second, first):
            back = await flow.answer_as(at_provider, address, person.subject)
            assert (await flow.come_back(browser, back)).status_code == 303


async def test_an_answer_works_once(house: House) -> None:
    person = await house.member(await house.found())
    async with house.browser() as browser, house.at_provider() as at_provider:
        back = await flow.answer_as(at_provider, await flow.start(browser), person.subject)
        assert (await flow.come_back(browser, back)).status_code == 303
        session = browser.cookies["__Host-sid"]
        again = await flow.come_back(browser, back)
        assert again.status_code == 400
        assert "Börja om" in again.text
        assert browser.cookies["__Host-sid"] == session
        assert (await browser.get("/me")).status_code == 200


async def test_a_code_is_changed_once_even_at_the_provider(house: House) -> None:
    person = await house.member(await house.found())
    async with house.browser() as browser, house.at_provider() as at_provider:
        back = await flow.answer_as(at_provider, await flow.start(browser), person.subject)
        code = dict(parse_qsl(urlsplit(back).query))["code"]
        secret = house.provider.secret
        for _ in range(2):
            refused = await at_provider.post(
                "/token",
                data={"grant_type": "authorization_code", "code": code, "code_verifier": "x" * 43},
                auth=("kraftsamling", secret),
            )
            assert refused.json() == {"error": "invalid_grant"}
        # The thief's try has spent the code: the rightful browser has to begin again.
        assert (await flow.come_back(browser, back)).status_code == 400


async def test_another_browser_cannot_finish(house: House) -> None:
    person = await house.member(await house.found())
    async with (
        house.browser() as browser,
        house.browser() as stranger,
        house.at_provider() as at_provider,
    ):
        await flow.start(stranger)
        back = await flow.answer_as(at_provider, await flow.start(browser), person.subject)
        assert (await flow.come_back(stranger, back)).status_code == 400
        assert "__Host-sid" not in stranger.cookies
        async with house.browser() as bare:
            assert (await flow.come_back(bare, back)).status_code == 400


async def test_an_old_attempt_is_refused(house: House) -> None:
    person = await house.member(await house.found())
    async with house.browser() as browser, house.at_provider() as at_provider:
        address = await flow.start(browser)
        async with platform_scope():
            await execute("UPDATE login_attempt SET started_at = now() - interval '11 minutes'")
        back = await flow.answer_as(at_provider, address, person.subject)
        assert (await flow.come_back(browser, back)).status_code == 400


async def test_an_unknown_provider_is_not_found(house: House) -> None:
    async with house.browser() as browser:
        for name in ("finns-inte", "X", "local%00", "a" * 300):
            assert (await browser.get(f"/auth/login/{name}")).status_code == 404
            answer = await browser.get(f"/auth/callback/{name}?state=a&code=b")
            assert answer.status_code in (400, 404)


async def test_the_log_in_page_of_a_municipality_with_one_provider_goes_straight_on(
    house: House,
) -> None:
    town = await house.found()
    async with house.browser() as browser:
        answer = await browser.get("/logga-in", params={"next": f"/{town.slug}/rapportera"})
        assert answer.status_code == 303
        assert answer.headers["location"] == f"/auth/login/local?next=/{town.slug}/rapportera"
        assert (await browser.get("/logga-in")).status_code == 200


async def test_too_many_attempts_from_one_address_are_429(house: House) -> None:
    """Attack 73."""
    async with house.browser() as browser, house.browser() as elsewhere:
        answers = await asyncio.gather(
            *(browser.get("/auth/callback/local?state=a") for _ in range(260))
        )
        statuses = [answer.status_code for answer in answers]
        assert statuses.count(429) >= 10
        assert statuses.count(400) >= 200
        refused = next(answer for answer in answers if answer.status_code == 429)
        assert int(refused.headers["retry-after"]) > 0
        assert (await elsewhere.get("/auth/login/local")).status_code == 303


async def test_log_in_over_real_sockets(house: House) -> None:
    """The provider as its own server on its own loopback port, the product's client as it is."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    issuer = f"http://127.0.0.1:{port}"
    person = await house.member(await house.found())
    app = create_provider(house.settings, issuer=issuer, people=lambda: house.near.people)
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="warning", lifespan="off"))
    serving = asyncio.create_task(server.serve())
    before = house.settings
    calls.set_transport(None)
    try:
        while not server.started:
            await asyncio.sleep(0.02)
        moved = replace(before, port=port - 1)
        await register_local_provider(moved)
        async with house.browser() as browser, httpx.AsyncClient(base_url=issuer) as at_provider:
            await flow.log_in(browser, at_provider, person.subject)
            # The port changed, the person did not.
            assert (await browser.get("/me")).status_code == 200
            assert await count("identity WHERE subject = $1", person.subject) == 1
            assert await count("identity WHERE issuer = $1", issuer) >= 1
    finally:
        await register_local_provider(before)
        server.should_exit = True
        await serving
        await calls.close_calls()
        calls.set_transport(house.net)
        discovery.forget()
