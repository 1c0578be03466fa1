"""Swedish wall-clock time as arrays of seconds."""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from service.cycle.mapping.week import STOCKHOLM

HOUR, DAY, WEEK = 3600.0, 86400.0, 7 * 86400.0
Array = npt.NDArray[np.float64]


def instants(first_week: date, wall: Array) -> Array:
    """Wall-clock seconds since Monday 00 of `first_week` as seconds since 1970 UTC.

    An hour that the change of clocks skips is read as the one after it.
    """
    start = datetime(first_week.year, first_week.month, first_week.day, tzinfo=UTC).timestamp()
    hour = np.floor(wall / HOUR).astype(np.int64)
    return np.asarray(start + wall - _offsets(first_week, int(hour.max(initial=0)) + 1)[hour])


@lru_cache(maxsize=4)
def _offsets(first_week: date, hours: int) -> Array:
    start = datetime(first_week.year, first_week.month, first_week.day)
    seconds = []
    for hour in range(hours):
        offset = (start + timedelta(hours=hour)).replace(tzinfo=STOCKHOLM).utcoffset()
        assert offset is not None
        seconds.append(offset.total_seconds())
    return np.array(seconds)
