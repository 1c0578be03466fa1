"""PgBouncer in transaction mode before a database of the tests."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

PROGRAM = shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")


def _server(url: str) -> str:
    """Where the server of `url` is, as PgBouncer writes it."""
    parts = urlsplit(url)
    host = parse_qs(parts.query).get("host", [parts.hostname])[0]
    return f"host={host} port={parts.port or 5432}"


def _unprivileged(url: str) -> str:
    """Whom PgBouncer becomes, since it refuses to be root: the owner of the server's socket."""
    socket_folder = parse_qs(urlsplit(url).query).get("host", [""])[0]
    owner = pwd.getpwuid(Path(socket_folder).stat().st_uid) if socket_folder else None
    return owner.pw_name if owner and owner.pw_uid else "nobody"


@contextmanager
def pooled(url: str, *, connections: int = 3) -> Iterator[str]:
    """The URL of `url`'s database through a PgBouncer that shares few server connections."""
    assert PROGRAM, "No PgBouncer: run `make test`, which installs it."
    with socket.socket() as chosen:
        chosen.bind(("127.0.0.1", 0))
        port = chosen.getsockname()[1]
    parts = urlsplit(url)
    user, database = parts.username or "ks_app", parts.path.lstrip("/")
    folder = Path(tempfile.mkdtemp(prefix="ks-pgbouncer-"))
    (folder / "users").write_text(f'"{user}" ""\n')
    (folder / "pgbouncer.ini").write_text(
        f"""[databases]
{database} = {_server(url)} dbname={database}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = trust
auth_file = {folder}/users
pool_mode = transaction
default_pool_size = {connections}
max_client_conn = 200
logfile = {folder}/log
"""
    )
    who = ["-u", _unprivileged(url)] if os.geteuid() == 0 else []
    if who:
        for path in (folder, *folder.iterdir()):
            shutil.chown(path, who[1])
    process = subprocess.Popen(
        [PROGRAM, "-q", *who, str(folder / "pgbouncer.ini")],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(port, folder / "log")
        yield f"postgresql://{user}@127.0.0.1:{port}/{database}"
    finally:
        process.terminate()
        process.wait(10)
        shutil.rmtree(folder, ignore_errors=True)


def _wait_for(port: int, log: Path) -> None:
    until = time.monotonic() + 10
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise AssertionError(log.read_text() if log.exists() else "PgBouncer wrote nothing.")
