"""The embedded PostgreSQL 18: one server on DATA_DIR/postgres, reached over a private socket.

The package's own server class is not used: it believes a stale pid file, opens folders to all
users when it runs as root, and gives up on crash recovery after ten seconds.
"""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self, TextIO
from urllib.parse import quote

from service.die_with import ends_with_parent
from service.local.account import Account, account_for
from service.local.binaries import programs
from service.local.data_folder import lock, open_data_folder
from service.local.leftovers import clear_leftovers, wait_until_gone
from service.local.refusal import Refused
from service.local.socket_folder import socket_folder

RECOVERY = 60.0
"""Seconds that a start may take, so that a crashed server can replay its log."""
FAST_SHUTDOWN = 20.0
"""Seconds for a shutdown that ends sessions and writes a checkpoint."""
MAJOR = "18"
PLACE = "postgres"
HALF = "postgres.half"

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "effective_cache_size": "512MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "1GB",
    "random_page_cost": "1.1",
    "fsync": "on",
    "synchronous_commit": "on",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] %u@%d ",
    "log_min_messages": "warning",
    "logging_collector": "off",
    "jit": "off",
}
# A test's rows need not survive a power cut, only the test.
FLEETING = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class EmbeddedPostgres:
    """`with EmbeddedPostgres(folder) as server: server.dsn()`; stopped and gone at the end.

    `durable=False` trades safety against power cuts for speed, for tests. `settings` adds to or
    replaces the server's settings. A second server on the same folder raises Refused.
    """

    def __init__(
        self, data_folder: Path, *, durable: bool = True, settings: Mapping[str, str] | None = None
    ) -> None:
        self.folder = data_folder
        self.settings = {**SETTINGS, **({} if durable else FLEETING), **(settings or {})}
        self.durable = durable
        self.place = PLACE
        self.process: subprocess.Popen[bytes] | None = None
        self._lock: TextIO | None = None

    @property
    def data(self) -> Path:
        """Where the running server's data lie: DATA_DIR/postgres, but beside it while filled."""
        return self.folder / self.place

    @property
    def log(self) -> Path:
        return self.folder / "log" / "postgres.log"

    def dsn(self, user: str = "postgres", database: str = "postgres") -> str:
        """A connection string over the private socket, where every user is let in by trust."""
        return f"postgresql://{quote(user)}@/{quote(database)}?host={quote(str(self.socket))}"

    def claim(self) -> None:
        """Makes the folder if need be and takes it for this process. Raises Refused."""
        self.folder = open_data_folder(self.folder).resolve()
        self._lock = lock(
            self.folder / "postgres.lock",
            f"Kraftsamling är redan igång på {self.folder}: stäng det först, "
            f"eller välj en annan mapp med DATA_DIR.",
        )

    def start(self, fill: Callable[[], None] | None = None) -> Self:
        """Starts the server and returns when it answers; makes the data folder the first time.

        `fill` is called once in a folder's life, with a server that nobody else uses yet. That
        server does not wait for the disk: what is cut short is thrown away and begun anew, and
        what is whole is written through before it takes its place.
        Blocks up to RECOVERY seconds after a crash. Raises Refused with one line otherwise.
        """
        if self._lock is None:
            self.claim()
        try:
            account = account_for(self.data)
            self.programs = programs(account)
            if not self._has_data():
                self._make_data(account, fill)
            self._serve(account, self.settings)
        except BaseException:
            self.stop()
            raise
        return self

    def _serve(self, account: Account, settings: Mapping[str, str]) -> None:
        clear_leftovers(self.data)
        self.socket = socket_folder(self.folder, account)
        self.log.parent.mkdir(mode=0o700, exist_ok=True)
        arguments = {**settings, "unix_socket_directories": _listed(self.socket)}
        with _opened(self.log) as log, _named_for(account, self.data) as (name, descriptors):
            command = [str(self.programs / "postgres"), "-D", name]
            for setting, value in arguments.items():
                command += ["-c", f"{setting}={value}"]
            began = log.tell()
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"},
                umask=0o077,
                # A group of its own: Ctrl-C in the terminal is for us, who stop things in order.
                process_group=0,
                preexec_fn=ends_with_parent(signal.SIGINT),
                pass_fds=descriptors,
                **account.run_as(),
            )
        self._wait_until_it_answers(began)

    def stop(self) -> None:
        """Stops the server that `start` started, and no other process. Bounded, safe to repeat."""
        self._stop_server()
        self.place = PLACE
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def _stop_server(self) -> None:
        if self.process is not None:
            for how, seconds in (
                (signal.SIGINT, FAST_SHUTDOWN),
                (signal.SIGQUIT, 5.0),
                (signal.SIGKILL, 5.0),
            ):
                self.process.send_signal(how)  # does nothing once the process was waited for
                try:
                    self.process.wait(seconds)
                    break
                except subprocess.TimeoutExpired:
                    continue
            wait_until_gone(self.data, 5.0)
            self.process = None

    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def __enter__(self) -> Self:
        return self if self.running() else self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _has_data(self) -> bool:
        version = self.data / "PG_VERSION"
        if version.exists():
            if (found := version.read_text().strip()) != MAJOR:
                raise Refused(
                    f"Databasen i {self.data} är gjord med PostgreSQL {found}, inte {MAJOR}: "
                    f"flytta den med pg_dump eller välj en annan mapp med DATA_DIR."
                )
            return True
        if self.data.exists() and any(self.data.iterdir()):
            raise Refused(
                f"{self.data} finns men är ingen databas: flytta undan mappen "
                f"eller välj en annan med DATA_DIR."
            )
        return False

    def _make_data(self, account: Account, fill: Callable[[], None] | None) -> None:
        """Builds the cluster beside its place and moves it there whole.

        So one that was cut short is begun anew instead of being taken for a database.
        """
        self.place = HALF
        half = self.data
        if half.exists():
            clear_leftovers(half)
            shutil.rmtree(half)
        half.mkdir(mode=0o700)
        if account.switch:
            os.chown(half, account.uid, account.gid)
        options = ["-U", "postgres", "--auth-local=trust", "--auth-host=reject"]
        # PostgreSQL's built-in collation sorts alike on every machine and needs no locale package.
        options += ["--encoding=UTF8", "--locale=C"]
        options += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        self._initdb(account, [*options, "--no-sync"])
        if fill is not None:
            self._serve(account, {**self.settings, **FLEETING})
            fill()
            self._stop_server()
        if self.durable:
            self._initdb(account, ["--sync-only"])
        self.place = PLACE
        if self.data.exists():
            self.data.rmdir()  # an empty one, see _has_data
        half.rename(self.data)

    def _initdb(self, account: Account, options: list[str]) -> None:
        with _named_for(account, self.data) as (name, descriptors):
            made = subprocess.run(
                [str(self.programs / "initdb"), "-D", name, *options],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                errors="replace",
                cwd="/",
                env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"},
                pass_fds=descriptors,
                **account.run_as(),
            )
        if made.returncode != 0:
            last = (made.stderr.strip().splitlines() or ["okänt fel"])[-1]
            raise Refused(f"Databasen gick inte att skapa i {self.data}: {last}")

    def _wait_until_it_answers(self, log_from: int) -> None:
        assert self.process is not None
        until = time.monotonic() + RECOVERY
        while time.monotonic() < until:
            if self.process.poll() is not None:
                raise Refused(f"Databasen startade inte: {self._last_line(log_from)}")
            if self._answers():
                return
            time.sleep(0.05)
        raise Refused(f"Databasen svarade inte inom {RECOVERY:.0f} s; loggen finns i {self.log}.")

    def _answers(self) -> bool:
        """Whether the server that holds our socket is the one we started, and lets us in."""
        assert self.process is not None
        try:
            holder = (self.socket / ".s.PGSQL.5432.lock").read_text().split()
        except OSError:
            return False
        if holder[:1] != [str(self.process.pid)]:
            return False
        ask = [str(self.programs / "psql"), "-XAtq", "-h", str(self.socket), "-U", "postgres"]
        answer = subprocess.run(
            [*ask, "-d", "postgres", "-c", "SELECT 1"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            env={"PATH": "/usr/bin:/bin", "PGCONNECT_TIMEOUT": "5"},
        )
        return answer.stdout.strip() == "1"

    def _last_line(self, log_from: int) -> str:
        with self.log.open("rb") as log:
            log.seek(log_from)
            lines = log.read().decode(errors="replace").strip().splitlines()
        telling = [line for line in lines if "FATAL" in line or "PANIC" in line]
        return f"{(telling or lines or ['okänt fel'])[-1]} (loggen: {self.log})"


@contextmanager
def _named_for(account: Account, folder: Path) -> Iterator[tuple[str, tuple[int, ...]]]:
    """The folder's name for a process of the account, and the descriptors to hand to it.

    Where a folder above is closed to the account (a temporary folder of root's, say), we open the
    folder ourselves and name it by the descriptor, so that nobody's rights need to change.
    """
    if account.can_reach(folder):
        yield str(folder), ()
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield f"/proc/self/fd/{descriptor}", (descriptor,)
    finally:
        os.close(descriptor)


def _opened(path: Path, largest: int = 10_000_000) -> TextIO:
    """The log for appending; one older generation is kept."""
    if path.exists() and path.stat().st_size > largest:
        path.rename(path.with_suffix(".log.1"))
    log = path.open("a")
    path.chmod(0o600)
    log.seek(0, os.SEEK_END)
    return log


def _listed(folder: Path) -> str:
    """The folder as an element of PostgreSQL's comma separated list."""
    return '"' + str(folder).replace('"', '""') + '"'
