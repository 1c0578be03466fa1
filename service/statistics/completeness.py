"""How much of a week has come in yet: late reports are missing, not absent."""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Ints = NDArray[np.intp]

LATEST = 8  # weeks; what comes later than that is an import, and tells nothing of the weeks now
TAUGHT_WEEKS = 26
REPORTS_NEEDED = 50.0
LEAST = 0.3
"""A week is taken to be at least that far in. Where an actor sends its reports a week late, next to
nothing of the running week is expected so far, and a single prompt report would be a sure rise."""


def arrived_within(delay: Ints, number: Array) -> Array:
    """Share of reports that have come in within 0, 1, … LATEST weeks, shape (LATEST + 1,).

    `delay` in whole weeks and `number` of reports, both (n,), of weeks so old that all is in. With
    fewer than fifty reports nothing is known, and everything is taken to come at once.
    """
    kept = (delay >= 0) & (delay <= LATEST)
    by_delay = np.bincount(delay[kept], number[kept], minlength=LATEST + 1)
    total = by_delay.sum()
    if total < REPORTS_NEEDED:
        return np.ones(LATEST + 1)
    return np.asarray(np.cumsum(by_delay) / total, dtype=float)


def of_weeks(last: int, at_week: Ints, arrived: Ints, number: Array, waited: int = 0) -> Array:
    """Share of each week 0 … `last` that has come in `waited` weeks after `last`, (last + 1,).

    At least LEAST. `at_week`, `arrived` and `number` (n,): reports by week of event and week of
    arrival. Taught by the 26 weeks before the last eight.
    """
    old = (at_week <= last - LATEST) & (at_week > last - LATEST - TAUGHT_WEEKS)
    within = arrived_within(arrived[old] - at_week[old], number[old])
    result = np.ones(last + 1)
    age = np.arange(last, -1, -1) + waited
    young = age <= LATEST
    result[young] = np.maximum(within[age[young]], LEAST)
    return result
