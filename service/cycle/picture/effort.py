"""Who was heard, and what the weeks teach, in the shapes that the statistics want."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from service.cycle.mapping.week import midnight, week_of
from service.cycle.picture.counts import WEEKS, Counts
from service.statistics import cells as cell_detector
from service.statistics import completeness, coverage, expectation
from service.statistics.expectation import Base

Array = NDArray[np.float64]

HOUR = timedelta(hours=1)
NOW = 4  # weeks that "now" means
SHARE_WEEKS = 52
WEEK_NUMBERS = np.arange(WEEKS, dtype=float)


@dataclass(frozen=True)
class Effort:
    """Who was heard. Areas A, weeks T; the running week is the last."""

    whole: Array  # (A, T), 1 is all of today's actors
    by_area: Array  # (A, T), the same by how much of it can have come in so far
    by_week_and_area: Array  # (A, T), coverage: share of those asked; NaN where nobody was
    coverage: Array  # (A,), of the window "now"
    by_week: Array  # (T,), coverage of the municipality
    elapsed: float
    pooled: Array  # (T,), as by_area, of the municipality

    @property
    def spoken(self) -> NDArray[np.bool_]:
        """Areas of which something may be said, (A,)."""
        return self.coverage >= coverage.NOTHING_SAID_BELOW

    @property
    def begun(self) -> int:
        """Week index of the first week in which anybody was heard."""
        heard = np.flatnonzero(self.whole.sum(axis=0) > 0)
        return int(heard[0]) if heard.size else WEEKS


def measure(counts: Counts, cells: Array, now: datetime) -> Effort:
    """The effort behind `cells` (A, C, T) at the moment `now`, in their last week or after it."""
    elapsed = elapsed_of(counts.week, now)
    heard = counts.reported() | counts.said_nothing
    shares = coverage.actor_shares(counts.by_actor(SHARE_WEEKS))
    whole = coverage.effort(shares, heard)
    waited = max((week_of(now) - counts.week).days // 7, 0)
    so_far = completeness.of_weeks(WEEKS - 1, counts.at_week, counts.arrived, counts.number, waited)
    so_far[-1] *= elapsed
    by_area = whole * so_far
    covered = coverage.coverage(shares, heard, counts.asked())
    weight = cells.sum(axis=(1, 2)) + 0.5
    weight /= weight.sum()
    passed = np.array([1.0] * (NOW - 1) + [elapsed])
    return Effort(
        whole=whole,
        by_area=by_area,
        by_week_and_area=covered,
        coverage=coverage.over_window(covered[:, -NOW:], passed),
        by_week=weight @ np.nan_to_num(covered),
        elapsed=elapsed,
        pooled=weight @ by_area,
    )


def elapsed_of(week: date, now: datetime) -> float:
    """How much of the running week has passed in whole hours, never quite nothing.

    In whole hours, so that the same counts give the same picture however often it is compiled
    within the hour.
    """
    begin, end = midnight(week), midnight(week + timedelta(weeks=1))
    return float(np.clip((now - begin) // HOUR * HOUR / (end - begin), 0.02, 1.0))


def learn(cells: Array, effort: Effort, end: int = WEEKS) -> Base:
    """Base rates as they were known when week index `end` − 1 was the running week."""
    taught = cell_detector.baseline(end - effort.begun, end)
    return expectation.learn(cells[:, :, taught], effort.by_area[:, taught], WEEK_NUMBERS[taught])
