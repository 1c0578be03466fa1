"""Numbers as a picture stores them: rounded, and None where nothing may be said."""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

PLACES = 4


def rounded(value: float) -> float:
    return round(float(value), PLACES)


def all_rounded(values: Array) -> list[float]:
    found: list[float] = np.round(values, PLACES).tolist()
    return found


def where_known(values: Array, known: NDArray[np.bool_]) -> list[float | None]:
    """None where `known` says so."""
    pairs = zip(all_rounded(values), known.tolist(), strict=True)
    return [value if ok else None for value, ok in pairs]
