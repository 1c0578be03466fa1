"""From warm counts to a picture, without database: large, middle-sized, with and without scans."""

import statistics
import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid5

import numpy as np

from service.cycle.mapping.week import midnight
from service.cycle.picture import clusters
from service.cycle.picture.counts import WEEKS, AreaRow, CategoryRow, Counts, OrganisationRow
from service.cycle.picture.effort import learn, measure
from service.cycle.picture.work_out import work_out
from tests.bench.figure import Figure

WEEK = date(2026, 11, 23)
NOW = midnight(WEEK + timedelta(days=5))
SPACE = UUID(int=7)
REPEATS = 9
WITHOUT_SCANS, WITH_SCANS = 300.0, 1000.0  # milliseconds that are promised
ALL_MUNICIPALITIES, CORES, ALL_WITHIN = 290, 2, 60.0


def invented(areas: int, categories: int, reports: float, actors: int = 12) -> Counts:
    """Three years of `reports` a week."""
    random = np.random.default_rng(5)
    rate = np.outer(random.gamma(1.5, 1, areas), random.gamma(0.8, 1, categories))
    rate *= reports / rate.sum()
    drawn = random.poisson(np.repeat(rate[:, :, None], WEEKS, axis=2))
    area, category, week = (np.repeat(part, drawn[drawn > 0]) for part in np.nonzero(drawn > 0))
    ids = [uuid5(SPACE, str(number)) for number in range(max(areas, categories, actors))]
    return Counts(
        week=WEEK,
        areas=[AreaRow(ids[i], str(i), str(i), "", *(60 + random.random(2))) for i in range(areas)],
        categories=[CategoryRow(ids[i], str(i), str(i), 1 + i % 3) for i in range(categories)],
        organisations=[
            OrganisationRow(ids[i], str(i), date(2020, 1, 1), None) for i in range(actors)
        ],
        at_week=week,
        at_area=area,
        at_category=category,
        at_organisation=random.integers(actors, size=week.size),
        arrived=week,
        number=np.ones(week.size),
        said_nothing=np.zeros((actors, WEEKS), dtype=bool),
        hours=random.poisson(0.01, (areas, categories, 168)).astype(float),
    )


def measured() -> list[Figure]:
    large, middle = invented(60, 38, 400), invented(30, 30, 100)
    whole = _median(lambda: work_out(large, SPACE, NOW))
    scans = _median(_scans(large))
    all_of_them = _median(lambda: work_out(middle, SPACE, NOW)) * ALL_MUNICIPALITIES / CORES / 1000
    return [
        Figure(
            "work out 60 areas × 38 categories, without scans", whole - scans, "ms",
            WITHOUT_SCANS, at_most=1.0, note="400 reports a week; floor: what is promised",
        ),
        Figure(
            "work out 60 areas × 38 categories, with scans", whole, "ms",
            WITH_SCANS, at_most=1.0, note="400 reports a week; floor: what is promised",
        ),
        Figure(
            "work out all 290 municipalities", all_of_them, "s", ALL_WITHIN, at_most=1.0,
            note="100 reports a week each, two cores, scans too; without the database",
        ),
    ]  # fmt: skip


def _scans(counts: Counts) -> Callable[[], Any]:
    cells = counts.cells()
    effort = measure(counts, cells, NOW)
    base = learn(cells, effort)
    ranked = np.ones(len(counts.categories), dtype=bool)
    return lambda: clusters.find(counts, cells, effort, base, ranked, 1)


def _median(act: Callable[[], Any]) -> float:
    """Milliseconds."""
    times = []
    for _ in range(REPEATS):
        began = time.perf_counter()
        act()
        times.append(1000 * (time.perf_counter() - began))
    return statistics.median(times)
