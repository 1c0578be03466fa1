"""The cell key method: small noise that belongs to the cell, not to the edition.

Every report has a record key of 0 to 255 that never changes. The sum of the keys of a cell's
reports, modulo 256, is the cell's key; count and key choose the noise in a fixed table. So the same
reports give the same noise wherever they are counted, and asking again averages nothing out.

The table is the one of greatest entropy whose noise is at most `MOST` either way, without bias and
of variance one, and never makes a count negative; a count of none stays none (Marley & Leaver 2011;
Giessing & Tent 2019). Noise is added to each cell alone, sums included: parts need not add up.
"""

import hmac
from functools import cache
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import root

Ints = NDArray[np.intp]
Array = NDArray[np.float64]

KEYS = 256
MOST = 2
"""No noise is greater than this, either way."""
VARIANCE = 1.0


def record_key(secret: bytes, record: bytes) -> int:
    """The key of one record, 0–255; nobody without `secret` can tell it from chance."""
    return hmac.digest(secret, record, sha256)[0]


def probabilities(count: int) -> dict[int, float]:
    """How probable each noise is for a true `count`."""
    if count == 0:
        return {0: 1.0}
    noise = np.arange(-min(MOST, count), MOST + 1)
    return dict(zip(noise.tolist(), _greatest_entropy(noise).tolist(), strict=True))


def _greatest_entropy(noise: Ints) -> Array:
    """p ∝ exp(a·d + b·d²) with mean 0 and variance `VARIANCE` over the noise `d`, shape (D,)."""

    def share(slopes: Array) -> Array:
        weight = np.exp(slopes[0] * noise + slopes[1] * noise**2)
        return np.asarray(weight / weight.sum())

    def missed(slopes: Array) -> Array:
        p = share(slopes)
        return np.array([p @ noise, p @ noise**2 - VARIANCE])

    found = root(missed, np.array([0.0, -0.2]), tol=1e-13)
    if not np.allclose(found.fun, 0.0, atol=1e-9):
        raise ValueError(f"no noise from {noise[0]} to {noise[-1]} has variance {VARIANCE}")
    return share(found.x)


@cache
def noise_table() -> NDArray[np.int8]:
    """Noise by count (0 to MOST; greater ones share the last row) and cell key, shape (3, 256)."""
    table = np.zeros((MOST + 1, KEYS), dtype=np.int8)
    for count in range(1, MOST + 1):
        chances = probabilities(count)
        # Rounded as sums, so that no key is left over.
        ends = np.rint(np.cumsum(list(chances.values())) * KEYS).astype(int)
        table[count] = np.repeat(list(chances), np.diff(ends, prepend=0))
    return table


def perturb(counts: Ints, keys: Ints) -> Ints:
    """Counts (any shape, whole, ≥ 0) with the noise of their cell keys (same shape, mod 256)."""
    return np.asarray(counts + noise_table()[np.minimum(counts, MOST), keys % KEYS], dtype=np.intp)
