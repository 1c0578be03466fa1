"""Reference results that our own statistics are tested against; they lie outside the repository."""

import csv

import numpy as np
import pytest

from tests.reference import reference as find


@pytest.fixture(scope="session")
def reference():
    """`reference("ranking/x.csv")` gives a dictionary of columns as arrays of floats."""

    def read(name: str) -> dict[str, np.ndarray]:
        with find(f"stats/{name}").open(newline="") as lines:
            rows = list(csv.DictReader(lines))
        return {key: np.array([float(row[key]) for row in rows]) for key in rows[0]}

    return read
