"""Rossi's Poisson CUSUM: small rises that last add up (Rossi et al. 1999).

Reference: temporal/cusum.csv (R's `algo.cusum`, k = 1.04, h = 2.26). It needs a level that is known
and a steady effort, which reports seldom have: a cross-check, not a detector that we rely on.
"""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

K = 1.04
H = 2.26


def cusum(counts: Array, level: float) -> Array:
    """The sum after each week of `counts` (T,), beginning at nought; over H is an alarm.

    It is not reset after an alarm.
    """
    step = (counts - 3.0 * level + 2.0 * np.sqrt(level * counts)) / (2.0 * np.sqrt(level)) - K
    # max(0, S + x) at every step is the walk less its lowest point so far.
    walk = np.concatenate([[0.0], np.cumsum(step)])
    return np.asarray((walk - np.minimum.accumulate(walk))[1:], dtype=float)
