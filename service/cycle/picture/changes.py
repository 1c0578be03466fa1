"""Better or worse than the year before, asked of those who were heard in both periods."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from service.cycle.picture.counts import WEEKS, Counts
from service.cycle.picture.effort import WEEK_NUMBERS, Effort
from service.cycle.picture.rounded import rounded
from service.statistics import panel, season
from service.statistics.expectation import Base

Array = NDArray[np.float64]

AFTER_WEEKS, BEFORE_WEEKS = 8, 52
# The running week is not whole.
AFTER = slice(WEEKS - 1 - AFTER_WEEKS, WEEKS - 1)
BEFORE = slice(AFTER.start - BEFORE_WEEKS, AFTER.start)


def find(counts: Counts, cells: Array, effort: Effort, base: Base) -> dict[str, Any] | None:
    """The municipality's change and the areas of which one may be claimed; None without a year."""
    if effort.begun > BEFORE.start or not base.enough:
        return None
    by_actor = counts.by_actor_and_week()
    heard = counts.reported() | counts.said_nothing
    wave = season.factors(base.slopes, WEEK_NUMBERS)
    usual = base.rates.mean
    by_area = (usual @ wave) / np.maximum(usual.sum(axis=1, keepdims=True), 1e-12)
    areas = panel.compare(by_actor, heard, effort.by_week_and_area, by_area, BEFORE, AFTER)
    total = usual.sum(axis=0)
    whole = panel.compare(
        by_actor.sum(axis=1, keepdims=True),
        heard,
        effort.by_week[None],
        (total @ wave)[None] / max(float(total.sum()), 1e-12),
        BEFORE,
        AFTER,
    )
    if not np.isfinite(whole.ratio[0]):
        return None
    return {
        "ratio": rounded(whole.ratio[0]),
        "low": rounded(whole.low[0]),
        "high": rounded(whole.high[0]),
        "actors": whole.actors,
        "better": np.flatnonzero(areas.better).tolist(),
        "worse": np.flatnonzero(areas.worse).tolist(),
        "weeks": AFTER_WEEKS,
        "before": BEFORE_WEEKS,
    }
