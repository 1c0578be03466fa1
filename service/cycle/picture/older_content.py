"""Read what an older method stored: editions never change, and a page outlives its method."""

from typing import Any

Numbers = dict[str, Any]

STANDARD = [1.0, 4.0, 16.0]


def as_now(wide: Numbers, method: str) -> Numbers:
    """`wide` with what was not calculated yet when it was made; nothing of it is changed."""
    if not wide.get("begun"):
        return wide
    newer: Numbers = {"imported": None, "area_weeks": None}
    wide = newer | wide
    if method != "1.0":
        return wide
    return wide | {
        "above": [_signal(row) for row in wide["above"]],
        "watched": [],
        "pooled": [],
        "clusters": [],
        "hot_spots": None,
        "second_opinion": None,
        "change": None,
        "method": {"step": "none", "weeks": wide["history_weeks"]},
        "weights": {"version": 0, "by_severity": STANDARD},
        "priorities": [row | {"weight_most": STANDARD[-1]} for row in wide["priorities"]],
    }


def _signal(row: Numbers) -> Numbers:
    # All were believed by Benjamini–Hochberg, over four weeks.
    return row | {"weeks": 4, "count": row["four"], "sure": True, "events": 0.0}
