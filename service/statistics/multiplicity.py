"""Many cells are looked at every week: which of the smallest p-values may be believed."""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def benjamini_hochberg(p: Array) -> Array:
    """Adjusted p-values, shape (n,): those under q hold a share of at most q false discoveries.

    Benjamini and Hochberg 1995. Reference: ranking/gamma_poisson_*.csv, columns BH and BH_midp.
    """
    n = p.size
    if n == 0:
        return p
    order = np.argsort(p)[::-1]
    scaled = p[order] * n / np.arange(n, 0, -1)
    adjusted = np.empty(n)
    adjusted[order] = np.minimum(np.minimum.accumulate(scaled), 1.0)
    return adjusted
