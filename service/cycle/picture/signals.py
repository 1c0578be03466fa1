"""Signals and watch list of the running week, by the best method that the history allows.

step "budget"  cells against an alarm budget, kept by replaying the municipality's own weeks
step "share"   the same before there is enough to replay: a share of false ones is held
step "pooled"  categories of the whole municipality, from three weeks on
step "none"    nothing is said
"""

from datetime import timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from service.cycle.picture.counts import WEEKS, Counts
from service.cycle.picture.effort import WEEK_NUMBERS, Effort
from service.cycle.picture.holidays import is_holiday_week
from service.cycle.picture.outlook import ACTOR_WEEKS
from service.cycle.picture.rounded import rounded
from service.statistics import cells as detector
from service.statistics import expectation, gamma_poisson, predictive_limits
from service.statistics.cells import Detection
from service.statistics.expectation import Base

Array = NDArray[np.float64]
Marks = NDArray[np.bool_]

HALF_A_WEEK = 0.5
POOLED_FROM = 3  # whole weeks
POOLED_AT_LEAST = 3.0
POOLED_ALPHA = 0.01
TYPICAL_WEEKS = 4


def find(counts: Counts, cells: Array, effort: Effort, base: Base, ranked: Marks) -> dict[str, Any]:
    """`above` (signals), `watched`, `pooled` and `method` of a picture."""
    if not base.enough:
        return _young(counts, cells, effort)
    found = detector.detect(
        cells,
        effort.whole,
        WEEK_NUMBERS,
        base,
        effort.spoken,
        windows=_windows(counts, effort),
        now=effort.by_area,
    )
    who = counts.actors(WEEKS - ACTOR_WEEKS, WEEKS - 1).sum(axis=2)
    events = cells[:, ~ranked].sum(axis=1)
    signals = [cell for cell in found.signals if ranked[cell[1]]]
    watched = [cell for cell in found.watched if ranked[cell[1]]]
    return {
        "above": [_row(counts, found, who, events, cell) for cell in signals],
        "watched": [_row(counts, found, who, events, cell) for cell in watched],
        "pooled": [],
        "method": {
            "step": "budget" if found.replayed else "share",
            "weeks": base.weeks,
            "replayed": found.replayed,
            "budget": detector.BUDGET,
            "false_share": detector.FALSE_SHARE,
            "smallest": _smallest(found, base, effort),
            "smallest_weeks": TYPICAL_WEEKS,
        },
    }


def _windows(counts: Counts, effort: Effort) -> tuple[int, ...]:
    """A week that has hardly begun, or that is like no other, is not looked at alone."""
    alone = effort.elapsed >= HALF_A_WEEK and not is_holiday_week(counts.week)
    return detector.WINDOWS if alone else detector.WINDOWS[1:]


def _row(
    counts: Counts, found: Detection, who: Array, events: Array, cell: tuple[int, int]
) -> dict[str, Any]:
    look, (area, category) = found.look, cell
    at = (look.window[cell], area, category)
    weeks = look.windows[look.window[cell]]
    return {
        "area": area,
        "category": category,
        "weeks": weeks,
        "since": (counts.week - timedelta(weeks=weeks - 1)).isoformat(),
        "count": rounded(look.observed[at]),
        "expected": rounded(look.mean[at]),
        "at_most": rounded(gamma_poisson.normal_at_most(look.mean[at], look.size[at]).item()),
        "actors": int(who[cell]),
        # Announced events in the area in those weeks: they may explain it.
        "events": rounded(events[area, -weeks:].sum()),
        # Beyond chance even with regard to how many cells were looked at.
        "sure": cell in found.sure,
    }


def _smallest(found: Detection, base: Base, effort: Effort) -> int | None:
    """How many reports in four weeks a usual cell must have to become a signal."""
    if found.limit <= 0:
        return None
    window = expectation.window_effort(
        base, effort.by_area[:, -TYPICAL_WEEKS:], WEEK_NUMBERS[-TYPICAL_WEEKS:]
    )
    mean, size = expectation.predict(base.rates, window, base.phi)
    probability = 1.0 - found.limit / detector.LOOKS
    typical = np.array([np.median(mean)]), np.array([np.median(size)])
    limit = gamma_poisson.normal_at_most(*typical, probability)
    return max(int(limit[0]) + 1, int(detector.REPORTS_NEEDED))


def _young(counts: Counts, cells: Array, effort: Effort) -> dict[str, Any]:
    """Before two months have taught anything: categories of the whole municipality, if at all."""
    last = WEEKS if effort.elapsed >= HALF_A_WEEK else WEEKS - 1
    whole = max(last - 1 - effort.begun, 0)
    pooled: list[dict[str, Any]] = []
    if whole >= POOLED_FROM:
        totals, heard = cells.sum(axis=0), effort.pooled
        taught = slice(last - 1 - whole, last - 1)
        shape = (len(counts.categories),)
        limits = predictive_limits.upper_limit(
            totals[:, taught].sum(axis=1),
            np.full(shape, heard[taught].sum()),
            np.full(shape, heard[last - 1]),
            POOLED_ALPHA,
        )
        expected = totals[:, taught].sum(axis=1) / heard[taught].sum() * heard[last - 1]
        now = totals[:, last - 1]
        for category in np.flatnonzero((now > limits) & (now >= POOLED_AT_LEAST)).tolist():
            pooled.append(
                {
                    "category": category,
                    "week": counts.monday(last - 1).isoformat(),
                    "count": rounded(now[category]),
                    "expected": rounded(expected[category]),
                    "at_most": rounded(limits[category]),
                }
            )
    step = "pooled" if whole >= POOLED_FROM else "none"
    return {
        "above": [],
        "watched": [],
        "pooled": pooled,
        "method": {"step": step, "weeks": whole},
    }
