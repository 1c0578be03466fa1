"""The detectors that are compared: each gives marks (A, C) of the cells that alarm in a week."""

from collections.abc import Callable

import numpy as np

from service.statistics import cells, coverage, ears, expectation
from service.statistics.farrington import Settings, farrington
from service.statistics.multiplicity import benjamini_hochberg
from tests.simulate.towns import HISTORY, Town

Marks = np.ndarray


def fifty_percent_more(town: Town, week: int) -> Marks:
    now, before = town.cells[:, :, week], town.cells[:, :, week - 1]
    return (now >= 1.5 * before) & (now >= 2)


def mean_and_two_sigmas(town: Town, week: int) -> Marks:
    now, before = town.cells[:, :, week], town.cells[:, :, week - 8 : week]
    return (now > before.mean(axis=2) + 2 * before.std(axis=2, ddof=1)) & (now >= 2)


def ears_c2(town: Town, week: int) -> Marks:
    # Cells laid end to end: a week only looks ten weeks back, and so never into another cell.
    recent = town.cells[:, :, week - 12 : week + 1]
    upper = ears.ears(recent.ravel(), "C2").upper.reshape(recent.shape)
    return recent[:, :, -1] > upper[:, :, -1]


def farrington_by_cell(town: Town, week: int) -> Marks:
    """alpha 0.005, at least five reports in four weeks, effort as offset."""
    counts = town.cells[:, :, : week + 1]
    settings = Settings(years=2, periods=4, offset=True)
    marks = counts[:, :, -settings.in_weeks :].sum(axis=2) >= settings.cases
    chosen = np.nonzero(marks)
    exposure = np.maximum(effort_of(town)[:, : week + 1], 1e-3)[chosen[0]]
    # Again end to end: the references lie two years back, the series is three years long.
    ends = (np.arange(len(exposure)) + 1) * (week + 1) - 1
    marks[chosen] = farrington(counts[chosen].ravel(), ends, settings, exposure.ravel()).alarm
    return marks


class CellDetector:
    """Ours. All its readings of a week come from one pass."""

    def __init__(self, town: Town, week: int) -> None:
        counts, effort = town.cells[:, :, : week + 1], effort_of(town)[:, : week + 1]
        weeks = np.arange(week + 1.0)
        taught = cells.baseline(week + 1, week + 1)
        base = expectation.learn(counts[:, :, taught], effort[:, taught], weeks[taught])
        self.found = cells.detect(counts, effort, weeks, base)
        self.p = self.found.look.p

    def signals(self) -> Marks:
        return self._marks(self.found.signals)

    def watched(self) -> Marks:
        return self._marks(self.found.signals + self.found.watched)

    def twenty_percent(self) -> Marks:
        return benjamini_hochberg(self.p.ravel()).reshape(self.p.shape) <= 0.20

    def ten_percent(self) -> Marks:
        return benjamini_hochberg(self.p.ravel()).reshape(self.p.shape) <= 0.10

    def _marks(self, chosen: list[tuple[int, int]]) -> Marks:
        marks = np.zeros(self.p.shape, dtype=bool)
        for at in chosen:
            marks[at] = True
        return marks


SIMPLE: dict[str, Callable[[Town, int], Marks]] = {
    "+50 % on last week": fifty_percent_more,
    "mean + 2 sd of 8 weeks": mean_and_two_sigmas,
    "EARS C2": ears_c2,
    "Farrington flexible": farrington_by_cell,
}
OURS: dict[str, Callable[[CellDetector], Marks]] = {
    "cells, BH 10 %": CellDetector.ten_percent,
    "cells, BH 20 %": CellDetector.twenty_percent,
    "cells, budget 1 (signal)": CellDetector.signals,
    "cells, signal or watched": CellDetector.watched,
}
NAMES = (*SIMPLE, *OURS)


def all_marks(town: Town, week: int, simple: bool = True) -> dict[str, Marks]:
    found = {name: act(town, week) for name, act in SIMPLE.items()} if simple else {}
    detector = CellDetector(town, week)
    return found | {name: act(detector) for name, act in OURS.items()}


def effort_of(town: Town) -> np.ndarray:
    reports = town.counts[:, :, :, HISTORY - 52 : HISTORY].sum(axis=(2, 3))
    return coverage.effort(coverage.actor_shares(reports), town.heard)
