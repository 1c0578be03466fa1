"""When it happens: the window of the week that holds far more than its share of the time."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

HOURS = 168
REPORTS_NEEDED = 5.0
SHARE_NEEDED = 0.4
LIFT_NEEDED = 2.0
# Some 130 windows are tried on each row: evenly spread reports reach this in about one of fifty.
EVIDENCE_NEEDED = 7.0

_DAYS: tuple[tuple[int, ...], ...] = (
    (0,), (1,), (2,), (3,), (4,), (5,), (6,),
    (4, 5), (5, 6), (0, 1, 2, 3, 4), (0, 1, 2, 3, 4, 5, 6),
)  # fmt: skip
# Parts of the day that people speak of; 24 and beyond run into the next day.
_TIMES: tuple[tuple[int, int], ...] = (
    (5, 8), (8, 12), (12, 15), (15, 18), (12, 18), (18, 22), (20, 24), (18, 25),
    (22, 25), (22, 29), (25, 29), (0, 24),
)  # fmt: skip


@dataclass(frozen=True)
class Window:
    """Days (0 is Monday) and hours from `start` to `end`; an end past 24 is the next day's."""

    days: tuple[int, ...]
    start: int
    end: int


@dataclass(frozen=True)
class Hot:
    window: Window
    share: float  # of the reports
    time: float  # of the week


def _windows() -> tuple[list[Window], Array]:
    windows, masks = [], []
    for days in _DAYS:
        for start, end in _TIMES:
            if len(days) == 7 and (start, end) == (0, 24):
                continue
            mask = np.zeros(HOURS)
            mask[[(day * 24 + hour) % HOURS for day in days for hour in range(start, end)]] = 1.0
            windows.append(Window(days, start, end))
            masks.append(mask)
    return windows, np.array(masks)


WINDOWS, MASKS = _windows()


def hottest(hours: Array) -> list[Hot | None]:
    """The hot window of each row of `hours` (n, 168), reports per hour of the week (0 is Monday
    00–01), or None where nothing stands out.

    The window with the largest Poisson likelihood ratio C ln(C/B) + (N − C) ln((N − C)/(N − B)),
    where B is the window's share of the time, among those that hold at least 40 % of the reports
    and twice what their time would give.
    """
    total = hours.sum(axis=1, keepdims=True)
    inside = hours @ MASKS.T
    time = MASKS.mean(axis=1)
    expected = np.maximum(total * time, 1e-12)
    outside, outside_expected = total - inside, np.maximum(total - expected, 1e-12)
    with np.errstate(divide="ignore", invalid="ignore"):
        score = np.where(inside > 0, inside * np.log(inside / expected), 0.0) + np.where(
            outside > 1e-9, outside * np.log(outside / outside_expected), 0.0
        )
    stands_out = (
        (total >= REPORTS_NEEDED)
        & (inside >= SHARE_NEEDED * total)
        & (inside >= LIFT_NEEDED * expected)
        & (score >= EVIDENCE_NEEDED)
    )
    score = np.where(stands_out, score, -np.inf)
    return _chosen(score, inside / np.maximum(total, 1e-12), time)


def _chosen(score: Array, share: Array, time: Array) -> list[Hot | None]:
    best: Sequence[int] = score.argmax(axis=1).tolist() if score.size else []
    return [
        Hot(WINDOWS[w], float(share[row, w]), float(time[w]))
        if np.isfinite(score[row, w])
        else None
        for row, w in enumerate(best)
    ]
