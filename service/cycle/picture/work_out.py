"""From counts to a picture: every number that a page may show, and nothing else.

`work_out` is a pure function: the same counts, municipality and time give the same picture.
Numbers are rounded, indices point into the lists of areas and categories.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from service.cycle.mapping.week import midnight
from service.cycle.picture.closed_period import closed_period
from service.cycle.picture.counts import HOT_WEEKS, WEEKS, Counts
from service.statistics import (
    coverage,
    disclosure,
    expectation,
    gamma_poisson,
    hot_hours,
    multiplicity,
    priority,
    season,
    series,
)
from service.statistics.expectation import Base
from service.statistics.gamma_poisson import Gamma
from service.statistics.seeds import seed_for

Array = NDArray[np.float64]

METHOD = "1.0"
NOW = 4  # weeks that "now" means
ACTOR_WEEKS = 8
SHARE_WEEKS = 52
SHOWN_WEEKS = 52
LISTED = 20
FALSE_SHARE = 0.10  # Benjamini–Hochberg: of the cells said to be above the expected
REPORTS_TO_SPEAK = 2.0
# An event that is announced belongs to the calendar; it is counted but never ranked.
NOT_RANKED = frozenset({"planned_event"})


@dataclass(frozen=True)
class Effort:
    """Who was heard, in the shapes that the statistics want."""

    by_area: Array  # (A, T), 1 is all of today's actors; the running week by its elapsed share
    coverage: Array  # (A,), of the window "now"
    by_week: Array  # (T,), coverage of the municipality
    elapsed: float
    pooled: Array  # (T,)


def work_out(counts: Counts, municipality: UUID, now: datetime) -> dict[str, Any]:
    """The content of a picture, in parts: `wide`, `named`, `sums`."""
    elapsed = _elapsed(counts.week, now)
    cells = counts.cells()
    heard = counts.reported() | counts.said_nothing
    wide: dict[str, Any] = {
        "week": counts.week.isoformat(),
        "elapsed": _r(elapsed),
        "areas": [{"key": a.key, "name": a.name, "locality": a.locality} for a in counts.areas],
        "categories": [
            {"key": c.key, "label": c.label, "weight": priority.SEVERITY_WEIGHT[c.severity]}
            for c in counts.categories
        ],
        "actors": _actors(counts),
    }
    named = {"silent": _silent(counts)}
    if not (counts.areas and counts.categories and counts.organisations):
        return {"wide": wide | {"begun": False}, "named": named, "sums": _sums(counts, cells)}

    effort = _effort(counts, cells, heard, elapsed)
    base = _learn(cells, effort, WEEKS)
    outlook = _Outlook(counts, cells, effort, base)
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
        "above": outlook.above(),
        "priorities": _priorities(counts, cells, effort, base, seed, earlier),
        "unspoken": outlook.unspoken(),
        "series": _series(cells, effort, base),
        "hours": _hours(counts),
    }
    wide["left_list"] = _left_list(earlier, wide["priorities"], len(counts.categories))
    return {"wide": wide, "named": named, "sums": _sums(counts, cells)}


def _elapsed(week: date, now: datetime) -> float:
    """How much of the running week has passed, never quite nothing."""
    begin, end = midnight(week), midnight(week + timedelta(weeks=1))
    return float(np.clip((now - begin) / (end - begin), 0.02, 1.0))


def _effort(counts: Counts, cells: Array, heard: NDArray[np.bool_], elapsed: float) -> Effort:
    shares = coverage.actor_shares(counts.by_actor(SHARE_WEEKS))
    by_area = coverage.effort(shares, heard)
    by_area[:, -1] *= elapsed
    covered = coverage.coverage(shares, heard, counts.asked())
    weight = cells.sum(axis=(1, 2)) + 0.5
    weight /= weight.sum()
    passed = np.array([1.0] * (NOW - 1) + [elapsed])
    return Effort(
        by_area=by_area,
        coverage=coverage.over_window(covered[:, -NOW:], passed),
        by_week=weight @ np.nan_to_num(covered),
        elapsed=elapsed,
        pooled=weight @ by_area,
    )


def _learn(cells: Array, effort: Effort, end: int) -> Base:
    """Base rates as they were known when week index `end` − 1 was the running week."""
    last = end - expectation.GUARD_WEEKS
    taught = slice(max(last - expectation.BASELINE_WEEKS, 0), last)
    return expectation.learn(
        cells[:, :, taught], effort.by_area[:, taught], np.arange(WEEKS, dtype=float)[taught]
    )


class _Outlook:
    """Counts beside what was expected, cell by cell and in sums of cells."""

    def __init__(self, counts: Counts, cells: Array, effort: Effort, base: Base) -> None:
        self.counts, self.effort, self.base = counts, effort, base
        weeks = np.arange(WEEKS, dtype=float)
        self.week = cells[:, :, -1]
        self.window = cells[:, :, -NOW:].sum(axis=2)
        self.who = counts.actors(WEEKS - ACTOR_WEEKS, WEEKS - 1)
        self.spoken = effort.coverage >= coverage.NOTHING_SAID_BELOW
        exposure = expectation.window_effort(base, effort.by_area[:, -NOW:], weeks[-NOW:])
        self.mean, self.size = expectation.predict(base.rates, exposure, base.phi)
        this_week = expectation.window_effort(base, effort.by_area[:, -1:], weeks[-1:])
        self.week_mean, self.week_size = expectation.predict(base.rates, this_week, base.phi)

    def _sum(self, axis: int | None, known: NDArray[np.bool_]) -> dict[str, Any]:
        """Counts of the running week in sums over an axis, beside the limits of the expected."""
        mean = self.week_mean.sum(axis=axis)
        # Without a history there is no size, and nothing is said below.
        spread = np.divide(
            self.week_mean**2,
            self.week_size,
            out=np.zeros_like(self.week_mean),
            where=self.week_size > 0,
        )
        variance = (self.week_mean + spread).sum(axis=axis)
        size = mean**2 / np.maximum(variance - mean, 1e-9)
        mean, size = np.atleast_1d(mean), np.atleast_1d(size)
        low = gamma_poisson.normal_at_least(mean, size)
        high = gamma_poisson.normal_at_most(mean, size)
        known = np.broadcast_to(known & self.base.enough, mean.shape)
        return {
            "week": _rs(np.atleast_1d(self.week.sum(axis=axis))),
            "four": _rs(np.atleast_1d(self.window.sum(axis=axis))),
            "expected": _known(mean, known),
            "at_least": _known(low, known),
            "at_most": _known(high, known),
        }

    def total(self) -> dict[str, Any]:
        known = np.array([self.effort.by_week[-1] >= coverage.NOTHING_SAID_BELOW])
        return {key: value[0] for key, value in self._sum(None, known).items()}

    def by_area(self) -> dict[str, Any]:
        return self._sum(1, self.spoken) | {
            "coverage": _rs(self.effort.coverage),
            "actors": self.who.any(axis=1).sum(axis=1).tolist(),
        }

    def by_category(self) -> dict[str, Any]:
        whole = np.array(float(self.effort.coverage.mean()) >= coverage.NOTHING_SAID_BELOW)
        return self._sum(0, whole) | {"actors": self.who.any(axis=0).sum(axis=1).tolist()}

    def cells(self) -> dict[str, Any]:
        """Every cell with a report in the last eight weeks, as columns."""
        area, category = np.nonzero(self.who.any(axis=2))
        mean, size = self.mean[area, category], self.size[area, category]
        known = self.spoken[area] & self.base.enough
        window = self.window[area, category]
        return {
            "area": area.tolist(),
            "category": category.tolist(),
            "week": _rs(self.week[area, category]),
            "four": _rs(window),
            "expected": _known(mean, known),
            "at_most": _known(gamma_poisson.normal_at_most(mean, size), known),
            "change": _known(window - mean, known),
            "actors": self.who[area, category].sum(axis=1).tolist(),
        }

    def above(self) -> list[dict[str, Any]]:
        """Cells above the expected, the least explicable first."""
        if not self.base.enough:
            return []
        p = gamma_poisson.mid_p(self.window, self.mean, self.size)
        area, category = np.nonzero(np.broadcast_to(self.spoken[:, None], p.shape))
        p = p[area, category]
        found = np.flatnonzero(
            (multiplicity.benjamini_hochberg(p) <= FALSE_SHARE)
            & (self.window[area, category] >= REPORTS_TO_SPEAK)
        )
        found = found[np.argsort(p[found], kind="stable")]
        return [
            {
                "area": int(a),
                "category": int(c),
                "four": _r(self.window[a, c]),
                "expected": _r(self.mean[a, c]),
                "at_most": _r(
                    gamma_poisson.normal_at_most(self.mean[a, c], self.size[a, c]).item()
                ),
                "actors": int(self.who[a, c].sum()),
            }
            for a, c in zip(area[found], category[found], strict=True)
        ]

    def unspoken(self) -> list[dict[str, Any]]:
        """Areas where too few were heard to say anything, with what was reported all the same."""
        found = np.flatnonzero(~self.spoken & self.who.any(axis=(1, 2)))
        return [
            {
                "area": int(a),
                "four": _r(self.window[a].sum()),
                "categories": np.flatnonzero(self.who[a].any(axis=1)).tolist(),
            }
            for a in found
        ]


@dataclass(frozen=True)
class _Rates:
    """Rates in reports a week with everybody listening, at this time of the year, flat (A·C,)."""

    now: Gamma
    usual: Gamma | None  # None without a history


def _rates(cells: Array, effort: Effort, base: Base, end: int) -> _Rates:
    """Rates of the window that ends with week index `end` − 1, beside the usual ones."""
    weeks = np.arange(WEEKS, dtype=float)[end - NOW : end]
    window = slice(end - NOW, end)
    exposure = expectation.window_effort(base, effort.by_area[:, window], weeks)
    now = expectation.present(base, cells[:, :, window].sum(axis=2), exposure)
    factor = season.factors(base.slopes, weeks).mean(axis=1)
    return _Rates(now=_flat(now, factor), usual=_flat(base.rates, factor) if base.enough else None)


def _flat(rates: Gamma, factor: Array) -> Gamma:
    return Gamma(rates.shape.ravel(), (rates.rate / factor).ravel())


def _ranked(counts: Counts, effort: Effort, end: int) -> tuple[Array, Array]:
    """Severity weight and independent actors of the cells that may be ranked, flat (A·C,)."""
    weight = np.array([priority.SEVERITY_WEIGHT[c.severity] for c in counts.categories])
    ranked = np.array([c.key not in NOT_RANKED for c in counts.categories])
    spoken = effort.coverage >= coverage.NOTHING_SAID_BELOW
    actors = counts.actors(end - ACTOR_WEEKS, end - 1).sum(axis=2) * ranked * spoken[:, None]
    return np.tile(weight, len(counts.areas)), actors.astype(float).ravel()


def _earlier_places(counts: Counts, cells: Array, effort: Effort) -> dict[int, int]:
    """Place of each cell four weeks ago, by the counts as they are known today; 1 is the top."""
    end = WEEKS - NOW
    base = _learn(cells, effort, end)
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
            "in_top_five": _r(ranking.in_top_five[i]),
            "shared_with_next": bool(ranking.shared_with_next[i]),
            "score": _r(ranking.score[i]),
            "level": _r(now.mean[cell]),
            "level_low": _r(low[i]),
            "level_high": _r(high[i]),
            "usual": None if before is None else _r(before.mean[cell]),
            "increase": None if before is None else _r(now.mean[cell] - before.mean[cell]),
            "weight": float(weight[cell]),
            "actors": int(actors[cell]),
            "four": _r(window[area[i], category[i]]),
            "coverage": _r(effort.coverage[area[i]]),
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
        "counts": _rs(totals[shown]),
        "coverage": _rs(effort.by_week[shown]),
        "expected": None,
        "at_least": None,
        "at_most": None,
    }
    if base.enough:
        last = WEEKS - expectation.GUARD_WEEKS
        taught = slice(max(last - min(base.weeks, expectation.BASELINE_WEEKS), 0), last)
        band = series.expected_band(totals, effort.pooled, np.arange(float(WEEKS)), taught)
        result |= {
            "expected": _rs(band.expected[shown]),
            "at_least": _rs(band.at_least[shown]),
            "at_most": _rs(band.at_most[shown]),
        }
    return result


def _hours(counts: Counts) -> dict[str, Any]:
    whole = counts.hours.sum(axis=(0, 1))
    return {
        "weeks": HOT_WEEKS,
        "counts": _rs(whole),
        "total": _r(whole.sum()),
        "hot": _hot(hot_hours.hottest(whole[None, :])[0]),
    }


def _hot(hot: hot_hours.Hot | None) -> dict[str, Any] | None:
    if hot is None:
        return None
    return {
        "days": list(hot.window.days),
        "start": hot.window.start,
        "end": hot.window.end,
        "share": _r(hot.share),
        "time": _r(hot.time),
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
    np.add.at(period, at, counts.number[kept])
    who = np.zeros(size, dtype=bool)
    who[(*at, counts.at_organisation[kept])] = True
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


def _r(value: float) -> float:
    return round(float(value), 4)


def _rs(values: Array) -> list[float]:
    rounded: list[float] = np.round(values, 4).tolist()
    return rounded


def _known(values: Array, known: NDArray[np.bool_]) -> list[float | None]:
    return [value if ok else None for value, ok in zip(_rs(values), known.tolist(), strict=True)]
