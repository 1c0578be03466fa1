"""The reference pack's weekly series and the tables of what others made of them."""

import csv
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from functools import cache

import numpy as np

from tests.reference import reference

NUMBERS = ("t", "observed", "upperbound", "alarm", "expected", "pvalue", "phi", "mu0", "statistic")


@dataclass(frozen=True)
class Series:
    counts: np.ndarray
    exposure: np.ndarray
    dates: list[date] | None
    frequency: int


def _rows(name):
    with reference(f"stats/{name}").open(newline="") as lines:
        return list(csv.DictReader(lines))


@cache
def _all_series():
    found = defaultdict(list)
    for row in _rows("temporal/series.csv"):
        found[row["series"]].append(row)
    frequency = {row["series"]: int(row["freq"]) for row in _rows("temporal/series_meta.csv")}
    return {
        name: Series(
            counts=np.array([float(row["observed"]) for row in rows]),
            exposure=np.array([float(row["exposure"]) for row in rows]),
            dates=[date.fromisoformat(r["date"]) for r in rows] if rows[0]["date"] else None,
            frequency=frequency[name],
        )
        for name, rows in found.items()
    }


def series_of(name):
    return _all_series()[name]


def all_names():
    return list(_all_series())


@cache
def _tables(name):
    found = defaultdict(lambda: defaultdict(list))
    for row in _rows(f"temporal/{name}"):
        found[row["config"]][row["series"]].append(row)
    return found


def table(name, config):
    """`{series: {column: array}}` of one configuration; what is not there is NaN."""
    return {
        series: {
            column: np.array([np.nan if r[column] == "NA" else float(r[column]) for r in rows])
            for column in NUMBERS
            if column in rows[0]
        }
        for series, rows in _tables(name)[config].items()
    }


@cache
def years_back():
    """`{(series, config): b}` as the reference was computed."""
    return {
        (row["series"], row["config"]): int(row["b"])
        for row in _rows("performance/timing_r.csv")
        if row["b"] != "NA"
    }


@cache
def configs():
    return {row["config"]: row for row in _rows("temporal/farrington_configs.csv")}
