"""Cell keys against the reference pack (disclosure/ckm_*), exactly."""

import csv
from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.statistics.cell_key import (
    KEYS,
    MOST,
    noise_table,
    perturb,
    probabilities,
    record_key,
)
from tests.reference import reference as find


def rows(name):
    with find(f"stats/disclosure/{name}").open(newline="") as lines:
        return list(csv.DictReader(lines))


def test_the_noise_of_every_count_and_key_is_the_reference():
    table = rows("ckm_ptable_first20.csv")
    assert len(table) == 20 * KEYS
    for row in table:
        count, key = int(row["pcv"]), int(row["ckey"])
        assert noise_table()[min(count, MOST), key] == int(row["pvalue"])


def test_the_probabilities_are_those_of_greatest_entropy():
    for row in rows("ckm_ptable_probabilities.csv"):
        ours = probabilities(min(int(row["count"]), MOST))[int(row["noise"])]
        assert ours == pytest.approx(float(row["probability"]), abs=1e-8)


def test_the_whole_table_from_the_records_is_the_reference():
    keys = defaultdict(list)
    for row in rows("ckm_microdata.csv"):
        keys[row["area"], row["category"]].append(int(row["record_key"]))
    for row in rows("ckm_expected.csv"):
        cell = keys[row["area"], row["category"]]
        assert len(cell) == int(row["pre_sdc_count"]) and sum(cell) % KEYS == int(row["ckey"])
        told = perturb(np.array([len(cell)]), np.array([sum(cell)]))
        assert told[0] == int(row["count"])


@given(st.integers(0, 10_000), st.integers(0, KEYS - 1))
def test_noise_is_small_fixed_and_leaves_none_as_none(count, key):
    one = perturb(np.array([count]), np.array([key]))[0]
    assert one >= 0 and abs(one - count) <= MOST
    assert one == perturb(np.array([count]), np.array([key]))[0]
    assert count or one == 0


@pytest.mark.parametrize("count", [1, 2, 30])
def test_noise_has_no_bias_worth_mentioning_and_variance_one(count):
    noise = noise_table()[min(count, MOST)].astype(float)
    assert abs(noise.mean()) < 0.01 and noise.var() == pytest.approx(1.0, abs=0.03)


def test_record_keys_are_even_and_belong_to_the_secret():
    keys = [record_key(b"a secret", number.to_bytes(4)) for number in range(25_600)]
    counted = np.bincount(keys, minlength=KEYS)
    # Chi-square with 255 degrees of freedom: 1 in 10 000 is over 342.
    assert ((counted - 100) ** 2 / 100).sum() < 342
    assert keys[:9] == [record_key(b"a secret", number.to_bytes(4)) for number in range(9)]
    assert keys[:99] != [record_key(b"another", number.to_bytes(4)) for number in range(99)]
