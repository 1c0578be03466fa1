"""A municipality founded for one test, with a member in every role who really logs in."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from importlib import import_module
from itertools import count
from random import randrange
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid4

import httpx

from service.council.seats.lay_out import lay_out_seats
from service.cycle.mapping.lay_out import lay_out_categories
from service.local.provider_people import LocalPerson
from service.slices import JOB_MODULES
from service.worker import run_job
from tenants.founding import (
    accept_provider,
    add_membership,
    add_organisation,
    add_person,
    found_municipality,
)
from tenants.roles import Role
from tenants.scope import fetch, fetch_value, tenant_scope
from tests.entrance.log_in import answer_as, come_back, log_in

JOINED = date(2020, 1, 1)
# Name, actor type, authority; the first is where roles without an organisation of their own sit.
ORGANISATIONS = (
    ("Kommunen", "municipal_other", "yes"),
    ("Polisen", "police", "yes"),
    ("Bostadsbolaget", "municipal_housing", "equated"),
    ("Köpmännen", "business_association", "no"),
)
SITS_IN = {
    Role.MUNICIPAL_POLICE: "Polisen",
    Role.STEERING_CO_OPTED: "Polisen",
    Role.REPORTER: "Bostadsbolaget",
    Role.ORG_CONTACT: "Bostadsbolaget",
}
# Who is asked for by the role alone holds the first seat.
SITS_ON = {Role.STEERING_MEMBER: "board_chair", Role.STEERING_CO_OPTED: "lpo_chief"}
# Shared by all who found one: a code that is taken names the municipality that has it.
municipality_codes = count(3000)


@dataclass
class Neighbourhood:
    """What all towns of a run share: the application, the provider and whom it knows."""

    app: Any
    base_url: str
    issuer: str
    provider_app: Any
    provider_id: UUID
    people: list[LocalPerson]

    def browser(self) -> httpx.AsyncClient:
        """A new browser without cookies, at an address of its own: log-ins count by address."""
        address = f"10.{randrange(256)}.{randrange(256)}.{randrange(1, 255)}"
        return httpx.AsyncClient(
            transport=httpx.ASGITransport(
                self.app, raise_app_exceptions=False, client=(address, 1234)
            ),
            base_url=self.base_url,
            headers={"accept": "text/html"},
        )

    def provider_browser(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(
            transport=httpx.ASGITransport(self.provider_app), base_url=self.issuer
        )


@dataclass
class Town:
    """A founded municipality. `areas` and `organisations` by name, `categories` by key, as ids."""

    near: Neighbourhood
    id: UUID
    slug: str
    name: str
    areas: dict[str, UUID]
    categories: dict[str, UUID]
    organisations: dict[str, UUID]
    people: dict[tuple[str, str], UUID] = field(default_factory=dict)
    _clients: dict[tuple[str, str], httpx.AsyncClient] = field(default_factory=dict)
    _anonymous: httpx.AsyncClient | None = None

    def scope(self) -> Any:
        return tenant_scope(self.id)

    @property
    def anonymous(self) -> httpx.AsyncClient:
        if self._anonymous is None:
            self._anonymous = self.near.browser()
        return self._anonymous

    def subject(self, role: str, organisation: str | None = None) -> str:
        return quote(f"{self.slug}:{role}:{organisation or _sits_in(role)}", safe=":")

    async def add_member(self, who: str, organisation: str | None = None) -> UUID:
        """A person of that role in that organisation; the same one when asked again.

        `who` is a role, or `steering_member:education_chair` for who holds that seat.
        """
        where = organisation or _sits_in(who)
        if (who, where) in self.people:
            return self.people[who, where]
        role, _, seat = who.partition(":")
        subject = self.subject(who, where)
        name = f"Prov {(seat or role).replace('_', ' ')}"
        async with self.scope():
            person_id = await add_person(
                issuer=self.near.issuer,
                subject=subject,
                name=name,
                email=f"{re.sub('[^a-z0-9.-]', '.', subject.lower())}@exempel.test",
            )
            await add_membership(
                person_id=person_id,
                organisation_id=self.organisations[where],
                role=Role(role),
                seat=seat or SITS_ON.get(Role(role)),
            )
        self.near.people.append(LocalPerson(subject, name, role, self.name))
        self.people[who, where] = person_id
        return person_id

    async def work(self) -> None:
        """Do every job that waits, as a worker would, until none does."""
        for module in JOB_MODULES:
            import_module(module)
        while True:
            async with self.scope():
                waiting = await fetch(
                    "SELECT id FROM job WHERE finished_at IS NULL ORDER BY asked_at, id"
                )
            if not waiting:
                return
            for row in waiting:
                await run_job(str(row["id"]))

    async def client(self, role: str, organisation: str | None = None) -> httpx.AsyncClient:
        """That member's browser, logged in through the provider."""
        where = organisation or _sits_in(role)
        if (role, where) not in self._clients:
            await self.add_member(role, where)
            client = self.near.browser()
            async with self.near.provider_browser() as provider:
                await log_in(client, provider, self.subject(role, where))
            self._clients[role, where] = client
        return self._clients[role, where]

    async def surer_client(self, role: str, organisation: str | None = None) -> httpx.AsyncClient:
        """That member's browser after a log-in that is sure and fresh enough for anything."""
        client = await self.client(role, organisation)
        async with self.near.provider_browser() as provider:
            address = f"/auth/login/local?next=/{self.slug}&niva=3&inom=60"
            onward = await client.get(address)
            back = await answer_as(
                provider, onward.headers["location"], self.subject(role, organisation)
            )
            assert (await come_back(client, back)).status_code == 303
        return client

    async def get(
        self, path: str, *, role: str, organisation: str | None = None, **options: Any
    ) -> httpx.Response:
        client = await self.client(role, organisation)
        return await client.get(f"/{self.slug}{path}", **options)

    async def post(
        self,
        path: str,
        *,
        role: str,
        organisation: str | None = None,
        headers: dict[str, str] | None = None,
        file: tuple[str, bytes] | None = None,
        **form: Any,
    ) -> httpx.Response:
        """Post `form`, a list as a field for each, and a `file` by its name, with the token that
        the browser was given."""
        client = await self.client(role, organisation)
        if "__Host-csrf" not in client.cookies:
            await client.get("/")
        token = client.cookies["__Host-csrf"]
        return await client.post(
            f"/{self.slug}{path}",
            data={
                key: [str(one) for one in value] if isinstance(value, list) else str(value)
                for key, value in form.items()
                if value is not None
            },
            files={"file": file} if file is not None else None,
            headers={"x-csrftoken": token} | (headers or {}),
        )

    async def close(self) -> None:
        for client in [*self._clients.values(), *([self._anonymous] if self._anonymous else [])]:
            await client.aclose()


def _sits_in(who: str) -> str:
    return SITS_IN.get(Role(who.partition(":")[0]), "Kommunen")


def _square(latitude: float, longitude: float) -> str:
    west, east, south, north = (
        longitude - 0.005,
        longitude + 0.005,
        latitude - 0.003,
        latitude + 0.003,
    )
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return f'{{"type": "Polygon", "coordinates": [{ring}]}}'


async def found_town(
    near: Neighbourhood,
    name: str = "Tallbacka",
    *,
    areas: int | Sequence[str] = 2,
    organisations: Sequence[str] = (),
) -> Town:
    """A new municipality with areas, the default categories and organisations; no one in it yet."""
    area_names = [f"Ruta {n + 1}" for n in range(areas)] if isinstance(areas, int) else list(areas)
    slug = f"{''.join(c for c in name.lower() if c.isascii() and c.isalpha())}-{uuid4().hex[:8]}"
    tenant_id = await found_municipality(code=str(next(municipality_codes)), slug=slug, name=name)
    town = Town(near, tenant_id, slug, name, {}, {}, {})
    async with tenant_scope(tenant_id):
        await accept_provider(near.provider_id)
        await lay_out_seats()
        town.categories = await lay_out_categories()
        for position, area_name in enumerate(area_names):
            latitude, longitude = 61.3 + 0.006 * (position // 8), 17.05 + 0.01 * (position % 8)
            town.areas[area_name] = await fetch_value(
                """INSERT INTO area (tenant_id, id, key, name, kind, locality, latitude, longitude,
                                     boundary)
                   VALUES (ks.current_tenant(), $1, $2, $3, 'hexagon', $4, $5, $6, $7::jsonb)
                   RETURNING id""",
                uuid4(),
                f"ruta-{position + 1}",
                area_name,
                name,
                latitude,
                longitude,
                _square(latitude, longitude),
            )
        known = {one[0]: one for one in ORGANISATIONS}
        for one in (
            *ORGANISATIONS,
            *((extra, "civil_society", "no") for extra in organisations if extra not in known),
        ):
            town.organisations[one[0]] = await add_organisation(
                name=one[0], actor_type=one[1], is_authority=one[2], joined_on=JOINED
            )
    return town
