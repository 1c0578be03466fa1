"""The municipality's reporting period: how often all report, and until which day of the week."""

from dataclasses import dataclass
from datetime import date, timedelta

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


async def read_period() -> Period:
    """What was decided last in the open scope's municipality; weekly to Fridays until then."""
    row = await fetch_row(
        "SELECT weeks, closes_on FROM reporting_cycle ORDER BY set_at DESC LIMIT 1"
    )
    return Period(row["weeks"], row["closes_on"]) if row else Period()
