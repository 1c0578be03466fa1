"""The core of the tests on the oldest PostgreSQL that is allowed, where this machine runs one."""

import os
import subprocess
import sys

import psycopg
import pytest

from tests.engines.test_combinations import TABLE
from tests.reference import NO_SERVER, ROOT

SERVER = "postgresql://postgres@127.0.0.1:5432/postgres"
CORE = [
    "tests/walls",
    "tests/jobs",
    "tests/cycle/mapping/test_hand_in.py",
    "tests/cycle/picture",
    "tests/engines/test_combinations.py",
]


@pytest.mark.timeout(900)
def test_the_core_holds_on_postgresql_15() -> None:
    if os.environ.get("KS_TEST_SERVER"):
        pytest.skip("this run is itself on another server")
    try:
        with psycopg.connect(SERVER, connect_timeout=5) as connection:
            number = connection.info.server_version
    except psycopg.OperationalError:
        pytest.skip(f"{NO_SERVER} that trusts local roles listens on 127.0.0.1:5432")
    if not 150018 <= number < 160000:
        pytest.skip(f"{NO_SERVER}: the one on port 5432 is {number}")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *CORE],
        cwd=ROOT,
        env=os.environ | {"KS_TEST_SERVER": SERVER},
        capture_output=True,
        text=True,
        timeout=850,
    )
    # What ran on which engines is read at the end of this run too.
    rows = [line.split() for line in done.stdout.splitlines() if line.startswith("15.")]
    TABLE.extend((*row[:4], " ".join(row[4:])) for row in rows)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
