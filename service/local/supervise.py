"""Everything on one machine: `kraftsamling run` starts it, watches it and stops it in order."""

import asyncio
import hashlib
import http.client
import logging
import os
import signal
import ssl
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from service.die_with import end_with_parent
from service.local.child import Child, GaveUp
from service.local.data_folder import default_data_folder
from service.local.ports import Ports, require_free
from service.local.postgres import EmbeddedPostgres
from service.local.private_file import kept_secret, write_private
from service.local.refusal import Refused
from service.local.running import tell_where
from service.settings import read_settings

READY = 120.0
"""Seconds that the processes may take until the service says that it is ready."""
DATABASE = "kraftsamling"
KRAFTSAMLING = [sys.executable, "-m", "service.cli"]
WITH_PARENT = "KS_END_WITH_PARENT"
"""Set by `make run`, which waits for us: when it is killed, so are we."""
# Without compiled files beside the code every start would compile 2,000 of them anew.
OURS = (WITH_PARENT, "PYTHONDONTWRITEBYTECODE")


class Told(BaseException):
    """Somebody asked us to stop."""


def run(port: int, data_dir: Path | None = None, tls: bool = False) -> int:
    """Runs the installation until it is told to stop; the exit code. Prints in Swedish.

    0 after Ctrl-C or SIGTERM, 2 when something stands in the way, 1 when a process keeps ending.
    """
    # The terminal is for the few lines that a person needs.
    logging.getLogger().setLevel(logging.WARNING)
    if os.environ.get(WITH_PARENT):
        end_with_parent(signal.SIGTERM)
    installation = Installation(Ports(port), data_dir or default_data_folder(), tls)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, installation.told)
    try:
        installation.start()
        installation.watch()
    except Told:
        return 0
    except Refused as refusal:
        with suppress(OSError):
            print(refusal, file=sys.stderr, flush=True)
        return 2
    except GaveUp as gave_up:
        with suppress(OSError):
            print(gave_up, file=sys.stderr, flush=True)
        return 1
    finally:
        installation.stop()
    return 0


class Installation:
    """The database server and the four processes on it."""

    def __init__(self, ports: Ports, data_dir: Path, tls: bool) -> None:
        self.ports = ports
        self.tls = tls
        self.server = EmbeddedPostgres(data_dir)
        self.children: list[Child] = []
        self.news = threading.Event()
        self.stopping = False
        self.asked = 0

    @property
    def base_url(self) -> str:
        return f"http{'s' if self.tls else ''}://localhost:{self.ports.web}"

    @property
    def folder(self) -> Path:
        return self.server.folder

    def told(self, number: int, frame: object) -> None:
        """Signal handler: the first request leaves what is under way, later ones hurry the stop."""
        self.asked += 1
        self.news.set()
        if not self.stopping:
            self.stopping = True
            raise Told

    def start(self) -> None:
        """Everything from an empty folder to a service that is ready. Raises Refused, GaveUp."""
        began = time.monotonic()
        self.server.claim()
        require_free(self.ports)
        if not self.server.data.exists():
            say("Skapar databasen …")
        self.server.start(fill=self.bring_up_to_date)
        self.bring_up_to_date()
        environment = self.environment()
        tell_where(self.folder, environment)
        with step("Startar webb, arbetare, inloggning och brevlåda"):
            *first_up, scheduler = self.processes(environment)
            for child in first_up:
                self.children.append(child)
                child.start()
            self.wait_until_ready()
        # It has nothing to do in the first seconds, in which the others need the processor.
        self.children.insert(1, scheduler)
        scheduler.start()
        # The cast brings numpy with it, for which nobody should wait before all is up.
        from service.local.welcome import welcome

        say(welcome(self.base_url, self.ports, self.folder))
        say(f"Klart på {time.monotonic() - began:.1f} s. Ctrl-C stänger allt.")

    def bring_up_to_date(self) -> None:
        """Tables and example data, where this very database lacks them."""
        environment = self.environment()
        self.once(f"prepared {self.ports.web} {history()}", lambda: self.prepare(environment))
        if os.environ.get("KS_SEED") != "no":
            self.once("seeded", lambda: self.seed(environment))

    def environment(self) -> dict[str, str]:
        """The variables of every process of this installation."""
        dsn = self.server.dsn
        inherited = {name: value for name, value in os.environ.items() if name not in OURS}
        return {
            **inherited,
            "PYTHONUNBUFFERED": "1",
            "KS_ENV": "local",
            "KS_PORT": str(self.ports.web),
            "KS_BASE_URL": self.base_url,
            "KS_DATABASE_URL": dsn("ks_app", DATABASE),
            "KS_OWNER_DATABASE_URL": dsn("ks_owner", DATABASE),
            "KS_OPERATOR_DATABASE_URL": dsn("ks_operator", DATABASE),
            "KS_BROKER_URL": dsn("ks_app", DATABASE),
            "KS_LIVE_URL": dsn("ks_app", DATABASE),
            "KS_SMTP_URL": f"smtp://127.0.0.1:{self.ports.mail}",
            "KS_SECRET_KEY": kept_secret(self.folder / "secret-key"),
            "KS_DATA_DIR": str(self.folder),
        }

    def once(self, what: str, act: Callable[[], None]) -> None:
        """Does the act unless it was done to this very database; a start need not wait for it.

        The mark lies inside the database's own folder, so it shares that folder's fate.
        """
        kind = what.split()[0]
        mark = self.server.data / f"kraftsamling.{kind}"
        if mark.exists() and mark.read_text() == what:
            return
        act()
        write_private(mark, what)

    def prepare(self, environment: Mapping[str, str]) -> None:
        """Roles, tables and the row of the local provider, whose port may have changed."""
        with step("Uppdaterar databasens tabeller"):
            self._prepare(environment)

    def _prepare(self, environment: Mapping[str, str]) -> None:
        from migrations.run import migrate
        from service.local.provider import register_local_provider
        from tenants.bootstrap import bootstrap
        from tenants.scope import close_pool, open_pool

        settings = read_settings(environment)

        async def work() -> None:
            await bootstrap(self.server.dsn(), DATABASE)
            await migrate(settings.owner_database_url)
            await open_pool(
                settings.database_url, size=2, operator_dsn=settings.operator_database_url
            )
            try:
                await register_local_provider(settings)
            finally:
                await close_pool()

        asyncio.run(work())

    def seed(self, environment: Mapping[str, str]) -> None:
        """Fills the nine invented municipalities; each is said as it is done."""
        say("Fyller nio påhittade kommuner med tre års rapporter (en gång):")
        child = Child(
            "Exempeldata",
            [*KRAFTSAMLING, "demo", "seed"],
            environment,
            self.folder / "log" / "seed.log",
            shown=True,
        )
        self.children = [child]
        child.start()
        assert child.process is not None
        code = child.process.wait()
        self.children = []
        if code:
            raise Refused(
                f"Exempeldata gick inte att skapa ({child.last_line()}). Loggen: {child.log}"
            )

    def processes(self, environment: Mapping[str, str]) -> list[Child]:
        """Web first, since it is stopped first; the scheduler last, since it can wait."""
        log = self.folder / "log"
        web = [*KRAFTSAMLING, "web"]
        if self.tls:
            from service.local.certificate import own_certificate

            certificate, key = own_certificate(self.folder / "tls")
            web += ["--certificate", str(certificate), "--key", str(key)]
        return [
            Child("Webben", web, environment, log / "web.log", patience=6.0),
            # It finishes the jobs that it holds; what it does not finish is taken up next time.
            Child(
                "Arbetaren", [*KRAFTSAMLING, "worker"], environment, log / "worker.log", patience=15
            ),
            Child(
                "Inloggning och brevlåda", [*KRAFTSAMLING, "local"], environment, log / "local.log"
            ),
            Child("Schemat", [*KRAFTSAMLING, "scheduler"], environment, log / "scheduler.log"),
        ]

    def wait_until_ready(self) -> None:
        until = time.monotonic() + READY
        said = "inget svar"
        while time.monotonic() < until:
            self.look_after()
            try:
                status, said = self.ask_ready()
            except OSError as error:
                status, said = 0, str(error)
            if status == 200:
                return
            self.pause(0.2)
        raise Refused(
            f"Tjänsten blev inte klar inom {READY:.0f} s ({said}). Loggar: {self.folder / 'log'}"
        )

    def ask_ready(self) -> tuple[int, str]:
        """Status and text of /health/ready, over the network as anybody would ask."""
        connection: http.client.HTTPConnection
        if self.tls:
            trusted = ssl.create_default_context(cafile=self.folder / "tls" / "certificate.pem")
            connection = http.client.HTTPSConnection(
                "localhost", self.ports.web, timeout=5, context=trusted
            )
        else:
            connection = http.client.HTTPConnection("localhost", self.ports.web, timeout=5)
        try:
            connection.request("GET", "/health/ready")
            answer = connection.getresponse()
            return answer.status, answer.read(200).decode(errors="replace")
        except http.client.HTTPException as error:
            return 0, type(error).__name__
        finally:
            connection.close()

    def watch(self) -> None:
        """Looks after everything until told to stop."""
        while True:
            self.look_after()
            self.pause(1.0)

    def look_after(self) -> None:
        if not self.server.running():
            say("Databasen slutade; startas igen.")
            self.server.start()
        for child in self.children:
            if line := child.look_after():
                say(line)

    def pause(self, seconds: float) -> None:
        self.news.wait(seconds)
        self.news.clear()

    def stop(self) -> None:
        """Processes first, then the database; bounded in time, and nothing is left."""
        self.stopping = True
        if self.children:
            say("\nStänger …")
        for child in self.children:
            child.ask_to_stop()
        for child in self.children:
            child.wait_until_stopped(1.0 if self.asked > 1 else None)
        self.children = []
        self.server.stop()


def history() -> str:
    """A hash of all code that shapes an empty database: its roles, tables and provider."""
    root = Path(__file__).parents[2]
    total = hashlib.sha256()
    for path in sorted([*root.glob("migrations/**/*.py"), *root.glob("tenants/**/*.py")]):
        total.update(path.read_bytes())
    return total.hexdigest()


@contextmanager
def step(what: str) -> Iterator[None]:
    """Says what is going on and, when it is over, how long it took."""
    began = time.monotonic()
    say(f"{what} …", end="")
    try:
        yield
    except BaseException:
        say("")
        raise
    say(f" {time.monotonic() - began:.1f} s")


def say(line: str, end: str = "\n") -> None:
    # The terminal may be gone; what is running must be stopped in order all the same.
    with suppress(OSError):
        print(line, end=end, flush=True)
