"""`kraftsamling run`: up, down, in the way, killed."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

ROOT = Path(__file__).parents[2]
UP = 140.0
"""Seconds; a test machine may be busy with much else."""


class Run:
    """One `kraftsamling run` with what it says."""

    def __init__(self, port: int, folder: Path, **variables: str) -> None:
        self.port = port
        self.folder = folder
        self.said_path = folder.with_name(f"said-{time.monotonic_ns()}")
        inherited = {key: value for key, value in os.environ.items() if not key.startswith("KS_")}
        with self.said_path.open("wb") as said:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "service.cli", "run"],
                cwd=ROOT,
                stdout=said,
                stderr=subprocess.STDOUT,
                env={
                    **inherited,
                    "PORT": str(port),
                    "DATA_DIR": str(folder),
                    "KS_SEED": "no",
                    **variables,
                },
                start_new_session=True,
            )

    @property
    def said(self) -> str:
        return self.said_path.read_text()

    def wait_until(self, happened: Callable[[], bool], seconds: float = UP) -> None:
        until = time.monotonic() + seconds
        while not happened():
            assert self.process.poll() is None, self.said
            assert time.monotonic() < until, self.said
            time.sleep(0.2)

    def wait_until_up(self) -> None:
        self.wait_until(lambda: "Ctrl-C stänger allt." in self.said)

    def family(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def named(self, name: str) -> psutil.Process:
        return next(one for one in self.family() if name in one.cmdline())

    def stop(self, how: signal.Signals = signal.SIGINT) -> int:
        self.process.send_signal(how)
        return self.process.wait(40)


def free_port() -> int:
    """The first of three free ports side by side."""
    for port in range(8700, 9900, 3):
        try:
            for one in range(port, port + 3):
                with socket.socket() as probe:
                    probe.bind(("127.0.0.1", one))
            return port
        except OSError:
            continue
    raise AssertionError("no free ports")


def answer(port: int, path: str) -> str:
    with urllib.request.urlopen(f"http://localhost:{port}{path}", timeout=10) as page:
        return str(page.read().decode())


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Run]]:
    started: list[Run] = []

    def start(port: int | None = None, folder: Path | None = None, **variables: str) -> Run:
        started.append(Run(port or free_port(), folder or tmp_path / "d", **variables))
        return started[-1]

    yield start
    for run in started:
        family = run.family() if run.process.poll() is None else []
        for process in [run.process, *family]:
            try:
                process.kill()
            except psutil.NoSuchProcess:
                continue
        run.process.wait()


def test_it_starts_stops_cleanly_and_keeps_what_was_stored(start) -> None:
    first = start()
    first.wait_until_up()
    assert f"http://localhost:{first.port}" in first.said
    assert "Kraftsamling" in answer(first.port, "/")
    assert "Inga brev" in answer(first.port + 1, "/brev")
    family = first.family()
    assert {"web", "worker", "scheduler", "local"} <= {one.cmdline()[-1] for one in family}
    secrets = (first.folder / "secret-key", first.folder / "provider-client-secret")
    before = [path.read_text() for path in secrets]
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in secrets)
    database = first.folder / "postgres" / "PG_VERSION"
    born = database.stat().st_ino
    assert first.stop() == 0
    assert psutil.wait_procs(family, 5)[1] == []

    second = start(port=first.port)
    second.wait_until_up()
    assert [path.read_text() for path in secrets] == before
    assert database.stat().st_ino == born
    assert "Skapar" not in second.said
    assert second.stop(signal.SIGTERM) == 0


def test_a_process_that_dies_is_started_again_and_said_in_one_line(start) -> None:
    run = start()
    run.wait_until_up()
    worker = run.named("worker")
    worker.kill()
    run.wait_until(lambda: "Arbetaren slutade (signal 9" in run.said)
    run.wait_until(lambda: any("worker" in one.cmdline() for one in run.family()))
    server = next(one for one in run.family() if one.name() == "postgres")
    server.kill()
    run.wait_until(lambda: "Databasen slutade; startas igen." in run.said)
    run.wait_until(lambda: answers_ready(run.port))
    assert run.stop() == 0


def answers_ready(port: int) -> bool:
    try:
        return answer(port, "/health/ready") == "ok"
    except OSError:
        return False


def test_killing_the_one_who_watches_leaves_nothing_behind(start) -> None:
    run = start()
    run.wait_until_up()
    family = run.family()
    run.process.kill()
    assert psutil.wait_procs(family, 30)[1] == []
    again = start(port=run.port)
    again.wait_until_up()
    assert again.stop() == 0


def test_a_first_start_that_is_cut_short_is_begun_anew(start) -> None:
    first = start(KS_SEED="yes")
    first.wait_until(lambda: "Fyller nio" in first.said)
    family = first.family()
    assert first.stop() == 0
    assert psutil.wait_procs(family, 10)[1] == []
    assert not (first.folder / "postgres").exists()
    second = start(port=first.port)
    second.wait_until_up()
    assert second.stop() == 0


def test_two_run_side_by_side(start, tmp_path) -> None:
    one = start(folder=tmp_path / "one")
    one.wait_until_up()
    other = start(folder=tmp_path / "other")
    other.wait_until_up()
    assert answers_ready(one.port) and answers_ready(other.port)
    assert one.stop() == 0
    assert answers_ready(other.port)
    assert other.stop() == 0


def test_a_second_start_on_the_same_data_is_one_line(start) -> None:
    first = start()
    first.wait_until(lambda: (first.folder / "postgres" / "PG_VERSION").exists())
    second = start()
    assert second.process.wait(30) == 2
    assert "redan igång" in second.said
    assert len(second.said.strip().splitlines()) == 1


@pytest.mark.parametrize("offset", [0, 1, 2])
def test_a_taken_port_is_one_line_with_the_remedy(start, offset) -> None:
    port = free_port()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port + offset))
        taken.listen()
        run = start(port=port)
        assert run.process.wait(30) == 2
    assert f"Port {port + offset} är upptagen" in run.said
    assert "PORT=" in run.said
    assert len(run.said.strip().splitlines()) == 1
    assert not (run.folder / "postgres").exists()


@pytest.mark.parametrize("folder", ["/proc/kraftsamling", "/dev/null/kraftsamling"])
def test_a_folder_that_cannot_be_written_is_one_line(start, folder, tmp_path) -> None:
    run = start(folder=tmp_path / "said")
    run.process.kill()
    command = [sys.executable, "-m", "service.cli", "run", "--data-dir", folder]
    refused = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=30)
    assert refused.returncode == 2
    assert "DATA_DIR" in refused.stderr
    assert len(refused.stderr.strip().splitlines()) == 1


def test_tls_serves_with_its_own_certificate(start) -> None:
    run = start(TLS="1")
    run.wait_until_up()
    assert f"https://localhost:{run.port}" in run.said
    key = run.folder / "tls" / "key.pem"
    assert key.stat().st_mode & 0o777 == 0o600
    assert run.stop() == 0
