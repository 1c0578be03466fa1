"""The running service on a socket of its own, and real providers beside it on loopback.

Everything goes over HTTP: the browser's redirects, the service's calls to the provider, and the
provider's calls to the service.
"""

import asyncio
import secrets
import shutil
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import httpx
import pytest
import uvicorn
from litestar import Litestar

from service.app import create_app
from service.settings import Settings
from tenants.founding import add_membership, add_person
from tenants.identity import calls, discovery
from tenants.identity.providers import add_provider
from tenants.roles import Role
from tenants.scope import tenant_scope
from tests.conftest import free_ports
from tests.town import Neighbourhood, Town, found_town

HERE = Path(__file__).parent
SECRET = "hemlig: 100 % + mer"


class Plainly(httpx.AsyncHTTPTransport):
    """Sends over plain http what the client holds for https."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        request.url = request.url.copy_with(scheme="http")
        return await super().handle_async_request(request)


class Browser(httpx.AsyncClient):
    """Keeps `__Host-` cookies on loopback without TLS, as Chromium does and httpx does not."""

    def build_request(self, method: str, url: Any, **options: Any) -> httpx.Request:
        return super().build_request(method, httpx.URL(url).copy_with(scheme="https"), **options)


@dataclass
class Service:
    """The service as browsers and providers reach it."""

    app: Litestar
    settings: Settings

    @property
    def address(self) -> str:
        return self.settings.base_url

    def browser(self) -> "Browser":
        return Browser(transport=Plainly(), headers={"accept": "text/html"}, timeout=30)


@dataclass
class Peer:
    """A real provider that a municipality of its own accepts under `name`."""

    name: str
    issuer: str
    service: Service
    town: Town
    provider_id: UUID
    members: dict[str, UUID] = field(default_factory=dict)

    async def member(self, subject: str, role: Role = Role.REPORTER) -> UUID:
        """Somebody whom the provider will call `subject`, with a role in the municipality."""
        async with tenant_scope(self.town.id):
            person_id = await add_person(issuer=self.issuer, subject=subject, name="Prov Person")
            await add_membership(
                person_id=person_id,
                organisation_id=self.town.organisations["Kommunen"],
                role=role,
            )
        self.members[subject] = person_id
        return person_id


@pytest.fixture(scope="package")
async def service(app: Litestar, settings: Settings) -> AsyncIterator[Service]:
    """The application, served; it shares the pool of the tests' own."""
    port = free_ports()
    own = replace(settings, port=port, base_url=f"http://127.0.0.1:{port}")
    served = create_app(own)
    served.state.hub = app.state.hub
    server = uvicorn.Server(
        uvicorn.Config(served, port=port, lifespan="off", log_level="warning", access_log=False)
    )
    task = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    # Other tests keep their providers in this process; here everybody is on the net.
    before = calls._transport
    calls.set_transport(None)
    yield Service(served, own)
    await calls.close_calls()
    calls.set_transport(before)
    server.should_exit = True
    await task


@contextmanager
def started(command: list[str], **options: Any) -> Iterator[subprocess.Popen[str]]:
    """A process beside us, stopped by its id at the end."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, **options)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@pytest.fixture(scope="package")
async def certified(
    service: Service, neighbourhood: Neighbourhood
) -> AsyncIterator[tuple[Peer, Peer]]:
    """npm `oidc-provider`, known to the service twice: by a secret and by our own key."""
    port, name = free_ports(), f"certifierad-{secrets.token_hex(3)}"
    issuer = f"http://127.0.0.1:{port}"
    node = shutil.which("node")
    assert node, "These tests need Node; `make test` uses the machine's or the one of a package."
    town = await found_town(neighbourhood, "Tallbacka")
    callback = f"{service.address}/auth/callback/{name}"
    command = [
        node,
        str(HERE / "oidc_provider.mjs"),
        str(port),
        callback,
        f"{service.address}/auth/backchannel",
        f"{service.address}/auth/jwks",
    ]
    with started(command, stderr=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        line = await asyncio.to_thread(process.stdout.readline)
        assert line.strip() == "ready"
        peers = []
        for suffix, client_id, secret in (
            ("", "by-secret", SECRET),
            ("-nyckel", "by-key", None),
        ):
            provider_id = await add_provider(
                tenant_slug=town.slug,
                name=name + suffix,
                issuer=issuer,
                client_id=client_id,
                client_secret=secret,
                secret_key=service.settings.secret_key,
                production=False,
            )
            peers.append(Peer(name + suffix, issuer, service, town, provider_id))
        yield peers[0], peers[1]
    await town.close()


@pytest.fixture
async def peer(certified: tuple[Peer, Peer]) -> AsyncIterator[Peer]:
    """The certified provider, honest and unknown to the service at the start of each test."""
    discovery.forget()
    await tell(certified[0])
    yield certified[0]
    await tell(certified[0])
    discovery.forget()


async def tell(peer: Peer, **lie: Any) -> None:
    """Have the certified provider tell `lie` from now on; nothing makes it honest again."""
    async with httpx.AsyncClient() as client:
        await client.post(f"{peer.issuer}/peer/lie", json=lie)


async def renew(peer: Peer) -> None:
    """A new start of the certified provider: new keys, and nothing left of what it remembered."""
    async with httpx.AsyncClient() as client:
        await client.post(f"{peer.issuer}/peer/rotate")


async def go(browser: httpx.AsyncClient, address: str, subject: str) -> httpx.Response:
    """Follow every redirect as a browser would, saying `subject` where the provider asks who.

    Stops at the service's first page of its own, or at the answer that leads out of the log-in.
    """
    for _ in range(12):
        if "/peer/log-in/" in address:
            address += f"?who={subject}"
        answer = await browser.get(address)
        if answer.status_code not in (302, 303) or "/auth/callback/" in address:
            return answer
        address = str(answer.url.join(answer.headers["location"]))
    raise AssertionError(f"The log-in does not end: {address}")


async def log_in(
    browser: httpx.AsyncClient, peer: Peer, subject: str, query: str = ""
) -> httpx.Response:
    """The whole log-in through the peer; the service's answer to the provider's."""
    wanted = f"next=/{peer.town.slug}/rapportera{query}"
    return await go(browser, f"{peer.service.address}/auth/login/{peer.name}?{wanted}", subject)


async def whoami(browser: httpx.AsyncClient, service: Service) -> str | None:
    answer = await browser.get(f"{service.address}/me")
    return str(answer.json()["user"]) if answer.status_code == 200 else None


def path_of(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
