"""Farrington flexible, per series and week, beside R's `surveillance` on this very machine."""

import statistics
import subprocess
import tempfile
import time
from pathlib import Path
from shutil import which

import numpy as np

from service.statistics.farrington import Settings, farrington
from tests.bench.figure import Figure

SERIES, WEEKS, LOOKED_AT = 20, 364, 50
YEARS = 5
# What R took on a quiet machine when the reference results were made.
ANCHOR = 5.0
REPEATS = 7
MOST = 1 / 20

IN_R = """
suppressMessages(library(surveillance))
counts <- as.matrix(read.csv("counts.csv", header = FALSE))
weeks <- sts(observed = counts, start = c(2019, 1), frequency = 52)
control <- list(range = (nrow(counts) - %d):nrow(counts), b = %d, w = 3, noPeriods = 10,
                pastWeeksNotIncluded = 26, weightsThreshold = 2.58, pThresholdTrend = 0.05,
                thresholdMethod = "nbPlugin", alpha = 0.005)
cat(system.time(farringtonFlexible(weeks, control))[["elapsed"]])
"""


def measure() -> list[Figure]:
    random = np.random.default_rng(1)
    counts = random.poisson(random.uniform(0.5, 20.0, (SERIES, 1)), (SERIES, WEEKS)).astype(float)
    ours = _ours(counts)
    theirs = _in_r(counts)
    note = f"{SERIES} series × {LOOKED_AT} weeks, {YEARS} years back; floor: "
    return [
        Figure(
            "Farrington flexible, a series and week", ours, "ms", theirs or ANCHOR, at_most=MOST,
            note=note + ("R's surveillance in the same run" if theirs else
                         "R's figure on a quiet machine, since r-cran-surveillance is not here"),
        )
    ]  # fmt: skip


def _ours(counts: np.ndarray) -> float:
    weeks = np.arange(WEEKS - LOOKED_AT, WEEKS)
    times = []
    for _ in range(REPEATS):
        began = time.perf_counter()
        for series in counts:
            farrington(series, weeks, Settings(years=YEARS))
        times.append(time.perf_counter() - began)
    return 1000 * statistics.median(times) / (SERIES * LOOKED_AT)


def _in_r(counts: np.ndarray) -> float | None:
    """Milliseconds a series and week, or None where R or its package is not installed."""
    if which("Rscript") is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        np.savetxt(Path(folder) / "counts.csv", counts.T, fmt="%d", delimiter=",")
        answer = subprocess.run(
            ["Rscript", "-e", IN_R % (LOOKED_AT - 1, YEARS)],
            cwd=folder, capture_output=True, text=True,
        )  # fmt: skip
    if answer.returncode != 0:
        return None
    return 1000 * float(answer.stdout) / (SERIES * LOOKED_AT)
