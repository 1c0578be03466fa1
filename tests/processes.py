"""Real processes of the service, each stopped by the id it was started with."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
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
        "KS_BROKER_URL": settings.broker_url,
        "KS_LIVE_URL": settings.live_url,
        "KS_SMTP_URL": settings.smtp_url,
        "KS_SECRET_KEY": settings.secret_key,
        "KS_DATA_DIR": str(settings.data_dir),
        "KS_WORKER_THREADS": str(settings.worker_threads),
    }


@contextmanager
def running(
    command: str, settings: Settings, log: Path, **variables: str
) -> Iterator[subprocess.Popen[bytes]]:
    """`kraftsamling COMMAND` connected as `settings` are, ended with the block."""
    with log.open("ab") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "service.cli", command],
            cwd=ROOT,
            env=environment(settings) | variables,
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


def running_worker(
    settings: Settings, log: Path
) -> AbstractContextManager[subprocess.Popen[bytes]]:
    """A worker, ended with the block; a test may kill it before."""
    return running("worker", settings, log)
