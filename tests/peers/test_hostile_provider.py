"""Attacks 49 to 61, 69: a certified provider that is made to lie, one lie at a time.

The table below is the list. Each is tried through the running service: the answer is a page that
a person understands, never a 500; nobody is logged in, nothing is called that the lie names, and
an honest log-in works right after.
"""

import asyncio
import time
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from service.web.language import english
from tenants.identity import discovery
from tenants.identity.providers import add_provider
from tenants.scope import fetch_value, platform_scope
from tests.peers.conftest import Peer, log_in, tell, whoami

ELSEWHERE = "https://angripare.example.net"
UNTRUSTED = "Inloggningen gick inte igenom"
SILENT = "Inloggningstjänsten svarar inte"
CLOCK = "Klockorna går inte lika"
DECLINED = "Inloggningen avbröts"


@dataclass(frozen=True)
class Lie:
    """What the provider is told, and the heading of the page that must come of it."""

    says: dict[str, Any] = field(default_factory=dict)
    page: str = UNTRUSTED


def claims(**changed: Any) -> Lie:
    return Lie({"claims": changed})


def times(page: str = CLOCK, **seconds: int) -> Lie:
    """Claims set to so many seconds from now."""
    return Lie({"times": seconds}, page)


def header(key: str | None = None, **changed: Any) -> Lie:
    return Lie({"header": changed} | ({"key": key} if key else {}))


def metadata(page: str = UNTRUSTED, **changed: Any) -> Lie:
    return Lie({"metadata": changed}, page)


def keys(page: str = UNTRUSTED, **changed: Any) -> Lie:
    return Lie({"eachKey": changed}, page)


def redirect(page: str = UNTRUSTED, **changed: Any) -> Lie:
    return Lie({"redirect": changed}, page)


def answers(path: str, page: str = SILENT, **answer: Any) -> Lie:
    return Lie({"answers": {path: answer}}, page)


DISCOVERY, KEYS, TOKEN = "/.well-known/openid-configuration", "/jwks", "/token"

LIES: dict[str, Lie] = {
    # Who the token is from and for
    "issuer: another": claims(iss=ELSEWHERE),
    "issuer: missing": claims(iss=None),
    "issuer: with a slash at the end": claims(iss="http://127.0.0.1/"),
    "audience: another client": claims(aud="annan"),
    "audience: another client, us as party": claims(aud="annan", azp="by-secret"),
    "audience: us among others, no party": claims(aud=["by-secret", "annan"]),
    "audience: us among others, another party": claims(aud=["by-secret", "annan"], azp="annan"),
    "audience: empty": claims(aud=[]),
    "audience: an object": claims(aud={"by-secret": True}),
    "party: another": claims(azp="annan"),
    # Which log-in it belongs to
    "nonce: another": claims(nonce="x" * 43),
    "nonce: missing": claims(nonce=None),
    "nonce: a list": claims(nonce=["x"]),
    # When
    "time: clock five minutes fast": times(iat=300, exp=600),
    "time: issued two days ago": times(iat=-172800),
    "time: issued tomorrow": times(iat=86400),
    "time: expired": times(exp=-300),
    "time: not valid yet": times(nbf=3600),
    "time: no expiry": claims(exp=None),
    "time: expiry as text": claims(exp="2099-01-01"),
    "time: issued true": claims(iat=True),
    # Who it is about
    "subject: missing": claims(sub=None),
    "subject: empty": claims(sub=""),
    "subject: NUL": claims(sub="a\0b"),
    "subject: a space": claims(sub="a b"),
    "subject: 300 characters": claims(sub="a" * 300),
    "subject: a number": claims(sub=7),
    "subject: a list": claims(sub=["a"]),
    "subject: not ASCII": claims(sub="åsa"),
    # What kind of token it is
    "type: access token": header(typ="at+jwt"),
    "type: logout token": header(typ="logout+jwt"),
    "type: a list": header(typ=["JWT"]),
    "type: an event in it": claims(events={"http://schemas.openid.net/event/x": {}}),
    "at_hash: of another token": claims(at_hash="A" * 22),
    "at_hash: a number": claims(at_hash=1),
    # How it is signed
    "signature: none": header(key="none", alg="none"),
    "signature: none, in capitals": header(key="none", alg="NONE"),
    "signature: HS256 with the public key": header(key="public", alg="HS256"),
    "signature: HS256 with nothing": header(key="empty", alg="HS256"),
    "signature: RS512, which is not pinned": header(alg="RS512"),
    "signature: an algorithm nobody knows": header(alg="XX999"),
    "signature: algorithm missing": header(alg=None),
    "signature: algorithm a list": header(alg=["RS256"]),
    "signature: a stranger's key, same name": header(key="stranger"),
    "signature: a stranger's key in the header": Lie({"ownKeyInHeader": True, "key": "stranger"}),
    "signature: key fetched from elsewhere": header(key="stranger", jku=f"{ELSEWHERE}/jwks"),
    "signature: certificate from elsewhere": header(key="stranger", x5u=f"{ELSEWHERE}/x5u"),
    "signature: key name unknown": header(kid="okänd"),
    "signature: key name missing": header(kid=None),
    "signature: key name a path": header(kid="../../../../dev/null"),
    "signature: key name with SQL": header(kid="' OR 1=1 --"),
    "signature: key name an object": header(kid={"a": 1}),
    "signature: a critical header": header(crit=["exp"]),
    "signature: b64 false": header(b64=False),
    "signature: claims changed afterwards": Lie({"afterSigning": {"sub": "offer"}}),
    # What shape it has
    "shape: a member twice": Lie({"twice": True}),
    "shape: no token": Lie({"token": None}),
    "shape: a list of tokens": Lie({"token": ["a.b.c"]}),
    "shape: plain text": Lie({"token": "bara text"}),
    "shape: two parts": Lie({"cut": 2}),
    "shape: one part": Lie({"cut": 1}),
    "shape: five parts": Lie({"token": "a.b.c.d.e"}),
    "shape: claims a list": Lie({"payload": "[1,2]"}),
    "shape: claims no JSON": Lie({"payload": "hej"}),
    "shape: claims infinite": Lie({"payload": '{"exp": 1e999}'}),
    "shape: claims 20,000 deep": Lie({"payload": "[" * 20_000}),
    "shape: 80 kB": claims(name="x" * 60_000),
    # What the provider says about itself
    "metadata: another issuer": metadata(issuer=ELSEWHERE),
    "metadata: issuer missing": metadata(issuer=None),
    "metadata: token endpoint elsewhere": metadata(token_endpoint=f"{ELSEWHERE}/token"),
    "metadata: token endpoint inside": metadata(token_endpoint="http://169.254.169.254/token"),
    "metadata: token endpoint at our database": metadata(token_endpoint="http://127.0.0.1:5432/"),
    "metadata: token endpoint missing": metadata(token_endpoint=None),
    "metadata: token endpoint a file": metadata(token_endpoint="file:///etc/passwd"),
    "metadata: keys elsewhere": metadata(jwks_uri=f"{ELSEWHERE}/jwks"),
    "metadata: keys with user and password": metadata(jwks_uri="http://a:b@127.0.0.1/jwks"),
    "metadata: log-in page as script": metadata(authorization_endpoint="javascript:alert(1)"),
    "metadata: log-in page a list": metadata(authorization_endpoint=[ELSEWHERE]),
    "metadata: 50 MB": answers(DISCOVERY, size=50_000_000),
    "metadata: not JSON": answers(DISCOVERY, body="<html>"),
    "metadata: a redirect": answers(DISCOVERY, status=302, headers={"location": ELSEWHERE}),
    "metadata: 500": answers(DISCOVERY, status=500),
    # Its keys
    "keys: none": Lie({"keys": []}),
    "keys: not a list": Lie({"keys": {"kid": "x"}}),
    "keys: symmetric": keys(kty="oct", k="hemligt"),
    "keys: for encryption": keys(use="enc"),
    "keys: for another algorithm": keys(alg="PS512"),
    "keys: 512 bits": keys(n="x" * 86),
    "keys: without a name": keys(kid=None),
    "keys: broken": keys(n="!"),
    "keys: 30 MB": answers(KEYS, size=30_000_000),
    "keys: a redirect": answers(KEYS, status=302, headers={"location": ELSEWHERE}),
    # Its answer to the code
    "tokens: 500": answers(TOKEN, UNTRUSTED, status=500),
    "tokens: a redirect": answers(TOKEN, UNTRUSTED, status=307, headers={"location": ELSEWHERE}),
    "tokens: not JSON": answers(TOKEN, UNTRUSTED, body="hej"),
    "tokens: 30 MB": answers(TOKEN, size=30_000_000),
    # Its answer in the browser
    "redirect: state of somebody else": redirect(state="x" * 43),
    "redirect: state missing": redirect(state=None),
    "redirect: state twice": redirect(state=["a", "b"]),
    "redirect: issuer of another (mix-up)": redirect(iss=ELSEWHERE),
    "redirect: issuer missing though promised": redirect(iss=None),
    "redirect: code missing": redirect(DECLINED, code=None),
    "redirect: code made up": redirect(code="påhittad"),
    "redirect: code 5,000 characters": redirect(code="x" * 5000),
    "redirect: declined": redirect(DECLINED, code=None, error="access_denied"),
    "redirect: an error with markup": redirect(DECLINED, error="<script>alert(1)</script>"),
}


def test_the_table_is_long_enough() -> None:
    assert len(LIES) >= 80


@pytest.mark.parametrize("name", LIES)
async def test_a_lie_is_refused_with_a_page_that_says_what_to_do(peer: Peer, name: str) -> None:
    lie = LIES[name]
    await tell(peer, **lie.says)
    async with peer.service.browser() as browser:
        answer = await log_in(browser, peer, "ingen")
        assert answer.status_code == 400, name
        assert lie.page in answer.text
        assert english(lie.page) in answer.text and english(lie.page) != lie.page
        assert "Börja om" in answer.text
        assert "<script>alert" not in answer.text and "angripare" not in answer.text
        assert not [one for one in browser.cookies.jar if one.name == "__Host-sid" and one.value]
        assert await whoami(browser, peer.service) is None
    async with platform_scope():
        for subject in ("ingen", "offer", ""):
            known = "SELECT count(*) FROM identity WHERE issuer = $1 AND subject = $2"
            assert await fetch_value(known, peer.issuer, subject) == 0


async def test_the_audit_log_says_what_happened(peer: Peer) -> None:
    await tell(peer, times={"iat": 300, "exp": 600})
    async with peer.service.browser() as browser:
        await log_in(browser, peer, "ingen")
    async with peer.town.scope():
        kind = await fetch_value(
            """SELECT detail ->> 'kind' FROM audit_event WHERE verb = 'log_in.refused'
               ORDER BY at DESC LIMIT 1"""
        )
    assert kind == "clock"


async def test_an_honest_log_in_works_after_every_lie(peer: Peer) -> None:
    await peer.member("hederlig")
    for name in ("metadata: another issuer", "keys: none", "signature: key name unknown"):
        discovery.forget()
        await tell(peer, **LIES[name].says)
        async with peer.service.browser() as browser:
            assert (await log_in(browser, peer, "ingen")).status_code == 400
        await tell(peer)
        discovery.forget()
        async with peer.service.browser() as browser:
            assert (await log_in(browser, peer, "hederlig")).status_code == 303


async def test_a_code_is_worth_something_once_and_in_its_own_browser(peer: Peer) -> None:
    """Attacks 56, 57: replayed here, replayed elsewhere, and in a victim's browser."""
    await peer.member("vera")
    async with peer.service.browser() as browser, peer.service.browser() as victim:
        start = f"{peer.service.address}/auth/login/{peer.name}"
        sent = await browser.get(start)
        address = str(sent.headers["location"])
        for _ in range(6):
            if "/auth/callback/" in address:
                break
            suffix = "?who=vera" if "/peer/log-in/" in address else ""
            step = await browser.get(address + suffix)
            address = str(step.url.join(step.headers["location"]))
        assert "/auth/callback/" in address
        assert (await victim.get(address)).status_code == 400
        assert await whoami(victim, peer.service) is None
        assert (await browser.get(address)).status_code == 303
        assert (await browser.get(address)).status_code == 400
        assert await whoami(browser, peer.service)


FORGED: dict[str, dict[str, Any]] = {
    "not a logout token": {"header": {"typ": "JWT"}},
    "unsigned": {"header": {"alg": "none"}, "key": "none"},
    "a stranger's key": {"key": "stranger"},
    "no event": {"claims": {"events": None}},
    "another event": {"claims": {"events": {"http://schemas.openid.net/event/x": {}}}},
    "a nonce": {"claims": {"nonce": "x"}},
    "another audience": {"claims": {"aud": "annan"}},
    "no subject": {"claims": {"sub": None}},
    "an hour old": {"age": 3600},
}


@pytest.mark.parametrize("name", FORGED)
async def test_a_forged_log_out_ends_nothing(peer: Peer, name: str) -> None:
    await peer.member("wil")
    async with peer.service.browser() as browser:
        await log_in(browser, peer, "wil")
        answer = await _log_out(peer, **FORGED[name])
        assert answer.status_code == 400
        assert await whoami(browser, peer.service)


async def test_a_log_out_that_is_replayed_ends_nothing_more(peer: Peer) -> None:
    await peer.member("xen")
    async with peer.service.browser() as browser:
        await log_in(browser, peer, "xen")
        honest = {"claims": {"sub": "xen", "jti": "en-gång"}}
        assert (await _log_out(peer, **honest)).status_code == 200
        assert await whoami(browser, peer.service) is None
        await log_in(browser, peer, "xen")
        assert (await _log_out(peer, **honest)).status_code == 400
        assert await whoami(browser, peer.service)


async def _log_out(
    peer: Peer,
    *,
    header: dict[str, Any] | None = None,
    claims: dict[str, Any] | None = None,
    key: str | None = None,
    age: int = 0,
) -> httpx.Response:
    """A logout token as the provider would sign it, but for what is changed."""
    said: dict[str, Any] = {
        "iss": peer.issuer,
        "aud": "by-secret",
        "sub": "wil",
        "iat": int(time.time()) - age,
        "jti": str(time.time_ns()),
        "events": {"http://schemas.openid.net/event/backchannel-logout": {}},
    } | (claims or {})
    said = {name: value for name, value in said.items() if value is not None}
    async with httpx.AsyncClient() as client:
        forged = await client.post(
            f"{peer.issuer}/peer/forge", json={"header": header, "claims": said, "key": key}
        )
        return await client.post(
            f"{peer.service.address}/auth/backchannel",
            data={"logout_token": forged.json()["token"]},
        )


@pytest.mark.parametrize("path", [DISCOVERY, TOKEN])
async def test_a_slow_provider_costs_its_own_people_alone(peer: Peer, path: str) -> None:
    """The page comes within the limit of a call, and nobody else waits meanwhile."""
    await tell(peer, slow={path: 8000})
    async with peer.service.browser() as browser, peer.service.browser() as other:
        slow = asyncio.create_task(log_in(browser, peer, "ingen"))
        await asyncio.sleep(0.3)
        assert (await other.get(peer.service.address)).status_code == 200
        assert not slow.done()
        answer = await slow
        assert answer.status_code == 400
        assert SILENT in answer.text


async def test_a_provider_that_is_down_is_said_to_be(certified: tuple[Peer, Peer]) -> None:
    up = certified[0]
    await add_provider(
        tenant_slug=up.town.slug,
        name="nere-" + up.name[-6:],
        issuer="http://127.0.0.1:9",
        client_id="x",
        client_secret="x",
        secret_key=up.service.settings.secret_key,
        production=False,
    )
    async with up.service.browser() as browser:
        address = f"{up.service.address}/auth/login/nere-{up.name[-6:]}?next=/{up.town.slug}"
        answer = await browser.get(address)
    assert answer.status_code == 400
    assert SILENT in answer.text
    assert f'href="/logga-in?next=/{up.town.slug}"' in answer.text
