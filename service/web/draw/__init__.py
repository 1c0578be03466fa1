"""Drawings as SVG: pure functions from values to Markup, classes only, no request, no database.

Every drawing of its own has a name and a description; the page beside it carries the same in text.
Marks that only repeat the figures next to them are silent. Templates have this package as ``draw``.
"""

from service.web.draw.geography import Ground, Place, municipality_map
from service.web.draw.hours import Window, hour_grid, hour_rows, short_days
from service.web.draw.multiples import small_series
from service.web.draw.pairs import Pair, pairs
from service.web.draw.series import WeeklySeries, outside, weekly_series
from service.web.draw.steps import step_of
from service.web.draw.strips import (
    actor_stack,
    expected_strip,
    hatch_key,
    level_strip,
    rank_ticks,
    resource_bar,
    severity_bars,
    sparkline,
)
from service.web.draw.triangle import cause_triangle

__all__ = [
    "Ground",
    "Pair",
    "Place",
    "WeeklySeries",
    "Window",
    "actor_stack",
    "cause_triangle",
    "expected_strip",
    "hatch_key",
    "hour_grid",
    "hour_rows",
    "level_strip",
    "municipality_map",
    "outside",
    "pairs",
    "rank_ticks",
    "resource_bar",
    "severity_bars",
    "short_days",
    "small_series",
    "sparkline",
    "step_of",
    "weekly_series",
]
