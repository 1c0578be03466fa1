"""The whole log-in on loopback with a certified provider, beside that provider's own time.

The service and the provider are processes of their own. The floor drives the provider alone, as
the bare minimum of a client would: the same pages, the same redirects and the token request.
"""

import asyncio
import secrets
import shutil
import subprocess
import sys
import time
from base64 import b64encode, urlsafe_b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from hashlib import sha256
from statistics import quantiles
from urllib.parse import parse_qs, quote_plus, urlencode, urlsplit

import httpx

from tenants.founding import add_membership, add_person
from tenants.identity.providers import add_provider
from tenants.roles import Role
from tenants.scope import tenant_scope
from tests.bench.figure import Figure
from tests.bench.stage import ROOT, Stage, free_port, process
from tests.peers.conftest import SECRET, Browser, Plainly, started

TIMES = 150
WARM = 20
BESIDE = 30.0
"""milliseconds that the service may add at the 95th percentile"""
NAME = "matning"


async def measure(stage: Stage) -> list[Figure]:
    port, at = free_port(), free_port()
    base = f"http://127.0.0.1:{port}"
    issuer, callback = f"http://127.0.0.1:{at}", f"{base}/auth/callback/{NAME}"
    await add_provider(
        tenant_slug=stage.slug,
        name=NAME,
        issuer=issuer,
        client_id="by-secret",
        client_secret=SECRET,
        secret_key=stage.settings.secret_key,
        production=False,
    )
    person = secrets.token_hex(6)
    async with tenant_scope(stage.tenant_id):
        person_id = await add_person(issuer=issuer, subject=person, name="Prov Mätning")
        await add_membership(
            person_id=person_id, organisation_id=stage.organisations[0], role=Role.REPORTER
        )
    async with (
        process(stage, port, "service.cli", "web", base_url=base),
        _provider(at, callback, base),
    ):
        address = f"{base}/auth/login/{NAME}?next=/{stage.slug}/rapportera"
        whole, bare = [], []
        for _ in range(TIMES):  # In turns, so that what else the machine does is shared.
            whole.append(await _whole(address, person))
            bare.append(await _bare(issuer, callback))
    # How far the machine was from idle: the fastest of each took no part in anybody's queue.
    sys.stderr.write(f"fastest: log-in {min(whole):.1f} ms, provider {min(bare):.1f} ms\n")
    log_in, provider = _p95(whole), _p95(bare)
    return [
        Figure("the whole log-in on loopback, p95", log_in, "ms", provider),
        Figure(
            "the log-in beside the provider's own time, p95",
            log_in - provider,
            "ms",
            BESIDE,
            at_most=1.0,
        ),
    ]


@asynccontextmanager
async def _provider(port: int, callback: str, base: str) -> AsyncIterator[None]:
    node = shutil.which("node")
    assert node is not None, "The provider of this measurement needs Node."
    script = str(ROOT / "tests/peers/oidc_provider.mjs")
    command = [node, script, str(port), callback, f"{base}/auth/backchannel", f"{base}/auth/jwks"]
    with started(command, stderr=subprocess.DEVNULL) as running:
        assert running.stdout is not None
        line = await asyncio.to_thread(running.stdout.readline)
        assert line.strip() == "ready", line
        yield


def _browser() -> Browser:
    return Browser(transport=Plainly(), timeout=30)


async def _whole(address: str, person: str) -> float:
    """Milliseconds from the press of the button to the address of the first page."""
    async with _browser() as browser:
        began = time.perf_counter()
        answer = await _follow(browser, address, "/auth/callback/", person)
        took = (time.perf_counter() - began) * 1000
    if answer.status_code != 303:
        sys.stderr.write(answer.text)
        raise RuntimeError("A log-in did not go through.")
    return took


async def _bare(issuer: str, callback: str) -> float:
    verifier = secrets.token_urlsafe(48)
    challenge = urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    asked = {
        "client_id": "by-secret",
        "response_type": "code",
        "redirect_uri": callback,
        "scope": "openid profile email",
        "state": secrets.token_urlsafe(32),
        "nonce": secrets.token_urlsafe(32),
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    client = b64encode(f"by-secret:{quote_plus(SECRET)}".encode()).decode()
    async with _browser() as browser:
        began = time.perf_counter()
        address = f"{issuer}/auth?{urlencode(asked)}"
        while "/auth/callback/" not in address:
            if "/peer/log-in/" in address:
                address += f"?who={secrets.token_hex(6)}"
            answer = await browser.get(address)
            address = str(answer.url.join(answer.headers["location"]))
        code = parse_qs(urlsplit(address).query)["code"][0]
        tokens = await browser.post(
            f"{issuer}/token",
            data={
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": callback,
                "code_verifier": verifier,
            },
            headers={"authorization": f"Basic {client}"},
        )
        took = (time.perf_counter() - began) * 1000
    assert tokens.status_code == 200, tokens.text
    return took


async def _follow(
    browser: httpx.AsyncClient, address: str, last: str, subject: str
) -> httpx.Response:
    while True:
        if "/peer/log-in/" in address:
            address += f"?who={subject}"
        answer = await browser.get(address)
        if last in address or answer.status_code not in (302, 303):
            return answer
        address = str(answer.url.join(answer.headers["location"]))


def _p95(times: list[float]) -> float:
    return quantiles(times[WARM:], n=20)[-1]
