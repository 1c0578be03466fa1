"""A whole installation of a run's own: database, broker, two webs, two workers, one town."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import httpx2
import redis

from migrations.run import migrate
from service.app import create_app
from service.local.postgres import EmbeddedPostgres
from service.local.provider import create_provider, local_issuer, register_local_provider
from service.local.provider_people import LocalPerson
from service.settings import Settings
from tenants.bootstrap import bootstrap
from tenants.identity.calls import close_calls, set_transport
from tests.conftest import BASE_URL, free_ports
from tests.processes import ROOT, environment
from tests.town import Neighbourhood, Town, found_town


@dataclass
class Part:
    """One process that can be killed and started anew, by its own id."""

    command: list[str]
    variables: dict[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command, cwd=ROOT, env=self.variables, stdout=log, stderr=log
            )

    def stop(self, how: int = signal.SIGTERM, patience: float = 20) -> None:
        if self.process is None:
            return
        self.process.send_signal(how)
        try:
            self.process.wait(patience)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None


@dataclass
class House:
    """What a run stops and starts, and the town in it."""

    server: EmbeddedPostgres
    broker: Part
    settings: Settings
    town: Town
    ports: tuple[int, int]
    webs: list[Part] = field(default_factory=list)
    workers: list[Part] = field(default_factory=list)


def broker_at(port: int, folder: Path) -> Part:
    """A Redis that writes each change to disk before it answers."""
    folder.mkdir()
    program = shutil.which("redis-server") or shutil.which("valkey-server")
    assert program, "neither redis-server nor valkey-server is installed"
    command = [program, "--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder)]
    command += ["--appendonly", "yes", "--appendfsync", "always", "--save", ""]
    return Part(command, dict(os.environ), folder / "log")


def wait_for_broker(port: int) -> None:
    client = redis.Redis("127.0.0.1", port)
    for _ in range(200):
        try:
            client.ping()
            return
        except redis.RedisError:
            time.sleep(0.05)
    raise AssertionError("The broker did not start.")


@asynccontextmanager
async def built(folder: Path) -> AsyncIterator[House]:
    """Everything up, with a member in each role of one town logged in."""
    port = free_ports()
    broker = broker_at(port, folder / "broker")
    broker.start()
    parts: list[Part] = [broker]
    with EmbeddedPostgres(folder / "database", durable=True) as server:
        try:
            wait_for_broker(port)
            await bootstrap(server.dsn())
            await migrate(server.dsn("ks_owner", "kraftsamling"))
            app_url = server.dsn("ks_app", "kraftsamling")
            settings = Settings(
                env="test",
                port=free_ports(),
                base_url=BASE_URL,
                database_url=app_url,
                owner_database_url=server.dsn("ks_owner", "kraftsamling"),
                operator_database_url=server.dsn("ks_operator", "kraftsamling"),
                broker_url=f"redis://127.0.0.1:{port}/0",
                live_url=f"redis://127.0.0.1:{port}/0",
                smtp_url="",
                secret_key="for chaos alone, and long enough to be one",
                data_dir=folder,
                pool_size=10,
                worker_threads=2,
            )
            house = House(server, broker, settings, await _town(settings), (0, 0))
            house.ports = (free_ports(), free_ports())
            for number, web_port in enumerate(house.ports):
                variables = environment(replace(settings, port=web_port))
                for kind, shelf in (("web", house.webs), ("worker", house.workers)):
                    command = [sys.executable, "-m", "service.cli", kind]
                    shelf.append(Part(command, variables, folder / f"{kind}-{number}.log"))
            parts += [*house.webs, *house.workers]
            for part in parts[1:]:
                part.start()
            yield house
        finally:
            for part in reversed(parts):
                part.stop()


async def _town(settings: Settings) -> Town:
    """A town whose members' log-ins hold in every process, since sessions are rows."""
    app = create_app(settings)
    people: list[LocalPerson] = []
    async with app.lifespan():
        provider = create_provider(settings, people=lambda: people)
        set_transport(httpx2.ASGITransport(provider))
        try:
            provider_id = await register_local_provider(settings)
            near = Neighbourhood(
                app, BASE_URL, local_issuer(settings), provider, provider_id, people
            )
            town = await found_town(near, "Tallbacka", areas=6)
            client = await town.client("reporter")
            await client.get("/")
            return town
        finally:
            await close_calls()
            set_transport(None)
