"""Broker, worker, database and web are stopped and started under load, on a small scale."""

import json
import os
import shutil
import subprocess
import sys

import pytest

from tests.reference import ROOT


@pytest.mark.timeout(600)
@pytest.mark.skipif(
    not (shutil.which("redis-server") or shutil.which("valkey-server")),
    reason="neither redis-server nor valkey-server is installed",
)
def test_no_acknowledged_report_is_lost_or_doubled() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.chaos.run", "--small"],
        cwd=ROOT,
        env=dict(os.environ),
        capture_output=True,
        text=True,
        timeout=580,
    )
    assert done.returncode == 0, done.stdout + done.stderr[-8000:]
    result = json.loads(done.stdout.splitlines()[-1])
    assert result["acknowledged"] > 10
    # What was stopped was noticed: not every answer was a receipt.
    assert set(result["answers"]) - {"200"}
