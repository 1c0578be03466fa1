"""Logging out: here at once, at the provider too, or because the provider says so."""

import secrets
import time
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from tenants.scope import execute, platform_scope
from tests.entrance.conftest import Hostile, House
from tests.entrance.hostile_provider import CLIENT_ID


async def token_of(browser: httpx.AsyncClient) -> dict[str, str]:
    if "__Host-csrf" not in browser.cookies:
        await browser.get("/")
    return {"x-csrftoken": browser.cookies["__Host-csrf"]}


async def test_log_out_ends_the_session_here_and_leads_to_the_provider(house: House) -> None:
    person = await house.member(await house.found())
    async with house.browser() as browser, house.at_provider() as at_provider:
        await house.log_in(browser, person)
        session = browser.cookies["__Host-sid"]
        answer = await browser.post("/auth/logout", headers=await token_of(browser))
        assert answer.status_code == 200
        assert "Du är utloggad" in answer.text
        assert "storage" in answer.headers["clear-site-data"]
        assert "__Host-sid" not in browser.cookies
        again = await browser.get("/me", headers={"cookie": f"__Host-sid={session}"})
        assert again.status_code == 401

        # As htmx asks, the browser is told by a header; a form's answer may not lead elsewhere.
        await house.log_in(browser, person)
        headers = await token_of(browser) | {"hx-request": "true"}
        answer = await browser.post("/auth/logout", headers=headers)
        onward = answer.headers["hx-redirect"]
        asked = dict(parse_qsl(urlsplit(onward).query))
        assert onward.startswith(house.near.issuer)
        assert asked["post_logout_redirect_uri"] == f"{house.settings.base_url}/"
        assert asked["client_id"] == "kraftsamling"
        assert asked["id_token_hint"].count(".") == 2
        back = await at_provider.get(onward)
        assert back.headers["location"] == f"{house.settings.base_url}/"


async def test_log_out_works_when_the_provider_is_silent(
    hostile: Hostile, browser: httpx.AsyncClient
) -> None:
    await hostile.attempt(browser)
    del hostile.house.net.providers[hostile.provider.issuer]
    from tenants.identity import discovery

    discovery.forget()
    answer = await browser.post("/auth/logout", headers=await token_of(browser))
    assert answer.status_code == 200
    assert (await browser.get("/me")).status_code == 401
    hostile.house.net.providers[hostile.provider.issuer] = hostile.provider


async def test_nobody_else_can_log_somebody_out(house: House) -> None:
    person = await house.member(await house.found())
    async with house.browser() as browser:
        await house.log_in(browser, person)
        assert (await browser.get("/auth/logout")).status_code in (404, 405)
        assert (await browser.post("/auth/logout")).status_code == 403
        wrong = await browser.post("/auth/logout", headers={"x-csrftoken": "x" * 128})
        assert wrong.status_code == 403
        assert (await browser.get("/me")).status_code == 200


async def sent(hostile: Hostile, token: str | None, **extra: str) -> int:
    form = extra if token is None else {"logout_token": token} | extra
    async with hostile.house.browser() as provider:
        answer = await provider.post("/auth/backchannel", data=form)
    assert answer.headers["cache-control"] == "no-store"
    return answer.status_code


def claims(hostile: Hostile, **bent: Any) -> dict[str, Any]:
    now = int(time.time())
    honest: dict[str, Any] = {
        "iss": hostile.provider.issuer,
        "aud": CLIENT_ID,
        "iat": now,
        "exp": now + 120,
        "jti": secrets.token_hex(8),
        "sub": hostile.provider.subject,
        "sid": f"sid-{hostile.provider.subject}",
        "events": {"http://schemas.openid.net/event/backchannel-logout": {}},
    }
    return {name: value for name, value in (honest | bent).items() if value is not None}


@pytest.mark.parametrize("named", [{}, {"sid": None}, {"sub": None}])
async def test_the_provider_ends_a_session(
    hostile: Hostile, browser: httpx.AsyncClient, named: dict[str, Any]
) -> None:
    await hostile.attempt(browser)
    token = hostile.provider.signed(claims(hostile, **named), {"typ": "logout+jwt"})
    assert await sent(hostile, token) == 200
    assert (await browser.get("/me")).status_code == 401


async def test_a_log_out_works_once(hostile: Hostile, browser: httpx.AsyncClient) -> None:
    await hostile.attempt(browser)
    token = hostile.provider.signed(claims(hostile), {"typ": "logout+jwt"})
    assert await sent(hostile, token) == 200
    await hostile.attempt(browser)
    assert await sent(hostile, token) == 400
    assert (await browser.get("/me")).status_code == 200


async def test_an_old_log_out_ends_no_newer_session(
    hostile: Hostile, browser: httpx.AsyncClient
) -> None:
    await hostile.attempt(browser)
    token = hostile.provider.signed(
        claims(hostile, iat=int(time.time()) - 300), {"typ": "logout+jwt"}
    )
    assert await sent(hostile, token) == 200
    assert (await browser.get("/me")).status_code == 200
    async with platform_scope():
        await execute("UPDATE session SET created_at = created_at - interval '400 seconds'")
    token = hostile.provider.signed(
        claims(hostile, iat=int(time.time()) - 300), {"typ": "logout+jwt"}
    )
    assert await sent(hostile, token) == 200
    assert (await browser.get("/me")).status_code == 401


EVENT = "http://schemas.openid.net/event/backchannel-logout"
FORGED: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "an id_token": ({"events": None, "nonce": "a"}, {"typ": "JWT"}),
    "typ JWT": ({}, {"typ": "JWT"}),
    "no typ": ({}, {"typ": None}),
    "a nonce": ({"nonce": "a"}, {}),
    "no event": ({"events": {}}, {}),
    "event as list": ({"events": [EVENT]}, {}),
    "another audience": ({"aud": "other"}, {}),
    "another issuer": ({"iss": "https://annan.example.net"}, {}),
    "no jti": ({"jti": None}, {}),
    "old": ({"iat": int(time.time()) - 3600}, {}),
    "expired": ({"exp": int(time.time()) - 600}, {}),
    "nobody named": ({"sub": None, "sid": None}, {}),
    "subject as list": ({"sub": ["a"]}, {}),
    "alg none": ({}, {"alg": "none"}),
    "unknown key": ({}, {"kid": "x"}),
}


@pytest.mark.parametrize("name", FORGED)
async def test_a_forged_log_out_ends_nothing(
    hostile: Hostile, browser: httpx.AsyncClient, name: str
) -> None:
    await hostile.attempt(browser)
    bent, header = FORGED[name]
    token = hostile.provider.signed(claims(hostile, **bent), {"typ": "logout+jwt"} | header)
    assert await sent(hostile, token) == 400
    assert (await browser.get("/me")).status_code == 200


async def test_no_token_is_refused(hostile: Hostile) -> None:
    for token in (None, "", "a.b.c", "x" * 50_000):
        assert await sent(hostile, token) == 400
    async with hostile.house.browser() as provider:
        assert (await provider.post("/auth/backchannel", json={})).status_code == 400
