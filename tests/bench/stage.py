"""The ground that the measurements stand on: a seeded database, people logged in, servers."""

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, redirect_stdout
from dataclasses import dataclass, replace
from pathlib import Path
from random import randrange
from typing import Any
from uuid import UUID, uuid4

import httpx
import httpx2

from service.app import create_app
from service.local.provider import create_provider, local_issuer, register_local_provider
from service.local.provider_people import LocalPerson
from service.settings import Settings
from tenants.founding import accept_provider, add_membership, add_person
from tenants.identity.calls import close_calls, set_transport
from tenants.jobs import finish_waiting
from tenants.municipalities import all_municipalities
from tenants.roles import Role
from tenants.scope import fetch, fetch_row, fetch_value, platform_scope, tenant_scope
from tests.database import Database, fresh_database
from tests.entrance.log_in import log_in

ROOT = Path(__file__).parents[2]
BASE_URL = "https://kraftsamling.test"
HOST = "kraftsamling.test"
POOL_SIZE = 10


def variables(settings: Settings) -> dict[str, str]:
    """The settings as a process of the service reads them."""
    return {
        "KS_ENV": settings.env,
        "KS_PORT": str(settings.port),
        "KS_BASE_URL": settings.base_url,
        "KS_DATABASE_URL": settings.database_url,
        "KS_OPERATOR_DATABASE_URL": settings.operator_database_url,
        "KS_SECRET_KEY": settings.secret_key,
        "KS_DATA_DIR": str(settings.data_dir),
        "KS_POOL_SIZE": str(settings.pool_size),
    }


@dataclass(frozen=True)
class Reporter:
    """A logged-in person: what its browser would send along."""

    cookies: str
    csrf: str
    organisation_id: UUID
    person_id: UUID


@dataclass(frozen=True)
class Stage:
    """The largest municipality of the seeded world, and whoever is to act in it."""

    database: Database
    settings: Settings
    app: Any
    tenant_id: UUID
    slug: str
    name: str
    reports: int
    organisations: list[UUID]
    areas: list[UUID]
    categories: dict[str, UUID]
    people: list[LocalPerson]
    provider_app: Any

    def environment(self, port: int, base_url: str = BASE_URL) -> dict[str, str]:
        """What a process of the service needs to join this stage."""
        chosen = replace(self.settings, port=port, base_url=base_url)
        return {**os.environ, **variables(chosen)}

    def browser(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(
            # Each at an address of its own: log-ins count by address.
            transport=httpx.ASGITransport(
                self.app, client=(f"10.9.{randrange(256)}.{randrange(1, 255)}", 1234)
            ),
            base_url=BASE_URL,
            headers={"accept": "text/html"},
        )

    async def logged_in(
        self, role: Role, organisation_id: UUID, seat: str | None = None
    ) -> Reporter:
        """A new member, logged in through the provider like everybody else."""
        issuer = local_issuer(self.settings)
        subject = f"bench:{uuid4()}"
        async with tenant_scope(self.tenant_id):
            person_id = await add_person(issuer=issuer, subject=subject, name="Prov Mätning")
            await add_membership(
                person_id=person_id, organisation_id=organisation_id, role=role, seat=seat
            )
        self.people.append(LocalPerson(subject, "Prov Mätning", role, self.name))
        async with self.browser() as browser:
            async with httpx.AsyncClient(
                transport=httpx.ASGITransport(self.provider_app), base_url=issuer
            ) as provider:
                await log_in(browser, provider, subject)
            await browser.get(f"/{self.slug}")
            cookies = {cookie.name: cookie.value or "" for cookie in browser.cookies.jar}
        return Reporter(
            cookies="; ".join(f"{name}={value}" for name, value in cookies.items()),
            csrf=cookies["__Host-csrf"],
            organisation_id=organisation_id,
            person_id=person_id,
        )


@asynccontextmanager
async def set_up(folder: Path) -> AsyncIterator[Stage]:
    """A durable database with the demonstration world in it, and the application on this loop."""
    async with fresh_database(folder / "database", durable=True) as database:
        settings = Settings(
            env="test",
            port=8000,
            base_url=BASE_URL,
            database_url=database.app,
            owner_database_url=database.owner,
            operator_database_url=database.operator,
            broker_url=database.app,
            live_url=database.app,
            smtp_url="",
            secret_key="for measurements alone, and long enough to be one",
            data_dir=folder,
            pool_size=POOL_SIZE,
            worker_threads=2,
        )
        # What runs in this process asks the environment, as it does in one of the service's own.
        os.environ |= variables(settings)
        app = create_app(settings)
        people: list[LocalPerson] = []
        async with app.lifespan():
            provider_app = create_provider(settings, people=lambda: people)
            set_transport(httpx2.ASGITransport(provider_app))
            provider_id = await register_local_provider(settings)
            await _seed()
            stage = await _largest(database, settings, app, people, provider_app)
            async with tenant_scope(stage.tenant_id):
                await accept_provider(provider_id)
            try:
                yield stage
            finally:
                await close_calls()
                set_transport(None)


async def _seed() -> None:
    from service.demo.seed import seed

    # Standard output is for figures alone.
    with redirect_stdout(sys.stderr):
        await seed()


async def _largest(
    database: Database, settings: Settings, app: Any, people: list[LocalPerson], provider_app: Any
) -> Stage:
    async with platform_scope():
        towns = await fetch("SELECT id, slug, name FROM municipality")
    sizes = {}
    for town in towns:
        async with tenant_scope(town["id"]):
            sizes[town["id"]] = await fetch_value("SELECT count(*) FROM weekly_count")
    largest = max(towns, key=lambda town: sizes[town["id"]])
    async with tenant_scope(largest["id"]):
        reports = await fetch_value("SELECT count(*) FROM report")
        organisations = [
            row["id"] for row in await fetch("SELECT id FROM organisation WHERE left_on IS NULL")
        ]
        areas = [row["id"] for row in await fetch("SELECT id FROM area WHERE retired_on IS NULL")]
        categories = {
            row["key"]: row["id"]
            for row in await fetch("SELECT key, id FROM category WHERE key <> 'other'")
        }
        assert await fetch_row("SELECT 1")
    return Stage(
        database, settings, app, largest["id"], largest["slug"], largest["name"], reports,
        organisations, areas, categories, people, provider_app,
    )  # fmt: skip


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@asynccontextmanager
async def process(
    stage: Stage, port: int, *command: str, base_url: str = BASE_URL
) -> AsyncIterator[int]:
    """`python -m COMMAND` beside us until the block ends; ready when `port` answers, if not 0.

    Gives the process's id.
    """
    running = await asyncio.create_subprocess_exec(
        sys.executable, "-m", *command, cwd=ROOT, env=stage.environment(port or 1, base_url)
    )
    try:
        while port:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                if running.returncode is not None:
                    raise RuntimeError(f"{command} ended with {running.returncode}.") from None
                await asyncio.sleep(0.1)
            else:
                writer.close()
                break
        yield running.pid
    finally:
        if running.returncode is None:
            running.terminate()
            await running.wait()


async def let_no_letter_wait() -> None:
    """No post leaves here, and a worker would try it over and over meanwhile."""
    async with platform_scope():
        municipalities = await all_municipalities()
    for municipality in municipalities:
        async with tenant_scope(municipality.id):
            await finish_waiting("letter.send")
