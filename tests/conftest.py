"""One database and one application for the run; a new municipality for every test."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest
from litestar import Litestar

from service.app import create_app
from service.cycle.picture import close_period
from service.local.provider import create_provider, local_issuer, register_local_provider
from service.local.provider_people import LocalPerson
from service.settings import Settings
from service.web import letters
from tenants.identity.calls import close_calls, set_transport
from tests.database import Database, fresh_database
from tests.letterbox import letterbox as letterbox
from tests.reference import ABSENT, NO_PEER, NO_SERVER
from tests.town import Neighbourhood, Town, found_town

BASE_URL = "https://kraftsamling.test"


@pytest.fixture(scope="session")
async def database(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Database]:
    """A migrated, empty database."""
    async with fresh_database(tmp_path_factory.mktemp("data")) as made:
        yield made


def free_ports() -> int:
    """The first of three ports in a row that nobody listens on: product, provider, mail."""
    while True:
        with socket.socket() as first, socket.socket() as second, socket.socket() as third:
            first.bind(("127.0.0.1", 0))
            port = first.getsockname()[1]
            try:
                second.bind(("127.0.0.1", port + 1))
                third.bind(("127.0.0.1", port + 2))
            except (OSError, OverflowError):
                continue
            return port


@pytest.fixture(scope="session")
def settings(database: Database, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(
        env="test",
        port=free_ports(),
        base_url=BASE_URL,
        database_url=database.app,
        owner_database_url=database.owner,
        operator_database_url=database.operator,
        broker_url=database.app,
        live_url=database.app,
        smtp_url="",  # A test that reads letters starts a mail box of its own.
        secret_key="for tests alone, and long enough to be one",
        data_dir=Path(tmp_path_factory.mktemp("provider")),
        pool_size=10,
        worker_threads=2,
    )


@pytest.fixture(scope="session")
async def app(settings: Settings) -> AsyncIterator[Litestar]:
    """The application, started on the tests' own event loop."""
    made = create_app(settings)
    # A process reads its settings from the environment; here the run's own hold for links too.
    patched = pytest.MonkeyPatch()
    for reader in (letters, close_period):
        patched.setattr(reader, "settings", lambda: settings)
    started, stopping = asyncio.Event(), asyncio.Event()

    async def live() -> None:
        # A fixture's two halves run in different tasks; a lifespan must begin and end in one.
        async with made.lifespan():
            started.set()
            await stopping.wait()

    task = asyncio.create_task(live())
    await asyncio.wait([task, asyncio.create_task(started.wait())], return_when="FIRST_COMPLETED")
    if task.done():
        task.result()
    yield made
    stopping.set()
    await task
    patched.undo()


@pytest.fixture(scope="session")
async def neighbourhood(app: Litestar, settings: Settings) -> AsyncIterator[Neighbourhood]:
    """The application and a real provider that it reaches without a socket."""
    people: list[LocalPerson] = []
    provider_app = create_provider(settings, people=lambda: people)
    set_transport(httpx2.ASGITransport(provider_app))
    provider_id = await register_local_provider(settings)
    yield Neighbourhood(app, BASE_URL, local_issuer(settings), provider_app, provider_id, people)
    await close_calls()
    set_transport(None)


@pytest.fixture
async def found(neighbourhood: Neighbourhood) -> AsyncIterator[Callable[..., Awaitable[Town]]]:
    """`await found("Tallbacka")`: a municipality of the test's own."""
    towns: list[Town] = []

    async def make(name: str = "Tallbacka", **options: Any) -> Town:
        town = await found_town(neighbourhood, name, **options)
        towns.append(town)
        return town

    yield make
    for town in towns:
        await town.close()


@pytest.fixture
async def tallbacka(found: Callable[..., Awaitable[Town]]) -> Town:
    return await found("Tallbacka")


@pytest.fixture
async def sjohaga(found: Callable[..., Awaitable[Town]]) -> Town:
    return await found("Sjöhaga")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What needs the running house is last: its worker would take the jobs that other tests do."""
    items.sort(key=lambda item: "journeys" in item.path.parts or "chromium" in fixtures_of(item))


def fixtures_of(item: pytest.Item) -> tuple[str, ...]:
    return tuple(getattr(item, "fixturenames", ()))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say in the last line how much did not run for want of something outside the project."""
    skipped = terminalreporter.stats.get("skipped", [])
    absent = sum(ABSENT in str(report.longrepr) for report in skipped)
    if any(NO_SERVER in str(report.longrepr) for report in skipped):
        terminalreporter.write_line(f"The oldest engine was not tried: {NO_SERVER} listens here.")
    if any(NO_PEER in str(report.longrepr) for report in skipped):
        terminalreporter.write_line(f"The second provider was not tried: {NO_PEER} is installed.")
    if absent:
        terminalreporter.write_line(f"{absent} checks did not run: {ABSENT}; set KS_REFERENCE.")
