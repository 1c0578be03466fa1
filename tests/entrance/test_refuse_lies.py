"""A provider, or somebody between, lies: 400, no session, nobody new, and no call elsewhere."""

import json
import time
from collections.abc import Callable
from typing import Any

import httpx
import httpx2
import pytest
from joserfc import jws

from tests.entrance import log_in as flow
from tests.entrance.conftest import Hostile, count
from tests.entrance.hostile_provider import HostileProvider

Bend = Callable[[HostileProvider], Any]


async def refused(hostile: Hostile, browser: httpx.AsyncClient, answer: httpx.Response) -> None:
    assert answer.status_code == 400
    assert "Börja om" in answer.text
    assert "set-cookie" not in answer.headers or "__Host-sid" not in answer.headers["set-cookie"]
    assert (await browser.get("/me")).status_code == 401
    assert await count("identity WHERE issuer = $1", hostile.provider.issuer) == 0


async def test_the_honest_provider_is_believed(
    hostile: Hostile, browser: httpx.AsyncClient
) -> None:
    answer = await hostile.attempt(browser)
    assert answer.status_code == 303
    assert (await browser.get("/me")).status_code == 200


BENT_ANSWERS: dict[str, dict[str, str | None]] = {
    "state of somebody else": {"state": "x" * 43},
    "no state": {"state": None},
    "no code": {"code": None},
    "an unknown code": {"code": "okänd"},
    "another issuer": {"iss": "https://annan.example.net"},
    "no issuer though promised": {"iss": None},
    "an error": {"error": "access_denied"},
    "an error with markup": {"error": "<script>alert(1)</script>"},
    "a long code": {"code": "x" * 5000},
    "NUL in the state": {"state": "\0"},
}


@pytest.mark.parametrize("name", BENT_ANSWERS)
async def test_a_bent_answer_is_refused(
    hostile: Hostile, browser: httpx.AsyncClient, name: str
) -> None:
    answer = await hostile.attempt(browser, **BENT_ANSWERS[name])
    await refused(hostile, browser, answer)
    assert "<script>alert" not in answer.text


async def test_a_repeated_parameter_is_refused(
    hostile: Hostile, browser: httpx.AsyncClient
) -> None:
    honest: dict[str, Any] = hostile.provider.authorize(
        await flow.start(browser, provider=hostile.name)
    )
    honest["state"] = [honest["state"], honest["state"]]
    await refused(hostile, browser, await hostile.answer(browser, honest))


async def test_a_mixed_up_provider_gets_no_code(
    hostile: Hostile, browser: httpx.AsyncClient
) -> None:
    """The hostile provider's answer claims to come from the honest one: nothing is sent to it."""
    hostile.provider.calls.clear()
    await hostile.attempt(browser, iss=hostile.house.near.issuer)
    assert not any("/token" in call for call in hostile.provider.calls)


def claim(**bent: Any) -> Bend:
    def bend(provider: HostileProvider) -> None:
        def change(claims: dict[str, Any]) -> None:
            claims.update(bent)
            for name in [name for name, value in bent.items() if value is None]:
                del claims[name]

        provider.change_claims = change

    return bend


def header(key: str | None = None, **bent: Any) -> Bend:
    def bend(provider: HostileProvider) -> None:
        provider.sign = lambda claims: provider.signed(
            claims, bent, getattr(provider, key) if key else None
        )

    return bend


def token(make: Callable[[HostileProvider, dict[str, Any]], Any]) -> Bend:
    def bend(provider: HostileProvider) -> None:
        provider.sign = lambda claims: make(provider, claims)

    return bend


def hs256_with_the_public_key(provider: HostileProvider, claims: dict[str, Any]) -> str:
    return provider.signed(claims, {"alg": "HS256"}, provider.key.as_pem(private=False))


def own_key_in_header(provider: HostileProvider, claims: dict[str, Any]) -> str:
    return provider.signed(
        claims, {"jwk": provider.other_key.as_dict(private=False)}, provider.other_key
    )


def tampered(provider: HostileProvider, claims: dict[str, Any]) -> str:
    head, _, tail = provider.honest_sign(claims | {"sub": "somebody-else"}).split(".")
    return ".".join((head, provider.honest_sign(claims).split(".")[1], tail))


def twice_named(provider: HostileProvider, claims: dict[str, Any]) -> str:
    text = json.dumps(claims)
    return provider.signed((text[:-1] + ', "sub": "victim"}').encode(), {})


NOW = int(time.time())
LIES: dict[str, Bend] = {
    "another issuer": claim(iss="https://annan.example.net"),
    "no issuer": claim(iss=None),
    "another audience": claim(aud="other"),
    "another audience with us as party": claim(aud="other", azp="kraftsamling-in-hostile-hands"),
    "us among others without party": claim(aud=["kraftsamling-in-hostile-hands", "other"]),
    "another party": claim(azp="other"),
    "empty audience": claim(aud=[]),
    "another nonce": claim(nonce="x" * 43),
    "no nonce": claim(nonce=None),
    "nonce as list": claim(nonce=["a"]),
    "expired": claim(exp=NOW - 120),
    "no expiry": claim(exp=None),
    "expiry as text": claim(exp=str(NOW + 300)),
    "issued two days ago": claim(iat=NOW - 2 * 86400),
    "issued tomorrow": claim(iat=NOW + 86400),
    "issued true": claim(iat=True),
    "not valid yet": claim(nbf=NOW + 3600),
    "no subject": claim(sub=None),
    "empty subject": claim(sub=""),
    "subject with NUL": claim(sub="a\0b"),
    "subject with space": claim(sub="a b"),
    "subject too long": claim(sub="a" * 256),
    "subject as number": claim(sub=7),
    "subject not ASCII": claim(sub="åsa"),
    "an event": claim(events={}),
    "at_hash of another token": claim(at_hash="A" * 22),
    "alg none": header(alg="none"),
    "HS256 with the public key": token(hs256_with_the_public_key),
    "RS512, which is not pinned": header(alg="RS512"),
    "another key with the same name": header(key="other_key"),
    "an unknown key": header(kid="unknown"),
    "no key named": header(kid=None),
    "key name as path": header(kid="../../etc/passwd"),
    "own key in the header": token(own_key_in_header),
    "own key set in the header": header(jku="https://attack.example.net/jwks"),
    "own certificate in the header": header(x5u="https://attack.example.net/cert"),
    "a critical header": header(crit=["exp"]),
    "an access token": header(typ="at+jwt"),
    "a logout token": header(typ="logout+jwt"),
    "claims changed after signing": token(tampered),
    "subject named twice": token(twice_named),
    "not a token": token(lambda provider, claims: "bara text"),
    "no token": token(lambda provider, claims: None),
    "a token that is a list": token(lambda provider, claims: ["a.b.c"]),
    "two parts": token(lambda provider, claims: provider.honest_sign(claims).rpartition(".")[0]),
    "2 MB": claim(name="x" * 2_000_000),
    "deep JSON": token(lambda provider, claims: provider.signed(b"[" * 20_000, {})),
}


@pytest.mark.parametrize("name", LIES)
async def test_a_lying_token_is_refused(
    hostile: Hostile, browser: httpx.AsyncClient, name: str
) -> None:
    LIES[name](hostile.provider)
    await refused(hostile, browser, await hostile.attempt(browser))
    assert not any("attack.example.net" in call for call in hostile.house.net.calls)


async def test_an_elliptic_key_is_believed(hostile: Hostile, browser: httpx.AsyncClient) -> None:
    provider = hostile.provider
    provider.sign = lambda claims: _es256(provider, claims)
    assert (await hostile.attempt(browser)).status_code == 303


def _es256(provider: HostileProvider, claims: dict[str, Any]) -> str:
    return jws.serialize_compact(
        {"alg": "ES256", "kid": provider.ec_key.kid}, json.dumps(claims), provider.ec_key
    )


def named(path: str, answer: httpx2.Response) -> Bend:
    return lambda provider: provider.answers.update({path: answer})


TOKEN_ANSWERS = {
    "500": httpx2.Response(500),
    "redirect": httpx2.Response(302, headers={"location": "https://attack.example.net/"}),
    "text": httpx2.Response(200, text="hej"),
    "list": httpx2.Response(200, json=[]),
    "30 MB": httpx2.Response(200, content=b" " * 30_000_000),
    "a bomb": httpx2.Response(200, headers={"content-encoding": "br"}, content=b"x"),
}


@pytest.mark.parametrize("path", ["/token", "/jwks"])
@pytest.mark.parametrize("name", TOKEN_ANSWERS)
async def test_a_strange_answer_of_the_provider_is_refused(
    hostile: Hostile, browser: httpx.AsyncClient, path: str, name: str
) -> None:
    hostile.provider.answers[path] = TOKEN_ANSWERS[name]
    await refused(hostile, browser, await hostile.attempt(browser))
    assert not any("attack.example.net" in call for call in hostile.house.net.calls)


async def test_userinfo_about_somebody_else_is_refused(
    hostile: Hostile, browser: httpx.AsyncClient
) -> None:
    claim(name=None)(hostile.provider)
    hostile.provider.userinfo = {"sub": "victim", "name": "Offer"}
    await refused(hostile, browser, await hostile.attempt(browser))


async def test_claims_are_only_text(hostile: Hostile, browser: httpx.AsyncClient) -> None:
    """Attacks 43, 75: names are escaped, and what a provider calls groups gives nobody a role."""
    claim(name="<b>Åsa</b>\0\r\n" + "x" * 5000, email=["a"], groups=["=cmd"] * 5000)(
        hostile.provider
    )
    answer = await hostile.attempt(browser)
    assert answer.status_code == 303
    page = await browser.get("/")
    assert page.status_code == 200
    assert "<b>Åsa" not in page.text
    assert await count("person WHERE name LIKE '<b>Åsa</b> x%' AND length(name) <= 120") >= 1


async def test_the_key_is_issuer_and_subject_never_the_address(
    hostile: Hostile, browser: httpx.AsyncClient
) -> None:
    """Another provider that sends a victim's subject and address makes a new person."""
    claim(sub="victim", email="victim@example.net", email_verified=True)(hostile.provider)
    assert (await hostile.attempt(browser)).status_code == 303
    first = (await browser.get("/me")).json()
    claim(sub="VICTIM", email="victim@example.net", email_verified=True)(hostile.provider)
    async with hostile.house.browser() as other:
        await hostile.attempt(other)
        assert (await other.get("/me")).json() != first
