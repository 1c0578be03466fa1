"""Weeks and wall-clock time of a municipality: ISO weeks in Europe/Stockholm."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

STOCKHOLM = ZoneInfo("Europe/Stockholm")


class NoSuchTime(ValueError):
    """A wall-clock time that was skipped when the clock was put forward."""


def now() -> datetime:
    """The present instant, in UTC."""
    return datetime.now(UTC)


def local_day(at: datetime | None = None) -> date:
    """The day that it is in Sweden, now or at an instant."""
    return (at or now()).astimezone(STOCKHOLM).date()


def week_of(at: datetime) -> date:
    """The Monday of the local ISO week that holds this instant."""
    local = at.astimezone(STOCKHOLM).date()
    return local - timedelta(days=local.weekday())


def hour_of_week(at: datetime) -> int:
    """0 is Monday 00–01 local time, 167 Sunday 23–24."""
    local = at.astimezone(STOCKHOLM)
    return local.weekday() * 24 + local.hour


def instant(wall: datetime, *, later: bool = False) -> datetime:
    """The instant (UTC) of a naive local time.

    An hour that happened twice, when the clock was put back, is read as the first one, or the
    second one if `later`. Raises NoSuchTime for a time that never happened.
    """
    at = wall.replace(tzinfo=STOCKHOLM, fold=int(later)).astimezone(UTC)
    if at.astimezone(STOCKHOLM).replace(tzinfo=None) != wall.replace(fold=0):
        raise NoSuchTime(wall.isoformat())
    return at


def midnight(day: date) -> datetime:
    """The instant (UTC) when the local day begins; the clock is never moved at midnight."""
    return instant(datetime.combine(day, time()))
