"""Where the real police files are, and what happens when they are not there."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ARCHIVE = "police-events.csv.gz"
ANSWER = "police-api-500.json"


def reference(name: str) -> Path:
    """The reference file `name`; without it the test fails on CI and is skipped elsewhere."""
    shared = Path(os.environ.get("KS_REFERENCE", ROOT.parent / "shared"))
    for path in (shared / "data" / name, shared / name):
        if path.is_file():
            return path
    reason = f"{name} is not below {shared}: set KS_REFERENCE to the folder of reference data."
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)
