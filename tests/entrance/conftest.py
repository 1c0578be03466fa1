"""The way in with everything around it: the application, the local provider, a hostile one."""

import secrets
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import httpx
import httpx2
import pytest
from litestar import Litestar

from service.app import create_app
from service.local.provider import create_provider, register_local_provider
from service.local.provider_people import LocalPerson
from service.settings import Settings
from tenants.founding import (
    accept_provider,
    add_membership,
    add_organisation,
    add_person,
    found_municipality,
)
from tenants.identity import calls, discovery
from tenants.identity.providers import store_provider
from tenants.identity.sealing import seal
from tenants.roles import Role
from tenants.scope import fetch_row, operator_scope, platform_scope, tenant_scope
from tests.database import fresh_database
from tests.entrance import log_in as flow
from tests.entrance.hostile_provider import CLIENT_ID, CLIENT_SECRET, HostileProvider, Net

OWN = "https://kraftsamling.test"
LOCAL = "http://127.0.0.1:4999"


@dataclass
class Town:
    id: UUID
    slug: str
    name: str
    organisation: UUID


@dataclass
class House:
    """The application as it runs, and all the net around it."""

    app: Litestar
    provider: Litestar
    settings: Settings
    net: Net
    local_provider: UUID
    people: list[LocalPerson] = field(default_factory=list)

    def browser(self, **cookies: str) -> httpx.AsyncClient:
        """Somebody's browser, at an address of its own."""
        address = ".".join(["10", *(str(secrets.randbelow(250) + 1) for _ in range(3))])
        return httpx.AsyncClient(
            transport=httpx.ASGITransport(app=self.app, client=(address, 1234)),
            base_url=OWN,
            cookies=cookies,
        )

    def at_provider(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(
            transport=httpx.ASGITransport(app=self.provider), base_url=LOCAL
        )

    async def found(self, *, providers: tuple[UUID, ...] = (), join: Role | None = None) -> Town:
        """A new municipality that lets the local provider's people in, or those of `providers`."""
        slug = f"ort-{secrets.token_hex(6)}"
        code = str(secrets.randbelow(9000) + 1000)
        tenant_id = await found_municipality(code=code, slug=slug, name=f"Ort {code}")
        async with platform_scope():
            row = await fetch_row("SELECT slug FROM municipality WHERE id = $1", tenant_id)
        if row["slug"] != slug:
            return await self.found(providers=providers, join=join)
        async with tenant_scope(tenant_id):
            for provider in providers or (self.local_provider,):
                await accept_provider(provider, join_role=join)
            organisation = await add_organisation(
                name="Bostadsbolaget",
                actor_type="municipal_housing",
                is_authority="equated",
                joined_on=date(2024, 1, 1),
            )
        return Town(tenant_id, slug, f"Ort {code}", organisation)

    async def member(self, *towns: Town, role: Role = Role.REPORTER) -> LocalPerson:
        """Somebody new whom the local provider knows, and who belongs to `towns`."""
        person = LocalPerson(f"p-{secrets.token_hex(6)}", "Kim Påhittad", "rapportör")
        self.people.append(person)
        async with platform_scope():
            person_id = await add_person(
                issuer=LOCAL, subject=person.subject, name=person.name
            )
        for town in towns:
            async with tenant_scope(town.id):
                await add_membership(
                    person_id=person_id, organisation_id=town.organisation, role=role
                )
        return person

    async def log_in(
        self, browser: httpx.AsyncClient, person: LocalPerson, *, next_page: str = "/"
    ) -> httpx.Response:
        async with self.at_provider() as at_provider:
            return await flow.log_in(browser, at_provider, person.subject, next_page=next_page)


@dataclass
class Hostile:
    """A hostile provider that the product trusts by the name `name`."""

    name: str
    id: UUID
    provider: HostileProvider
    house: House

    async def attempt(
        self, browser: httpx.AsyncClient, next_page: str = "/", **bent: str | None
    ) -> httpx.Response:
        """A log-in whose answer is bent: a parameter is replaced, or left out when None."""
        address = await flow.start(browser, provider=self.name, next_page=next_page)
        answer: dict[str, Any] = self.provider.authorize(address) | bent
        return await self.answer(browser, answer)

    async def answer(self, browser: httpx.AsyncClient, answer: dict[str, Any]) -> httpx.Response:
        kept = {name: value for name, value in answer.items() if value is not None}
        return await browser.get(f"/auth/callback/{self.name}?{urlencode(kept, doseq=True)}")


@pytest.fixture(scope="session")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    folder: Path = tmp_path_factory.mktemp("entrance")
    async with fresh_database(folder / "postgres") as database:
        settings = Settings(
            env="test",
            port=4998,
            base_url=OWN,
            database_url=database.app,
            owner_database_url=database.owner,
            operator_database_url=database.operator,
            broker_url=database.app,
            live_url=database.app,
            smtp_url="",
            secret_key=secrets.token_hex(32),
            data_dir=folder,
            pool_size=6,
            worker_threads=1,
        )
        people: list[LocalPerson] = []
        app = create_app(settings)
        provider = create_provider(settings, issuer=LOCAL, people=lambda: people)
        net = Net()
        net.apps[LOCAL] = httpx2.ASGITransport(app=provider)
        calls.set_transport(net)
        async with app.lifespan():
            local = await register_local_provider(settings)
            yield House(app, provider, settings, net, local, people)
        calls.set_transport(None)


@pytest.fixture
def browser(house: House) -> Iterator[httpx.AsyncClient]:
    yield house.browser()


@pytest.fixture
async def hostile(house: House) -> AsyncIterator[Hostile]:
    """A provider of its own for each test, at an https address on the net."""
    name = f"fientlig-{secrets.token_hex(4)}"
    issuer = f"https://{name}.example.net"
    provider = HostileProvider(issuer)
    house.net.providers[issuer] = provider
    async with operator_scope():
        provider_id = await store_provider(
            name=name,
            label="Fientlig",
            issuer=issuer,
            client_id=CLIENT_ID,
            sealed_secret=seal(CLIENT_SECRET, house.settings.secret_key),
        )
    yield Hostile(name, provider_id, provider, house)
    discovery.forget()
    del house.net.providers[issuer]


async def count(sql: str, *arguments: Any) -> int:
    """How many rows a platform question finds."""
    async with platform_scope():
        row = await fetch_row(f"SELECT count(*) AS n FROM {sql}", *arguments)
    return int(row["n"])


