"""Per week and organisation: has reported, had nothing to report, or has not been heard from."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from tenants.scope import fetch

WEEKS = 8
"""How far back the page shows."""
RECENT = 4
"""Weeks within which an area counts as reported from."""

# A rejected report is counted no more, but whoever sent it was heard from.
REPORTED = """(
    SELECT organisation_id, area_id, arrival_week FROM weekly_count
    UNION ALL
    SELECT organisation_id, area_id,
           date_trunc('week', received_at AT TIME ZONE 'Europe/Stockholm')::date
    FROM report JOIN review ON review.report_id = report.id WHERE outcome = 'rejected'
) AS reported"""
"""Who was heard from, where, and in which week it arrived, as a table of a query."""


@dataclass(frozen=True)
class Actor:
    """`marks` has one of reported, nothing, silent, absent for each week, the oldest first."""

    id: UUID
    name: str
    marks: tuple[str, ...]

    @property
    def heard(self) -> int:
        return sum(mark in ("reported", "nothing") for mark in self.marks)

    @property
    def asked(self) -> int:
        return sum(mark != "absent" for mark in self.marks)


@dataclass(frozen=True)
class Place:
    """An area: how many actors have reported from it lately, of those that did within a year."""

    name: str
    reported: int
    expected: int


@dataclass(frozen=True)
class Coverage:
    """`weeks` are Mondays, the oldest first; the last one is still going on."""

    weeks: tuple[date, ...]
    actors: list[Actor]
    places: list[Place]

    @property
    def rates(self) -> list[tuple[date, int, int]]:
        """(week, heard from, asked) of each week."""
        columns = list(zip(*(actor.marks for actor in self.actors), strict=True))
        return [
            (
                week,
                sum(mark in ("reported", "nothing") for mark in column),
                sum(mark != "absent" for mark in column),
            )
            for week, column in zip(self.weeks, columns, strict=False)
        ]


async def read_coverage(this_week: date) -> Coverage:
    """The coverage of the open scope's municipality, by the week in which reports arrived."""
    weeks = tuple(this_week - timedelta(weeks=back) for back in range(WEEKS - 1, -1, -1))
    reported = await _pairs(
        f"SELECT DISTINCT organisation_id, arrival_week FROM {REPORTED} WHERE arrival_week >= $1",
        weeks[0],
    )
    nothing = await _pairs(
        "SELECT organisation_id, week FROM zero_report WHERE week >= $1", weeks[0]
    )
    rows = await fetch(
        """SELECT id, name, joined_on, left_on FROM organisation
           WHERE left_on IS NULL OR left_on >= $1 ORDER BY name, id""",
        weeks[0],
    )
    actors = [
        Actor(
            row["id"],
            row["name"],
            tuple(
                _mark((row["id"], week), reported, nothing, row["joined_on"], row["left_on"])
                for week in weeks
            ),
        )
        for row in rows
    ]
    return Coverage(weeks, actors, await _places(this_week))


async def _pairs(query: str, since: date) -> set[tuple[UUID, date]]:
    return {(row[0], row[1]) for row in await fetch(query, since)}


def _mark(
    at: tuple[UUID, date],
    reported: set[tuple[UUID, date]],
    nothing: set[tuple[UUID, date]],
    joined_on: date,
    left_on: date | None,
) -> str:
    if at in reported:
        return "reported"
    if at in nothing:
        return "nothing"
    # A week that an actor was not there for all of is not asked about.
    if joined_on > at[1] or (left_on is not None and left_on < at[1] + timedelta(days=7)):
        return "absent"
    return "silent"


async def _places(this_week: date) -> list[Place]:
    rows = await fetch(
        f"""SELECT area.name,
                  count(DISTINCT organisation_id) FILTER (WHERE arrival_week > $1) AS reported,
                  count(DISTINCT organisation_id) AS expected
           FROM area LEFT JOIN {REPORTED} ON area_id = area.id AND arrival_week > $2
           WHERE retired_on IS NULL GROUP BY area.id, area.name, area.kind
           ORDER BY area.kind = 'rest', area.name""",
        this_week - timedelta(weeks=RECENT),
        this_week - timedelta(weeks=52),
    )
    return [Place(row["name"], row["reported"], row["expected"]) for row in rows]
