"""From counts to a picture: every number that a page may show, and nothing else.

`work_out` is a pure function: the same counts, municipality and time give the same picture.
Numbers are rounded, indices point into the lists of areas and categories.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from service.cycle.picture import changes, clusters, imports, second_opinion, signals
from service.cycle.picture.closed_period import closed_period
from service.cycle.picture.counts import HOT_WEEKS, WEEKS, Counts
from service.cycle.picture.effort import NOW, WEEK_NUMBERS, Effort, elapsed_of, learn, measure
from service.cycle.picture.outlook import ACTOR_WEEKS, Outlook
from service.cycle.picture.rounded import all_rounded, rounded
from service.statistics import (
    cells as cell_detector,
)
from service.statistics import (
    disclosure,
    expectation,
    hot_hours,
    priority,
    season,
    series,
)
from service.statistics.expectation import Base
from service.statistics.gamma_poisson import Gamma
from service.statistics.seeds import seed_for

Array = NDArray[np.float64]

METHOD = "2.3"
SHOWN_WEEKS = 52
AREA_WEEKS = 26
LISTED = 20
# An event that is announced belongs to the calendar; it is counted but never ranked.
NOT_RANKED = frozenset({"planned_event"})


def work_out(counts: Counts, municipality: UUID, now: datetime) -> dict[str, Any]:
    """The content of a picture, in parts: `wide`, `named`, `sums`."""
    cells, weights = counts.cells(), counts.weights
    wide: dict[str, Any] = {
        "week": counts.week.isoformat(),
        "elapsed": rounded(elapsed_of(counts.week, now)),
        "areas": [{"key": a.key, "name": a.name, "locality": a.locality} for a in counts.areas],
        "categories": [
            {"key": c.key, "label": c.label, "weight": weights.by_severity[c.severity]}
            for c in counts.categories
        ],
        "weights": {"version": weights.version, "by_severity": list(weights.by_severity.values())},
        "actors": _actors(counts),
    }
    named = {"silent": _silent(counts)}
    if not (counts.areas and counts.categories and counts.organisations):
        return {"wide": wide | {"begun": False}, "named": named, "sums": _sums(counts, cells)}

    effort = measure(counts, cells, now)
    base = learn(cells, effort)
    outlook = Outlook(counts, cells, effort, base)
    ranked = np.array([c.key not in NOT_RANKED for c in counts.categories])
    seed = seed_for(municipality, counts.week)
    earlier = _earlier_places(counts, cells, effort)
    wide |= {
        "begun": bool(cells.any()),
        "history_weeks": base.weeks,
        "expects": base.enough,
        "total": outlook.total(),
        "by_area": outlook.by_area(),
        "by_category": outlook.by_category(),
        "cells": outlook.cells(),
        **signals.find(counts, cells, effort, base, ranked),
        "clusters": clusters.find(counts, cells, effort, base, ranked, seed),
        "hot_spots": clusters.hot_spots(counts, cells, effort),
        "second_opinion": second_opinion.find(counts, cells, effort, ranked),
        "change": changes.find(counts, cells, effort, base),
        "priorities": _priorities(counts, cells, effort, base, seed, earlier),
        "imported": imports.find(counts),
        "unspoken": outlook.unspoken(),
        "series": _series(cells, effort, base),
        "area_weeks": [all_rounded(row) for row in cells.sum(axis=1)[:, -AREA_WEEKS:]],
        "hours": _hours(counts),
    }
    wide["left_list"] = _left_list(earlier, wide["priorities"], len(counts.categories))
    return {"wide": wide, "named": named, "sums": _sums(counts, cells)}


@dataclass(frozen=True)
class _Rates:
    """Rates in reports a week with everybody listening, at this time of the year, flat (A·C,)."""

    now: Gamma
    usual: Gamma | None  # None without a history


def _rates(cells: Array, effort: Effort, base: Base, end: int) -> _Rates:
    """Rates of the window that ends with week index `end` − 1, beside the usual ones."""
    weeks = WEEK_NUMBERS[end - NOW : end]
    window = slice(end - NOW, end)
    exposure = expectation.window_effort(base, effort.by_area[:, window], weeks)
    now = expectation.present(base, cells[:, :, window].sum(axis=2), exposure)
    factor = season.factors(base.slopes, weeks).mean(axis=1)
    return _Rates(now=_flat(now, factor), usual=_flat(base.rates, factor) if base.enough else None)


def _flat(rates: Gamma, factor: Array) -> Gamma:
    return Gamma(rates.shape.ravel(), (rates.rate / factor).ravel())


def _ranked(counts: Counts, effort: Effort, end: int) -> tuple[Array, Array]:
    """Severity weight and independent actors of the cells that may be ranked, flat (A·C,)."""
    weight = np.array([counts.weights.by_severity[c.severity] for c in counts.categories])
    ranked = np.array([c.key not in NOT_RANKED for c in counts.categories])
    actors = counts.actors(end - ACTOR_WEEKS, end - 1).sum(axis=2) * ranked
    actors = actors * effort.spoken[:, None]
    return np.tile(weight, len(counts.areas)), actors.astype(float).ravel()


def _earlier_places(counts: Counts, cells: Array, effort: Effort) -> dict[int, int]:
    """Place of each cell four weeks ago, by the counts as they are known today; 1 is the top."""
    end = WEEKS - NOW
    base = learn(cells, effort, end)
    rates = _rates(cells, effort, base, end)
    now, usual = rates.now.mean, rates.usual
    weight, actors = _ranked(counts, effort, end)
    points = priority.score(weight, now, now if usual is None else usual.mean, actors)
    order = np.argsort(-points, kind="stable")
    return {int(cell): place for place, cell in enumerate(order[points[order] > 0], start=1)}


def _priorities(
    counts: Counts, cells: Array, effort: Effort, base: Base, seed: int, earlier: dict[int, int]
) -> list[dict[str, Any]]:
    rates = _rates(cells, effort, base, WEEKS)
    now, before = rates.now, rates.usual
    weight, actors = _ranked(counts, effort, WEEKS)
    ranking = priority.rank(weight, now, before, actors, seed, LISTED)
    chosen = ranking.cells
    area, category = np.divmod(chosen, len(counts.categories))
    low, high = now.take(chosen).quantile(0.05), now.take(chosen).quantile(0.95)
    hot = hot_hours.hottest(counts.hours[area, category])
    equal = priority.score(
        np.ones(weight.shape), now.mean, now.mean if before is None else before.mean, actors
    )
    equal_place = np.empty(equal.size, dtype=int)
    equal_place[np.argsort(-equal, kind="stable")] = np.arange(1, equal.size + 1)
    window = cells[:, :, -NOW:].sum(axis=2)
    return [
        {
            "area": int(area[i]),
            "category": int(category[i]),
            "place": i + 1,
            "place_low": int(ranking.low[i]),
            "place_high": int(ranking.high[i]),
            "in_top_five": rounded(ranking.in_top_five[i]),
            "shared_with_next": bool(ranking.shared_with_next[i]),
            "score": rounded(ranking.score[i]),
            "level": rounded(now.mean[cell]),
            "level_low": rounded(low[i]),
            "level_high": rounded(high[i]),
            "usual": None if before is None else rounded(before.mean[cell]),
            "increase": None if before is None else rounded(now.mean[cell] - before.mean[cell]),
            "weight": float(weight[cell]),
            "weight_most": counts.weights.most,
            "actors": int(actors[cell]),
            "four": rounded(window[area[i], category[i]]),
            "coverage": rounded(effort.coverage[area[i]]),
            "earlier_place": earlier.get(int(cell)),
            "equal_weight_place": int(equal_place[cell]),
            "hot": _hot(hot[i]),
        }
        for i, cell in enumerate(chosen)
    ]


def _left_list(
    earlier: dict[int, int], priorities: list[dict[str, Any]], categories: int
) -> list[dict[str, int]]:
    """Cells that were among the five four weeks ago and are no more."""
    five = {(row["area"], row["category"]) for row in priorities[:5]}
    left = []
    for cell, place in earlier.items():
        area, category = divmod(cell, categories)
        if place <= 5 and (area, category) not in five:
            left.append({"area": area, "category": category, "earlier_place": place})
    return left


def _series(cells: Array, effort: Effort, base: Base) -> dict[str, Any]:
    totals = cells.sum(axis=(0, 1))
    first = WEEKS - SHOWN_WEEKS
    shown = slice(first, WEEKS)
    result: dict[str, Any] = {
        "counts": all_rounded(totals[shown]),
        "coverage": all_rounded(effort.by_week[shown]),
        "expected": None,
        "at_least": None,
        "at_most": None,
    }
    if base.enough:
        taught = cell_detector.baseline(WEEKS - effort.begun, WEEKS)
        taught = slice(max(taught.stop - base.weeks, taught.start), taught.stop)
        band = series.expected_band(totals, effort.pooled, WEEK_NUMBERS, taught)
        result |= {
            "expected": all_rounded(band.expected[shown]),
            "at_least": all_rounded(band.at_least[shown]),
            "at_most": all_rounded(band.at_most[shown]),
        }
    return result


def _hours(counts: Counts) -> dict[str, Any]:
    whole = counts.hours.sum(axis=(0, 1))
    return {
        "weeks": HOT_WEEKS,
        "counts": all_rounded(whole),
        "total": rounded(whole.sum()),
        "hot": _hot(hot_hours.hottest(whole[None, :])[0]),
    }


def _hot(hot: hot_hours.Hot | None) -> dict[str, Any] | None:
    if hot is None:
        return None
    return {
        "days": list(hot.window.days),
        "start": hot.window.start,
        "end": hot.window.end,
        "share": rounded(hot.share),
        "time": rounded(hot.time),
    }


def _actors(counts: Counts) -> dict[str, int]:
    """How many of those asked have reported, said that there was nothing, or not been heard."""
    asked = counts.asked()[:, -1]
    reported = counts.reported()[:, -1] & asked
    nothing = counts.said_nothing[:, -1] & asked & ~reported
    return {
        "asked": int(asked.sum()),
        "reported": int(reported.sum()),
        "nothing": int(nothing.sum()),
        "silent": int((asked & ~reported & ~nothing).sum()),
    }


def _silent(counts: Counts) -> list[dict[str, Any]]:
    """Names of those not heard this week, with the last week in which they were."""
    heard = counts.reported() | counts.said_nothing
    asked = counts.asked()[:, -1]
    result = []
    for row in np.flatnonzero(asked & ~heard[:, -1]):
        weeks = np.flatnonzero(heard[row])
        last = counts.monday(int(weeks[-1])).isoformat() if weeks.size else None
        result.append({"name": counts.organisations[row].name, "last": last})
    return result


def _sums(counts: Counts, cells: Array) -> dict[str, Any]:
    """What partners see: sums of the last whole four-week period, small cells merged upwards.

    Periods do not overlap and a period's sum holds what had arrived when it ended, so that it
    never changes: two looks at the page, a day or a month apart, cannot be subtracted. The running
    week is told in steps of the threshold, so that no single report can be seen to come in.
    """
    begin, end = closed_period(counts.week)
    first, last = (WEEKS - 1 - (counts.week - monday).days // 7 for monday in (begin, end))
    kept = (counts.at_week >= first) & (counts.at_week <= last) & (counts.arrived <= last)
    size = (len(counts.areas), len(counts.categories), len(counts.organisations))
    at = (counts.at_area[kept], counts.at_category[kept])
    period = np.zeros(size[:2])
    who = np.zeros(size, dtype=bool)
    if counts.closed is None:  # Invented pictures of weeks gone by.
        np.add.at(period, at, counts.number[kept])
        who[(*at, counts.at_organisation[kept])] = True
    else:
        counts.fill_from_frozen(period, who)
    groups = disclosure.merge_upwards(period.round(9), who)
    running = round(float(cells[:, :, -1].sum())) if cells.size else 0
    reporters = int(counts.reported()[:, -1].sum()) if counts.organisations else 0
    may_tell = running >= disclosure.THRESHOLD and reporters >= disclosure.ACTORS_NEEDED
    return {
        "week": counts.week.isoformat(),
        "actors": _actors(counts),
        "running": running - running % disclosure.THRESHOLD if may_tell else None,
        "first": counts.monday(first).isoformat(),
        "last": counts.monday(last).isoformat(),
        "groups": [
            {
                "area": None if group.area is None else counts.areas[group.area].name,
                "category": None
                if group.category is None
                else counts.categories[group.category].label,
                "count": round(group.count),
            }
            for group in groups
        ],
    }
