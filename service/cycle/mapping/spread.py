"""Aoristic spreading: a report that happened some time within an interval is counted as
fractions over the weeks and hours that the interval touches, in proportion to time, instead of
at an invented moment (Ratcliffe 2000, "Aoristic analysis: the spatial interpretation of
unspecific temporal events"; Ashby and Bowers 2013 compare it with its rivals).

Hours and weeks are local (Europe/Stockholm). Durations are measured in elapsed time, so the
night when the clock is put back weighs 25 hours and its hour 02–03 twice, and the night in
spring has no hour 02–03.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache

import numpy as np
from numpy.typing import NDArray

from service.cycle.mapping.week import STOCKHOLM, hour_of_week, week_of

_FIRST_MONDAY = date(1969, 12, 29)
# Local hours are counted from that Monday; 1 January 1970 is three days later.
_EPOCH_HOUR = 72
_YEARS = range(2000, 2101)


@dataclass(frozen=True)
class Pieces:
    """Arrays of equal length, one row per report and hour touched, ordered by report and time.

    `report` is the index into the input, `week` counts weeks from Monday 29 December 1969
    (`monday` turns it into a date), `hour` is 0–167, and `fraction` sums to 1 per report.
    """

    report: NDArray[np.int64]
    week: NDArray[np.int64]
    hour: NDArray[np.int64]
    fraction: NDArray[np.float64]


def monday(week: int) -> date:
    """The date of a week number of Pieces."""
    return _FIRST_MONDAY + timedelta(weeks=int(week))


def spread_many(start: NDArray[np.float64], end: NDArray[np.float64]) -> Pieces:
    """Spread N intervals [start, end), in seconds since 1970 UTC, start equal to end for a point.

    Memory is proportional to the hours touched: feed long intervals in portions. Raises
    ValueError when an interval ends before it begins.
    """
    start = np.asarray(start, dtype=np.float64)
    end = np.asarray(end, dtype=np.float64)
    if np.any(end < start):
        raise ValueError("an interval ends before it begins")
    first = np.floor(start / 3600).astype(np.int64)
    # Half open: an interval that ends on the hour does not touch the next one; a point does.
    last = np.maximum(np.ceil(end / 3600).astype(np.int64) - 1, first)
    touched = last - first + 1
    report = np.repeat(np.arange(len(start), dtype=np.int64), touched)
    begins = np.concatenate(([0], np.cumsum(touched)[:-1])) if len(start) else np.zeros(0, int)
    utc_hour = first[report] + np.arange(len(report), dtype=np.int64) - begins[report]
    length = (end - start)[report]
    overlap = np.minimum(end[report], (utc_hour + 1) * 3600.0) - np.maximum(
        start[report], utc_hour * 3600.0
    )
    fraction = np.divide(overlap, length, out=np.ones_like(overlap), where=length > 0)
    # Sweden's offset is whole hours, so an hour of UTC is an hour of the wall clock.
    local_hour = utc_hour + _offsets(utc_hour) + _EPOCH_HOUR
    return Pieces(report, local_hour // 168, local_hour % 168, fraction)


def spread(occurred_from: datetime, occurred_to: datetime) -> list[tuple[date, int, float]]:
    """One report as (week, hour of the week, fraction) in key order; fractions sum to 1."""
    if occurred_from == occurred_to:
        return [(week_of(occurred_from), hour_of_week(occurred_from), 1.0)]
    pieces = spread_many(np.array([occurred_from.timestamp()]), np.array([occurred_to.timestamp()]))
    # The hour that happens twice in autumn gives two pieces with one key.
    cells: dict[tuple[int, int], float] = {}
    for week, hour, fraction in zip(
        pieces.week.tolist(), pieces.hour.tolist(), pieces.fraction.tolist(), strict=True
    ):
        cells[week, hour] = cells.get((week, hour), 0.0) + fraction
    return [(monday(week), hour, share) for (week, hour), share in sorted(cells.items())]


def weekly(pieces: Iterable[tuple[date, int, float]]) -> list[tuple[date, float]]:
    """The fractions of `spread` summed to (week, fraction), in order of week."""
    weeks: dict[date, float] = {}
    for week, _hour, fraction in pieces:
        weeks[week] = weeks.get(week, 0.0) + fraction
    return sorted(weeks.items())


def _offsets(utc_hour: NDArray[np.int64]) -> NDArray[np.int64]:
    """Hours to add to UTC, per hour since 1970."""
    changes, offsets = _clock_changes()
    return offsets[np.searchsorted(changes, utc_hour, side="right")]


@cache
def _clock_changes() -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """UTC hours at which the clock is moved, and the offset before, between and after them."""

    def offset(hour: int) -> int:
        at = datetime.fromtimestamp(hour * 3600, UTC).astimezone(STOCKHOLM)
        return int(at.utcoffset().total_seconds()) // 3600  # type: ignore[union-attr]

    start = int(datetime(_YEARS.start, 1, 1, tzinfo=UTC).timestamp()) // 3600
    stop = int(datetime(_YEARS.stop, 1, 1, tzinfo=UTC).timestamp()) // 3600
    changes, offsets = [], [offset(start)]
    for day in range(start, stop, 24):
        if offset(day) != offset(day + 24):
            hour = next(h for h in range(day, day + 24) if offset(h) != offset(h + 1)) + 1
            changes.append(hour)
            offsets.append(offset(hour))
    return np.array(changes, dtype=np.int64), np.array(offsets, dtype=np.int64)
