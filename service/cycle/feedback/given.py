"""What an organisation has given: its answers week by week, and how many reports in a year."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from service.cycle.mapping.week import midnight, now, week_of
from tenants.scope import fetch, fetch_value

WEEKS = 12


class Answer(StrEnum):
    REPORTED = "reported"
    NOTHING = "nothing"
    SILENT = "silent"


@dataclass(frozen=True)
class Week:
    monday: date
    answer: Answer
    reports: int


@dataclass(frozen=True)
class Given:
    """The last twelve weeks, oldest first, and the reports of the last 52."""

    weeks: list[Week]
    year: int

    @property
    def answered(self) -> int:
        return sum(week.answer is not Answer.SILENT for week in self.weeks)


async def what_was_given(organisation_id: UUID) -> Given:
    """By the week in which a report or the word that there was nothing came in."""
    this_week = week_of(now())
    mondays = [this_week - timedelta(weeks=back) for back in reversed(range(WEEKS))]
    rows = await fetch(
        """SELECT date_trunc('week', received_at AT TIME ZONE 'Europe/Stockholm')::date AS week,
                  count(*) AS reports
           FROM report WHERE organisation_id = $1 AND received_at >= $2 GROUP BY 1""",
        organisation_id,
        midnight(mondays[0]),
    )
    reports = {row["week"]: row["reports"] for row in rows}
    nothing = await fetch(
        "SELECT week FROM zero_report WHERE organisation_id = $1 AND week >= $2",
        organisation_id,
        mondays[0],
    )
    said_nothing = {row["week"] for row in nothing}
    return Given(
        weeks=[_week(monday, reports.get(monday, 0), monday in said_nothing) for monday in mondays],
        year=await fetch_value(
            "SELECT count(*) FROM report WHERE organisation_id = $1 AND received_at >= $2",
            organisation_id,
            midnight(this_week - timedelta(weeks=51)),
        ),
    )


def _week(monday: date, reports: int, said_nothing: bool) -> Week:
    if reports:
        return Week(monday, Answer.REPORTED, reports)
    return Week(monday, Answer.NOTHING if said_nothing else Answer.SILENT, 0)
