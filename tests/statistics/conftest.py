"""Reference results that our own statistics are tested against; they lie outside the repository."""

import csv
import os
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def reference():
    """`reference("ranking/x.csv")` gives a dictionary of columns as arrays of floats.

    The folder is `stats` under KS_REFERENCE (default ../shared). Without it the test is skipped,
    and said so, except where the reference is required (CI, KS_REQUIRE_REFERENCE): there it fails.
    """
    folder = Path(os.environ.get("KS_REFERENCE", "../shared"))
    folder = (folder if folder.is_absolute() else ROOT / folder) / "stats"

    def read(name: str) -> dict[str, np.ndarray]:
        if not (folder / name).is_file():
            reason = f"no reference results at {folder / name}; set KS_REFERENCE to their folder"
            if os.environ.get("CI") == "1" or os.environ.get("KS_REQUIRE_REFERENCE"):
                pytest.fail(reason)
            pytest.skip(reason)
        with (folder / name).open(newline="") as lines:
            rows = list(csv.DictReader(lines))
        return {key: np.array([float(row[key]) for row in rows]) for key in rows[0]}

    return read
