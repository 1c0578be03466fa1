"""Whom and what the product asks a provider for: discovery, keys, addresses, caches."""

import time
from collections.abc import Callable
from ipaddress import ip_address
from typing import Any

import httpx
import httpx2
import pytest

from tenants.identity import addresses, calls, discovery
from tenants.identity.refusal import LogInRefused, ProviderSilent
from tests.entrance import log_in as flow
from tests.entrance.conftest import Hostile, House
from tests.entrance.hostile_provider import HostileProvider


def asked(hostile: Hostile, path: str) -> int:
    return sum(call.endswith(path) for call in hostile.provider.calls)


async def test_discovery_and_keys_are_asked_for_once(
    hostile: Hostile, browser: httpx.AsyncClient
) -> None:
    for _ in range(3):
        assert (await hostile.attempt(browser)).status_code == 303
    assert asked(hostile, "/jwks") == 1
    assert asked(hostile, "openid-configuration") == 1


async def test_new_keys_work_at_once(hostile: Hostile, browser: httpx.AsyncClient) -> None:
    await hostile.attempt(browser)
    hostile.provider.rotate()
    assert (await hostile.attempt(browser)).status_code == 303


async def test_made_up_keys_do_not_make_us_call_again_and_again(
    hostile: Hostile, browser: httpx.AsyncClient
) -> None:
    await hostile.attempt(browser)
    for number in range(15):
        hostile.provider.sign = lambda claims, number=number: hostile.provider.signed(
            claims, {"kid": f"made-up-{number}"}
        )
        assert (await hostile.attempt(browser)).status_code == 400
    assert asked(hostile, "/jwks") <= 3


async def test_a_withdrawn_key_is_refused_after_the_cache_time(
    hostile: Hostile, browser: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = hostile.provider.key
    await hostile.attempt(browser)
    hostile.provider.rotate()
    hostile.provider.sign = lambda claims: hostile.provider.signed(claims, {"kid": old.kid}, old)
    later = time.monotonic() + discovery.KEPT + 1
    monkeypatch.setattr(discovery.time, "monotonic", lambda: later)
    assert (await hostile.attempt(browser)).status_code == 400


async def test_a_silent_provider_is_not_trusted_from_memory(
    hostile: Hostile, browser: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    await hostile.attempt(browser)
    hostile.provider.answers["/.well-known/openid-configuration"] = httpx2.Response(503)
    later = time.monotonic() + discovery.KEPT + 1
    monkeypatch.setattr(discovery.time, "monotonic", lambda: later)
    answer = await browser.get(f"/auth/login/{hostile.name}")
    assert answer.status_code == 400
    assert "svarar inte" in answer.text


BAD_DISCOVERY: dict[str, Callable[[dict[str, Any]], Any]] = {
    "another issuer": lambda d: d.update(issuer="https://annan.example.net"),
    "issuer with slash": lambda d: d.update(issuer=d["issuer"] + "/"),
    "no token endpoint": lambda d: d.pop("token_endpoint"),
    "token at link-local": lambda d: d.update(token_endpoint="https://169.254.169.254/token"),
    "token at loopback": lambda d: d.update(token_endpoint="https://localhost/token"),
    "token in plain http": lambda d: d.update(token_endpoint="http://op.example.net/token"),
    "keys at a private address": lambda d: d.update(jwks_uri="https://10.0.0.7/jwks"),
    "keys at mapped loopback": lambda d: d.update(jwks_uri="https://[::ffff:127.0.0.1]/jwks"),
    "keys as file": lambda d: d.update(jwks_uri="file:///etc/passwd"),
    "keys with a user": lambda d: d.update(jwks_uri="https://a:b@op.example.net/jwks"),
    "authorization as script": lambda d: d.update(authorization_endpoint="javascript:alert(1)"),
    "authorization as list": lambda d: d.update(authorization_endpoint=["https://a.example"]),
}


@pytest.mark.parametrize("name", BAD_DISCOVERY)
async def test_a_bad_discovery_document_is_refused(
    hostile: Hostile, browser: httpx.AsyncClient, name: str
) -> None:
    hostile.provider.change_discovery = BAD_DISCOVERY[name]
    answer = await browser.get(f"/auth/login/{hostile.name}")
    assert answer.status_code == 400
    own = hostile.provider.issuer
    made = [call for call in hostile.house.net.calls if hostile.name in call]
    assert made == [f"GET {own}/.well-known/openid-configuration"]


async def test_a_large_discovery_document_is_refused_and_others_go_on(
    hostile: Hostile, browser: httpx.AsyncClient, house: House
) -> None:
    hostile.provider.answers["/.well-known/openid-configuration"] = httpx2.Response(
        200, content=b" " * 30_000_000
    )
    assert (await browser.get(f"/auth/login/{hostile.name}")).status_code == 400
    assert await flow.start(browser)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "::1",
        "::ffff:8.8.8.8",
        "fe80::1",
        "fd00::1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "224.0.0.1",
    ],
)
def test_an_address_that_is_not_public(address: str) -> None:
    assert not addresses.is_public(ip_address(address))


def test_a_public_address() -> None:
    assert addresses.is_public(ip_address("193.10.0.1"))
    assert addresses.is_public(ip_address("2001:6b0::1"))


async def test_a_name_that_resolves_to_ourselves_is_not_connected_to(
    monkeypatch: pytest.MonkeyPatch, house: House
) -> None:
    """The check sits on the connection itself, so that no other name can be re-bound past it."""
    import asyncio

    async def resolve(*_: Any, **__: Any) -> list[Any]:
        return [(2, 1, 6, "", ("127.0.0.1", 9))]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", resolve)
    calls.set_transport(None)
    try:
        with pytest.raises(ProviderSilent):
            await calls.call("GET", "https://rebound.example.net/")
    finally:
        await calls.close_calls()
        calls.set_transport(house.net)


@pytest.mark.parametrize(
    "issuer",
    [
        "http://127.0.0.1:4999",
        "https://localhost",
        "http://op.example.net",
        "https://10.0.0.1",
        "https://op.example.net/?a=b",
        "https://op.example.net/#a",
        "https://a@op.example.net",
        "ftp://op.example.net",
        "https://",
        "",
        "https://op.example.net:99999",
    ],
)
def test_an_issuer_that_production_refuses(issuer: str) -> None:
    with pytest.raises(LogInRefused):
        addresses.check_issuer(issuer, production=True)


def test_a_loopback_provider_may_only_name_its_own_origin() -> None:
    issuer = "http://127.0.0.1:4999"
    addresses.check_endpoint(f"{issuer}/token", issuer=issuer)
    for url in ("http://127.0.0.1:5432/", "http://169.254.169.254/", "https://op.example.net/"):
        with pytest.raises(LogInRefused):
            addresses.check_endpoint(url, issuer=issuer)


def test_the_provider_class_is_honest_by_default() -> None:
    provider = HostileProvider("https://op.example.net")
    assert provider.honest_sign({"a": 1}).count(".") == 2
