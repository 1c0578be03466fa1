"""The largest actor falls silent for eight weeks, nothing else changes: which areas look better?

Each area's last eight weeks are set against the 52 before: on raw counts, with effort as offset,
and as the picture does it, on the constant panel.
"""

from concurrent.futures import Executor
from functools import partial

import numpy as np
from scipy.stats import binom

from service.statistics import coverage, panel
from tests.simulate.towns import FOLLOWED, HISTORY, SIZES, Size, found

BEFORE = slice(HISTORY - 52, HISTORY)
AFTER = slice(HISTORY, HISTORY + FOLLOWED)
LEVEL, ONE_SIDED = 0.05, 1.645


def one(size: Size, seed: int) -> dict[str, float]:
    """Share of areas that each comparison calls better, one-sided at 5 %."""
    town = found(size, np.random.default_rng([seed, SIZES.index(size), 7]))
    largest = int(town.counts[:, :, :, BEFORE].sum(axis=(1, 2, 3)).argmax())
    heard = town.heard.copy()
    heard[largest, AFTER] = False
    counts = (town.counts * heard[:, None, None, :]).sum(axis=2)  # (K, A, T)
    shares = coverage.actor_shares(counts[:, :, BEFORE].sum(axis=2))
    effort = coverage.effort(shares, heard)
    even = np.ones(effort.shape)
    by_panel = panel.compare(counts, heard, even, even, BEFORE, AFTER)
    alone = by_panel.ratio * (by_panel.high / by_panel.ratio) ** (ONE_SIDED / panel.SURE) < 1
    covered = coverage.coverage(shares, heard, np.ones(heard.shape, dtype=bool))
    shown = panel.compare(counts, heard, covered, even, BEFORE, AFTER)
    return {
        "raw counts": _better(counts.sum(axis=0), even),
        "effort as offset": _better(counts.sum(axis=0), effort),
        "constant panel, each area alone": float(alone.mean()),
        "as the page claims (panel, coverage, all areas)": float(shown.better.mean()),
    }


def _better(counts: np.ndarray, effort: np.ndarray) -> float:
    before, after = counts[:, BEFORE].sum(axis=1), counts[:, AFTER].sum(axis=1)
    exposed = effort[:, AFTER].sum(axis=1), effort[:, BEFORE].sum(axis=1)
    p = binom.cdf(after, before + after, exposed[0] / (exposed[0] + exposed[1]))
    return float((p <= LEVEL).mean())


def table(pool: Executor, replicates: int) -> str:
    lines = ["Areas falsely called better when the largest actor is silent for eight weeks:"]
    for size in SIZES:
        answers = list(pool.map(partial(one, size), range(replicates)))
        shares = ", ".join(
            f"{name} {100 * np.mean([answer[name] for answer in answers]):.1f} %"
            for name in answers[0]
        )
        lines.append(f"{size.name}: {shares}")
    return "\n".join(lines)
