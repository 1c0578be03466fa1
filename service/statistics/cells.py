"""The cell detector: where is more reported than the cell, its area, its category and the season
let one expect, with regard to who was heard?

Windows of several lengths that end now are set against negative binomial predictions, and the
limit is moved until the municipality's own earlier weeks would have given as many signals as its
alarm budget allows. Method and evidence: statistics.md 1.2.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from service.statistics import expectation, gamma_poisson
from service.statistics.expectation import Base
from service.statistics.multiplicity import benjamini_hochberg

Array = NDArray[np.float64]
Marks = NDArray[np.bool_]

WINDOWS = (1, 2, 4, 8)
# Four overlapping windows are worth about three independent looks.
LOOKS = 3.0
REPORTS_NEEDED, IN_WEEKS = 2.0, 4
WATCHED_BELOW = 0.005
# In a small municipality the budget alone reaches further than that; its watch list reaches
# twice as far as its signals.
WATCHED_BEYOND_SIGNALS = 2.0
WATCHED_AT_MOST = 10
BUDGET = 1.0  # signals a week when nothing happens
REPLAYED, EVERY = 11, 3
# With fewer replayed weeks the budget cannot be measured and a share of false ones is held.
REPLAYED_NEEDED = 4
FALSE_SHARE = 0.10
# The longest window overlaps a guard of four weeks; with a year of history there is room for it.
LONG_GUARD, LONG_GUARD_FROM = 8, 60


@dataclass(frozen=True)
class Look:
    """One week's look at all cells."""

    p: Array  # (A, C), corrected for the number of windows
    window: NDArray[np.intp]  # (A, C), index into the windows of the least explicable
    observed: Array  # (W, A, C)
    mean: Array  # (W, A, C)
    size: Array  # (W, A, C), of the negative binomial
    windows: tuple[int, ...]


@dataclass(frozen=True)
class Detection:
    look: Look
    signals: list[tuple[int, int]]  # (area, category), least explicable first
    watched: list[tuple[int, int]]
    limit: float  # cells whose p is at most this are signals
    sure: frozenset[tuple[int, int]]  # of the signals: believed by Benjamini–Hochberg alone
    replayed: int  # earlier weeks that set the limit; 0 where a share of false ones did


def baseline(weeks_known: int, end: int) -> slice:
    """The weeks that teach when week index `end` − 1 is now."""
    guard = LONG_GUARD if weeks_known >= LONG_GUARD_FROM else expectation.GUARD_WEEKS
    last = max(end - guard, 0)
    return slice(max(last - expectation.BASELINE_WEEKS, 0), last)


def look(
    base: Base,
    counts: Array,
    effort: Array,
    weeks: Array,
    spoken: Marks | None = None,
    windows: tuple[int, ...] = WINDOWS,
) -> Look:
    """Look at the windows that end with the last week given.

    `counts` (A, C, T), `effort` (A, T) and `weeks` (T,) with T at least the longest window. Cells
    of areas that `spoken` (A,) leaves out, and cells with fewer than two reports in four weeks,
    have p = 1.
    """
    observed = np.stack([counts[:, :, -length:].sum(axis=2) for length in windows])
    exposure = np.stack(
        [
            expectation.window_effort(base, effort[:, -length:], weeks[-length:])
            for length in windows
        ]
    )
    mean, size = expectation.predict(base.rates, exposure, base.phi)
    gate = counts[:, :, -IN_WEEKS:].sum(axis=2) >= REPORTS_NEEDED - 1e-9
    if spoken is not None:
        gate &= spoken[:, None]
    p = np.ones(observed.shape)
    at = np.nonzero(gate[None] & (observed > mean))
    p[at] = gamma_poisson.mid_p(observed[at], mean[at], size[at])
    best = p.argmin(axis=0)
    least = np.take_along_axis(p, best[None], axis=0)[0]
    corrected = np.minimum(least * min(LOOKS, len(windows)), 1.0)
    return Look(corrected, best, observed, mean, size, windows)


def detect(
    counts: Array,
    effort: Array,
    weeks: Array,
    base: Base,
    spoken: Marks | None = None,
    budget: float = BUDGET,
    windows: tuple[int, ...] = WINDOWS,
    now: Array | None = None,
) -> Detection:
    """Signals and watch list of the last week.

    `counts` (A, C, T), `effort` (A, T), `weeks` (T,); `base` as learnt from `baseline`. `effort` is
    that of whole weeks; `now` (A, T), if given, is what may be expected to have come in so far.
    """
    seen = look(base, counts, effort if now is None else now, weeks, spoken, windows)
    believed = limit_of_false_share(seen.p if spoken is None else seen.p[spoken])
    replays = replay(counts, effort, weeks, spoken, windows)
    if len(replays) >= REPLAYED_NEEDED:
        limit = limit_within_budget(replays, budget)
    else:
        replays, limit = [], believed
    order = np.argsort(seen.p, axis=None, kind="stable")
    ordered = seen.p.ravel()[order]
    last = int((ordered <= limit).sum())
    watched_below = max(WATCHED_BELOW, WATCHED_BEYOND_SIGNALS * limit)
    beyond = min(int((ordered < watched_below).sum()), last + WATCHED_AT_MOST)
    cells = [(int(a), int(c)) for a, c in zip(*np.divmod(order, counts.shape[1]), strict=True)]
    sure = frozenset(cell for cell in cells[:last] if seen.p[cell] <= believed)
    return Detection(seen, cells[:last], cells[last:beyond], limit, sure, len(replays))


def replay(
    counts: Array,
    effort: Array,
    weeks: Array,
    spoken: Marks | None = None,
    windows: tuple[int, ...] = WINDOWS,
) -> list[Array]:
    """The p-values (A, C) of earlier weeks, each seen with what was known before it."""
    heard = np.flatnonzero(effort.sum(axis=0) > 0)
    begun = int(heard[0]) if heard.size else counts.shape[2]
    found = []
    for back in range(1, REPLAYED + 1):
        end = counts.shape[2] - EVERY * back
        taught = baseline(end - begun, end)
        if taught.stop - begun < expectation.HISTORY_NEEDED:
            break
        base = expectation.learn(counts[:, :, taught], effort[:, taught], weeks[taught])
        shown = slice(end - max(windows), end)
        found.append(
            look(base, counts[:, :, shown], effort[:, shown], weeks[shown], spoken, windows).p
        )
    return found


def limit_within_budget(replays: list[Array], budget: float) -> float:
    """The p-value that gave `budget` signals a week over the replayed weeks.

    Halfway, on the scale of logarithms, to the first that would have been one too many.
    """
    p = np.sort(np.concatenate([one.ravel() for one in replays]))
    allowed = int(budget * len(replays))
    if allowed == 0 or p.size == 0:
        return 0.0
    below, above = p[min(allowed, p.size) - 1], p[min(allowed, p.size - 1)]
    return float(min(np.sqrt(below * above), 0.05))


def limit_of_false_share(p: Array) -> float:
    """The largest p-value that Benjamini–Hochberg still believes, over all cells."""
    flat = p.ravel()
    believed = flat[benjamini_hochberg(flat) <= FALSE_SHARE]
    return float(believed.max()) if believed.size else 0.0
