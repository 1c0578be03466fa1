"""The frame of a year, what decisions have given of it, and what is left."""

from dataclasses import dataclass
from datetime import datetime

from asyncpg import Record

from service.cycle.mapping.week import STOCKHOLM, now
from tenants.scope import fetch


@dataclass(frozen=True)
class Year:
    """Money in kronor and hours; `frame_…` is None before the year has a frame."""

    year: int
    frame_kr: int | None
    frame_hours: int | None
    given_kr: int
    given_hours: int
    set_by: str = ""
    set_at: datetime | None = None

    @property
    def left_kr(self) -> int | None:
        """Below zero when more has been given than the frame holds."""
        return None if self.frame_kr is None else self.frame_kr - self.given_kr

    @property
    def left_hours(self) -> int | None:
        return None if self.frame_hours is None else self.frame_hours - self.given_hours


_YEARS = """
SELECT year, frame.money_kr AS frame_kr, frame.hours AS frame_hours,
       coalesce(given.kr, 0) AS given_kr, coalesce(given.hours, 0) AS given_hours,
       coalesce(person.name, '') AS set_by, frame.set_at
FROM (SELECT DISTINCT ON (year) year, money_kr, hours, set_by, set_at FROM resource_frame
      ORDER BY year, set_at DESC, id) AS frame
FULL JOIN (SELECT year, sum(cost_kr)::bigint AS kr, sum(hours)::bigint AS hours FROM decision
           WHERE outcome = 'approved' GROUP BY year) AS given USING (year)
LEFT JOIN person ON person.id = frame.set_by
ORDER BY year DESC
"""


def this_year() -> int:
    """The year that a decision of this moment belongs to."""
    return now().astimezone(STOCKHOLM).year


async def read_years() -> list[Year]:
    """This year first made sure of, then every year with a frame or a decision; latest first."""
    years = {row["year"]: _year(row) for row in await fetch(_YEARS)}
    years.setdefault(this_year(), Year(this_year(), None, None, 0, 0))
    return sorted(years.values(), key=lambda one: -one.year)


async def read_this_year() -> Year:
    year = this_year()
    return next(one for one in await read_years() if one.year == year)


def _year(row: Record) -> Year:
    return Year(**row)
