"""No file of the reference pack is forgotten; what two of them hold twice is the same."""

import csv
from fnmatch import fnmatch

import pytest
from numpy.testing import assert_allclose

from service.statistics import empirical_bayes
from tests.reference import reference as find
from tests.statistics.pack import COMPARED, NOT_COMPARED
from tests.statistics.test_areas import RATES, columns

FREE = ("farrington", "ears", "nb_bayes", "cusum", "series")


def rows(name):
    with find(f"stats/{name}").open(newline="") as lines:
        return list(csv.DictReader(lines))


def test_every_file_is_compared_or_says_why_not():
    patterns = [*(pattern for one in COMPARED for pattern in one.files), *NOT_COMPARED]
    forgotten = [
        row["file"]
        for row in rows("MANIFEST.csv")
        if not any(fnmatch(row["file"], pattern) for pattern in patterns)
    ]
    assert not forgotten, "name these in tests/statistics/pack.py"
    names = [row["file"] for row in rows("MANIFEST.csv")]
    for pattern in patterns:
        assert any(fnmatch(name, pattern) for name in names), f"{pattern} is no file of the pack"


@pytest.mark.parametrize("name", FREE)
def test_the_free_tables_are_part_of_the_others(name):
    whole = {tuple(row.items()) for row in rows(f"temporal/{name}.csv")}
    free = [tuple(row.items()) for row in rows(f"temporal/cc0_{name}.csv")]
    assert free and all(row in whole for row in free)


def test_parameters_of_marshall():
    compared = 0
    for row in rows("ranking/eb_parameters.csv"):
        if row["dataset"] not in RATES:
            continue
        cases, people = columns(f"ranking/eb_{row['dataset']}.csv", "cases", "population")
        ours = empirical_bayes.marshall(cases, people)
        for column, value in (("EBest_m", ours.level), ("EBest_a", ours.variance)):
            assert_allclose(value.ravel()[0], float(row[column]), rtol=1e-9, atol=1e-18)
        compared += 1
    assert compared
