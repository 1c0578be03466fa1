"""Amounts as one of six steps of plum. Steps 0–2 lie close: none carries meaning alone."""

from math import ceil, isfinite


def step_of(value: float | None, highest: float) -> int:
    """0 for nothing, else 1–5 by fifths of the highest; 0 when there is no highest."""
    if value is None or not isfinite(value) or value <= 0 or highest <= 0:
        return 0
    return min(5, max(1, ceil(5 * value / highest)))
