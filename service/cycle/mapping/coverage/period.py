"""The municipality's reporting period: how often all report, and until which day of the week."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from service.cycle.mapping.week import now, week_of
from tenants.scope import fetch_row

FRIDAY = 5
WEEK = timedelta(weeks=1)


@dataclass(frozen=True)
class Period:
    """`weeks`, 1 or 2, is the length; `closes_on` its last day, 1 for Monday to 7 for Sunday."""

    weeks: int = 1
    closes_on: int = FRIDAY

    def due_on(self, day: date) -> list[date]:
        """The Mondays of the weeks that people are reminded of on `day`; none on most days.

        It is done on the last working day before the closing one. The week that closes is the one
        to which most of the seven days until then belong. Two weeks end with every other calendar
        week, the same ones whenever the period was decided.
        """
        closing = day + timedelta(days=1)
        while closing.isoweekday() != self.closes_on:
            if closing.isoweekday() <= FRIDAY:
                return []  # A working day nearer to the closing one is still to come.
            closing += timedelta(days=1)
        if day.isoweekday() > FRIDAY:
            return []
        within = closing - timedelta(days=3)
        last = within - timedelta(days=within.weekday())
        if self.weeks == 2 and last.toordinal() // 7 % 2:
            return []
        return [last - WEEK * before for before in reversed(range(self.weeks))]

    def open_in(self, week: date) -> list[date]:
        """The Mondays of the weeks that are answered for in `week`, in order: it, those of its
        period before it, and the period before that, whose reminder may be read late."""
        begun = self.weeks == 2 and week.toordinal() // 7 % 2 == 0
        return [week - WEEK * before for before in reversed(range(self.weeks + begun + 1))]


async def read_period() -> Period:
    """What was decided last in the open scope's municipality; weekly to Fridays until then."""
    row = await fetch_row(
        "SELECT weeks, closes_on FROM reporting_cycle ORDER BY set_at DESC LIMIT 1"
    )
    return Period(row["weeks"], row["closes_on"]) if row else Period()


async def still_open(asked: Sequence[object]) -> list[date]:
    """Those of the asked weeks, given by their Mondays, that can be answered for now."""
    period = await read_period()
    return [week for week in period.open_in(week_of(now())) if week.isoformat() in asked]


def in_address(weeks: Sequence[date]) -> str:
    """The weeks as the address of "Inget att rapportera" says which ones it is about."""
    return urlencode([("vecka", week.isoformat()) for week in weeks])
