"""A real worker, in a process of its own, stopped by the id it was started with."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from service.settings import Settings

ROOT = Path(__file__).parents[1]


def environment(settings: Settings) -> dict[str, str]:
    """The variables with which another process is connected as `settings` are."""
    return os.environ | {
        "KS_ENV": settings.env,
        "KS_PORT": str(settings.port),
        "KS_BASE_URL": settings.base_url,
        "KS_DATABASE_URL": settings.database_url,
        "KS_OPERATOR_DATABASE_URL": settings.operator_database_url,
        "KS_OWNER_DATABASE_URL": settings.owner_database_url,
        "KS_SECRET_KEY": settings.secret_key,
        "KS_DATA_DIR": str(settings.data_dir),
        "KS_WORKER_THREADS": str(settings.worker_threads),
    }


@contextmanager
def running_worker(settings: Settings, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A worker, ended with the block; a test may kill it before."""
    with log.open("ab") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "service.cli", "worker"],
            cwd=ROOT,
            env=environment(settings),
            stdout=out,
            stderr=out,
        )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(5)
