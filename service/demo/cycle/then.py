"""The picture as it stood at a moment of the invented past, from what had come in by then."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

import numpy as np

from service.cycle.mapping.categories import DEFAULT_CATEGORIES
from service.cycle.mapping.spread import monday, spread_many
from service.cycle.mapping.week import week_of
from service.cycle.picture.counts import (
    HOT_WEEKS,
    WEEKS,
    AreaRow,
    CategoryRow,
    Counts,
    OrganisationRow,
)
from service.cycle.picture.editions.draft import content_of
from service.cycle.picture.editions.kinds import Period
from service.cycle.picture.show import Numbers, Shown
from service.cycle.picture.work_out import METHOD
from service.demo.count import Weekly, count
from service.demo.generate import CATEGORIES, Reports, World
from tenants.roles import PictureView


@dataclass(frozen=True)
class Ids:
    """Ids of rows by the numbers that stand for them in the arrays."""

    organisations: list[UUID]
    categories: list[UUID]
    areas: list[UUID]


@dataclass(frozen=True)
class Then:
    """A compiled picture: `content` as `work_out` gives it."""

    week: date
    at: datetime
    content: Numbers
    counts: Counts

    @property
    def shown(self) -> Shown:
        return Shown(PictureView.ALL, self.week, self.at, METHOD, wide=self.content["wide"])


def picture_then(
    world: World, weekly: Weekly, ids: Ids, municipality: UUID, moment: datetime
) -> Then:
    """Compiled at `moment` by the very method of today, from nothing that came in later."""
    counts = _counts_then(world, weekly, ids, moment)
    period = Period(counts.week, counts.week)
    content = content_of(counts, period, moment, municipality)
    return Then(counts.week, moment, content, counts)


def _counts_then(world: World, weekly: Weekly, ids: Ids, moment: datetime) -> Counts:
    week = week_of(moment)
    first = week - timedelta(weeks=WEEKS - 1)
    start = _number_of(week)
    # The week that ran is known to the hour; the counts know whole weeks of arrival.
    told = world.reports.received <= moment.timestamp()
    arrival = spread_many(world.reports.received, world.reports.received).week
    running, _ = count(_only(world.reports, told & (arrival == start)))
    _, hours = count(
        _only(
            world.reports,
            told & (world.reports.occurred_to >= moment.timestamp() - (HOT_WEEKS + 1) * 604800),
        )
    )
    columns = [
        np.concatenate([earlier[weekly.arrival_week < start], later])
        for earlier, later in zip(weekly, running, strict=True)
    ]
    at_week = columns[0] - (start - WEEKS + 1)
    kept = (at_week >= 0) & (at_week < WEEKS)
    size = (len(world.areas), len(CATEGORIES), 168)
    grid = np.zeros(size)
    hot = (hours.week > start - HOT_WEEKS) & (hours.week <= start)
    np.add.at(grid, (hours.area[hot], hours.category[hot], hours.hour[hot]), hours.amount[hot])
    return Counts(
        week=week,
        areas=[
            AreaRow(key, one.key, one.name, one.locality, one.latitude, one.longitude)
            for key, one in zip(ids.areas, world.areas, strict=True)
        ],
        categories=[
            CategoryRow(key, one.key, one.label, one.severity)
            for key, one in zip(ids.categories, DEFAULT_CATEGORIES, strict=True)
        ],
        organisations=[
            OrganisationRow(key, one.name, one.joined_on, None)
            for key, one in zip(ids.organisations, world.organisations, strict=True)
        ],
        at_week=at_week[kept].astype(np.intp),
        at_area=columns[1][kept].astype(np.intp),
        at_category=columns[2][kept].astype(np.intp),
        at_organisation=columns[3][kept].astype(np.intp),
        arrived=(columns[4][kept] - (start - WEEKS + 1)).astype(np.intp),
        number=columns[5][kept].astype(float),
        said_nothing=_said_nothing(world, first, moment),
        hours=grid.round(9),
    )


def _number_of(week: date) -> int:
    """The week as arrays count weeks."""
    return (week - monday(0)).days // 7


def _only(reports: Reports, kept: np.ndarray) -> Reports:
    columns = [values[kept] for values in reports]
    return Reports(*columns)


def _said_nothing(world: World, first: date, moment: datetime) -> np.ndarray:
    marks = np.zeros((len(world.organisations), WEEKS), dtype=bool)
    said = world.zero_reports
    at = said.week + (world.first_week - first).days // 7
    kept = (said.received <= moment.timestamp()) & (at >= 0) & (at < WEEKS)
    marks[said.organisation[kept], at[kept]] = True
    return marks
