"""Reference data and results, which lie beside the project and are not part of it."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ABSENT = "reference data is not here"
"""How every skip for want of it begins; the run's last line counts them."""
NO_SERVER = "no PostgreSQL 15.18 or newer of 15"
"""How the skip begins where the oldest engine could not be tried."""
NO_PEER = "no glewlwyd"
"""How the skip begins where the second provider could not be tried."""
REQUIRED = bool(os.environ.get("CI") or os.environ.get("KS_REQUIRE_REFERENCE"))
"""Whether what lies outside the project must be here: then its want fails instead of skipping."""


def reference(name: str) -> Path:
    """The file `name` below KS_REFERENCE (default ../shared).

    Without it the test is skipped and counted, except on CI (CI or KS_REQUIRE_REFERENCE is set),
    where it fails.
    """
    folder = ROOT / os.environ.get("KS_REFERENCE", "../shared")
    path = folder / name
    if path.is_file():
        return path
    reason = f"{ABSENT}: no {name} in {folder}; set KS_REFERENCE to the folder that holds it"
    if REQUIRED:
        pytest.fail(reason)
    pytest.skip(reason)
