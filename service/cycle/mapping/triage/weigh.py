"""How much each report counts, and the counts kept in step when that changes.

A report counts 1. Of n reports that are merged each counts 1/n: together one event, and every actor
that told of it is still seen to have done so. A rejected one counts 0, and is none of the n, also
where the others are merged into it.
"""

from collections import defaultdict
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from service.cycle.mapping.spread import spread, weekly
from service.cycle.mapping.week import week_of
from tenants.one_at_a_time import one_at_a_time
from tenants.scope import execute, fetch

# Week, area, category, organisation, source and week of arrival; week, area, category and hour.
WeekCell = tuple[date, UUID, UUID, UUID, str, date]
HourCell = tuple[date, UUID, UUID, int]

TRIAGE = "triage"
# A count of fractions is never quite nought again.
NOUGHT = 1e-9

_WEIGHTS = """
SELECT report.id, report.area_id, report.category_id, report.organisation_id, report.source,
       report.received_at, report.occurred_from, report.occurred_to,
       CASE WHEN review.outcome = 'rejected' THEN 0.0
            ELSE 1.0 / (
                SELECT count(*)
                FROM (SELECT coalesce(report_merge.into_id, report.id) AS report_id
                      UNION ALL
                      SELECT other.report_id FROM report_merge AS other
                      WHERE other.into_id = coalesce(report_merge.into_id, report.id)) AS told
                LEFT JOIN review AS seen ON seen.report_id = told.report_id
                WHERE seen.outcome IS DISTINCT FROM 'rejected'
            ) END::float8 AS weight
FROM report
LEFT JOIN report_merge ON report_merge.report_id = report.id
LEFT JOIN review ON review.report_id = report.id
WHERE report.id = ANY($1::uuid[])
ORDER BY report.id
"""
# In key order, hours before weeks, as in hand_in: transactions that share cells wait in line.
_ADJUST = """
WITH weeks AS (
    INSERT INTO weekly_count (tenant_id, week, area_id, category_id, organisation_id, source,
                              arrival_week, count)
    SELECT ks.current_tenant(), cell.*
    FROM unnest($1::date[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::date[],
                $7::float8[]) AS cell (week, area, category, organisation, source, arrival, count)
    ORDER BY week, area, category, organisation, source, arrival
    ON CONFLICT (tenant_id, week, area_id, category_id, organisation_id, source, arrival_week)
    DO UPDATE SET count = weekly_count.count + excluded.count
)
INSERT INTO hourly_count (tenant_id, week, area_id, category_id, hour_of_week, count)
SELECT ks.current_tenant(), cell.*
FROM unnest($8::date[], $9::uuid[], $10::uuid[], $11::smallint[], $12::float8[])
    AS cell (week, area, category, hour, count)
ORDER BY week, area, category, hour
ON CONFLICT (tenant_id, week, area_id, category_id, hour_of_week)
DO UPDATE SET count = hourly_count.count + excluded.count
"""


@dataclass(frozen=True)
class Weighed:
    """A report as it is counted: where, as what, by whom, when, and how much of it."""

    area_id: UUID
    category_id: UUID
    organisation_id: UUID
    source: str
    arrival_week: date
    pieces: tuple[tuple[date, int, float], ...]
    weight: float


@dataclass
class Cells:
    """What is to be added to the counts, summed by their keys; less than nought is taken away."""

    weeks: dict[WeekCell, float] = field(default_factory=lambda: defaultdict(float))
    hours: dict[HourCell, float] = field(default_factory=lambda: defaultdict(float))

    def add(self, one: Weighed, times: float = 1.0) -> None:
        for week, share in weekly(one.pieces):
            cell = (week, one.area_id, one.category_id, one.organisation_id, one.source)
            self.weeks[*cell, one.arrival_week] += times * one.weight * share
        for week, hour, share in one.pieces:
            self.hours[week, one.area_id, one.category_id, hour] += times * one.weight * share

    async def store(self) -> list[date]:
        """Add them, all in one statement in key order; the weeks that something was added to."""
        week_rows = [(*cell, one) for cell, one in self.weeks.items() if abs(one) > NOUGHT]
        hour_rows = [(*cell, one) for cell, one in self.hours.items() if abs(one) > NOUGHT]
        if week_rows or hour_rows:
            await execute(_ADJUST, *_columns(week_rows, 7), *_columns(hour_rows, 5))
        return sorted({row[0] for row in week_rows})


def _columns(rows: list[tuple[Any, ...]], width: int) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)] or [[] for _ in range(width)]


async def group_of(*reports: UUID) -> list[UUID]:
    """The reports and all that they are merged with, locked in order of their ids.

    One act of triage at a time in a municipality: another one may be changing who is merged with
    whom, and what it changes is only seen once it is over.
    """
    await hold_triage()
    rows = await fetch(
        """WITH roots AS (
               SELECT coalesce(report_merge.into_id, asked.id) AS id
               FROM unnest($1::uuid[]) AS asked (id)
               LEFT JOIN report_merge ON report_merge.report_id = asked.id
           )
           SELECT id FROM report WHERE id IN (SELECT id FROM roots) OR id IN (
               SELECT report_id FROM report_merge WHERE into_id IN (SELECT id FROM roots))
           ORDER BY id FOR UPDATE""",
        list(reports),
    )
    return [row["id"] for row in rows]


async def hold_triage() -> None:
    """Wait for who changes what reports mean, and let nobody else begin until the end."""
    await one_at_a_time(TRIAGE)


@asynccontextmanager
async def kept_in_step(reports: Iterable[UUID]) -> AsyncIterator[None]:
    """What is done inside to the reports, or to what decides their weight, reaches the counts."""
    ids = list(reports)
    before = await weigh(ids)
    yield
    await recount(before, await weigh(ids))


async def weigh(ids: list[UUID]) -> list[Weighed]:
    """The reports as they are counted now, in order of their ids."""
    return [
        Weighed(
            row["area_id"],
            row["category_id"],
            row["organisation_id"],
            row["source"],
            week_of(row["received_at"]),
            tuple(spread(row["occurred_from"], row["occurred_to"])),
            row["weight"],
        )
        for row in await fetch(_WEIGHTS, ids)
    ]


async def count_reports(reports: list[Weighed]) -> None:
    """Add reports that are new to the counts, all of them in one statement in key order."""
    await recount([], reports)


async def recount(before: list[Weighed], after: list[Weighed]) -> None:
    """Take from the counts what `before` gave them, and give them `after`."""
    cells = Cells()
    for sign, reports in ((-1.0, before), (1.0, after)):
        for one in reports:
            cells.add(one, sign)
    touched = await cells.store()
    if not before or not touched:
        return  # Nothing was taken away, so that nothing can have come to nought.
    await execute(
        "DELETE FROM weekly_count WHERE week = ANY($1::date[]) AND count < $2", touched, NOUGHT
    )
    await execute(
        "DELETE FROM hourly_count WHERE week = ANY($1::date[]) AND count < $2", touched, NOUGHT
    )
