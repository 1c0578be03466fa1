"""A PostgreSQL server of a test's own whose changes pgBackRest keeps."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROGRAMS = Path("/usr/lib/postgresql/15/bin")
STANZA = "kraftsamling"


def why_not() -> str | None:
    """Why no such server can be made here, or None."""
    if not (PROGRAMS / "initdb").exists():
        return "no PostgreSQL 15.18 or newer of 15 has its programs in /usr/lib/postgresql/15"
    if not shutil.which("pgbackrest"):
        return "no pgBackRest is installed"
    return None


@dataclass(frozen=True)
class BackedUp:
    """The server's folder, which is also where its socket is, and its user."""

    folder: Path
    user: str

    @property
    def configuration(self) -> Path:
        return self.folder / "pgbackrest.conf"

    def dsn(
        self, user: str = "postgres", database: str = "postgres", folder: Path | None = None
    ) -> str:
        return f"postgresql://{user}@/{database}?host={folder or self.folder}"

    def run(self, *command: str) -> str:
        who: dict[str, Any] = {}
        if os.geteuid() == 0:
            who = {"user": self.user, "group": self.user, "extra_groups": []}
        done = subprocess.run(
            command, cwd="/", capture_output=True, text=True, timeout=300, check=False, **who
        )
        assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
        return done.stdout

    def pgbackrest(self, *arguments: str) -> str:
        return self.run(
            "pgbackrest", f"--config={self.configuration}", f"--stanza={STANZA}", *arguments
        )


@contextmanager
def backed_up_server() -> Iterator[BackedUp]:
    """A running server that archives every change, with its stanza made."""
    user = "postgres" if os.geteuid() == 0 else os.environ["USER"]
    folder = Path(tempfile.mkdtemp(prefix="ks-back-"))
    server = BackedUp(folder, user)
    if os.geteuid() == 0:
        shutil.chown(folder, user)
    data = folder / "data"
    server.run(str(PROGRAMS / "initdb"), "-D", str(data), "-A", "trust", "-U", "postgres", "-N")
    server.configuration.write_text(
        f"""[global]
repo1-path={folder}/repository
repo1-retention-full=1
repo1-cipher-type=aes-256-cbc
repo1-cipher-pass=a word for this test alone
log-path={folder}/log
lock-path={folder}/lock
spool-path={folder}/spool
start-fast=y
[{STANZA}]
pg1-path={data}
pg1-socket-path={folder}
pg1-user=postgres
"""
    )
    for name in ("repository", "log", "lock", "spool"):
        (folder / name).mkdir()
    if os.geteuid() == 0:
        for path in folder.iterdir():
            shutil.chown(path, user)
    push = f"pgbackrest --config={server.configuration} --stanza={STANZA} archive-push %p"
    with (data / "postgresql.conf").open("a") as configuration:
        configuration.write(
            f"""listen_addresses = ''
unix_socket_directories = '{folder}'
archive_mode = on
archive_command = '{push}'
shared_buffers = 64MB
"""
        )
    control = (str(PROGRAMS / "pg_ctl"), "-D", str(data), "-w", "-l", str(folder / "server.log"))
    server.run(*control, "start")
    try:
        server.pgbackrest("stanza-create")
        yield server
    finally:
        server.run(*control, "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)
