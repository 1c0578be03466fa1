"""The way in with everything around it: the application, the local provider, a hostile one."""

import secrets
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import httpx
import httpx2
import pytest

from service.local.provider import Provider
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
from tests.entrance import log_in as flow
from tests.entrance.hostile_provider import CLIENT_ID, CLIENT_SECRET, HostileProvider, Net
from tests.town import Neighbourhood, municipality_codes


@dataclass
class Town:
    id: UUID
    slug: str
    name: str
    organisation: UUID


@dataclass
class House:
    """The application as it runs, and all the net around it."""

    near: Neighbourhood
    settings: Settings
    net: Net

    @property
    def provider(self) -> Provider:
        provider: Provider = self.near.provider_app.state.provider
        return provider

    def browser(self, **cookies: str) -> httpx.AsyncClient:
        browser = self.near.browser()
        browser.cookies.update(cookies)
        return browser

    def at_provider(self) -> httpx.AsyncClient:
        return self.near.provider_browser()

    async def found(self, *, providers: tuple[UUID, ...] = (), join: Role | None = None) -> Town:
        """A new municipality that lets the local provider's people in, or those of `providers`."""
        slug = f"ort-{secrets.token_hex(6)}"
        code = str(next(municipality_codes))
        tenant_id = await found_municipality(code=code, slug=slug, name=f"Ort {code}")
        async with tenant_scope(tenant_id):
            for provider in providers or (self.near.provider_id,):
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
        self.near.people.append(person)
        async with platform_scope():
            person_id = await add_person(
                issuer=self.near.issuer, subject=person.subject, name=person.name
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
async def house(neighbourhood: Neighbourhood, settings: Settings) -> House:
    net = Net()
    net.apps[neighbourhood.issuer] = httpx2.ASGITransport(app=neighbourhood.provider_app)
    calls.set_transport(net)
    return House(neighbourhood, settings, net)


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
