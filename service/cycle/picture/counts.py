"""The counts that a picture rests on, read as arrays.

PostgreSQL packs whole columns into byte strings in the scan itself; numpy reads them in place.
So a municipality with 60 000 reports costs one scan and no Python object per row.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

import numpy as np
from asyncpg import Record
from numpy.typing import NDArray

from service.cycle.picture.close_period import Closed, read_closed
from service.cycle.picture.closed_period import closed_period
from service.statistics.priority import SEVERITY_WEIGHT
from tenants.scope import fetch, fetch_row

Array = NDArray[np.float64]
Ints = NDArray[np.intp]
Marks = NDArray[np.bool_]

# Baseline (104) + guard (4) + the same again four weeks back, and room for a third year.
WEEKS = 156
HOT_WEEKS = 8
POSTGRES_EPOCH = date(2000, 1, 1)


@dataclass(frozen=True)
class AreaRow:
    id: UUID
    key: str
    name: str
    locality: str
    latitude: float
    longitude: float


@dataclass(frozen=True)
class CategoryRow:
    id: UUID
    key: str
    label: str
    severity: int


@dataclass(frozen=True)
class OrganisationRow:
    id: UUID
    name: str
    joined_on: date
    left_on: date | None


@dataclass(frozen=True)
class Weights:
    """What the levels of severity weigh, and the version that says so; 0 is the standard."""

    version: int
    by_severity: dict[int, float]

    @property
    def most(self) -> float:
        return max(self.by_severity.values())


STANDARD_WEIGHTS = Weights(0, SEVERITY_WEIGHT)


@dataclass(frozen=True)
class Counts:
    """Everything a picture is made from. Week index WEEKS − 1 is `week`, the running week."""

    week: date
    areas: list[AreaRow]
    categories: list[CategoryRow]
    organisations: list[OrganisationRow]
    # One entry per stored count: indices and the (fractional) number of reports.
    at_week: Ints
    at_area: Ints
    at_category: Ints
    at_organisation: Ints
    arrived: Ints
    number: Array
    said_nothing: Marks  # (K, T) zero reports
    hours: Array  # (A, C, 168) reports of the last HOT_WEEKS weeks
    weights: Weights = STANDARD_WEIGHTS
    closed: Closed | None = None  # The latest closed period as it was frozen.

    def monday(self, index: int) -> date:
        return self.week - timedelta(weeks=WEEKS - 1 - index)

    def cells(self) -> Array:
        """Reports per area, category and week, shape (A, C, T)."""
        size = (len(self.areas), len(self.categories), WEEKS)
        at = np.ravel_multi_index((self.at_area, self.at_category, self.at_week), size)
        dense = np.bincount(at, weights=self.number, minlength=int(np.prod(size)))
        # Rows come in any order and fractions are not exact: sums must not depend on it.
        return np.asarray(dense, dtype=float).round(9).reshape(size)

    def by_actor_and_week(self) -> Array:
        """Reports per organisation, area and week, shape (K, A, T)."""
        size = (len(self.organisations), len(self.areas), WEEKS)
        at = np.ravel_multi_index((self.at_organisation, self.at_area, self.at_week), size)
        dense = np.bincount(at, weights=self.number, minlength=int(np.prod(size)))
        return np.asarray(dense, dtype=float).round(9).reshape(size)

    def reported(self) -> Marks:
        """Who reported anything, shape (K, T)."""
        marks = np.zeros((len(self.organisations), WEEKS), dtype=bool)
        marks[self.at_organisation, self.at_week] = True
        return marks

    def asked(self) -> Marks:
        """Who had joined and not left, shape (K, T)."""
        marks = np.zeros((len(self.organisations), WEEKS), dtype=bool)
        first = self.monday(0)
        for row, organisation in enumerate(self.organisations):
            # An actor counts from the week it joined in, to the week before it left.
            begin = max((organisation.joined_on - first).days // 7, 0)
            left = organisation.left_on
            end = WEEKS if left is None else max((left - first).days // 7, 0)
            marks[row, begin:end] = True
        return marks

    def by_actor(self, weeks: int) -> Array:
        """Reports per organisation and area of the last `weeks` weeks, shape (K, A)."""
        kept = self.at_week >= WEEKS - weeks
        size = (len(self.organisations), len(self.areas))
        at = np.ravel_multi_index((self.at_organisation[kept], self.at_area[kept]), size)
        total = np.bincount(at, weights=self.number[kept], minlength=int(np.prod(size)))
        return np.asarray(total, dtype=float).round(9).reshape(size)

    def actors(self, first: int, last: int) -> Marks:
        """Who reported each cell in week indices first..last, shape (A, C, K)."""
        kept = (self.at_week >= first) & (self.at_week <= last)
        marks = np.zeros(
            (len(self.areas), len(self.categories), len(self.organisations)), dtype=bool
        )
        marks[self.at_area[kept], self.at_category[kept], self.at_organisation[kept]] = True
        return marks

    def fill_from_frozen(self, period: Array, who: Marks) -> None:
        """Put what the closed period froze into `period` (A, C) and `who` (A, C, K)."""
        assert self.closed is not None
        areas = {row.id: index for index, row in enumerate(self.areas)}
        categories = {row.id: index for index, row in enumerate(self.categories)}
        organisations = {row.id: index for index, row in enumerate(self.organisations)}
        for cell in self.closed.cells:
            area, category = areas[cell.area_id], categories[cell.category_id]
            period[area, category] += cell.count
            who[area, category, organisations[cell.organisation_id]] = True


_AREAS = """
SELECT id, key, name, locality, latitude, longitude, retired_on IS NOT NULL AS retired
FROM area ORDER BY key
"""
_CATEGORIES = "SELECT id, key, label, severity FROM category ORDER BY position, key"
_ORGANISATIONS = (
    "SELECT id, name, joined_on, left_on FROM organisation ORDER BY joined_on, name, id"
)

# string_agg without ORDER BY keeps one order in all columns of a row, whatever it is.
WEEKLY = """
SELECT string_agg(date_send(week), ''::bytea), string_agg(uuid_send(area_id), ''::bytea),
       string_agg(uuid_send(category_id), ''::bytea),
       string_agg(uuid_send(organisation_id), ''::bytea),
       string_agg(date_send(arrival_week), ''::bytea), string_agg(float8send(count), ''::bytea)
FROM weekly_count WHERE week BETWEEN $1 AND $2
"""
HOURLY = """
SELECT string_agg(uuid_send(area_id), ''::bytea), string_agg(uuid_send(category_id), ''::bytea),
       string_agg(int2send(hour_of_week), ''::bytea), string_agg(float8send(count), ''::bytea)
FROM hourly_count WHERE week BETWEEN $1 AND $2
"""


async def read_counts(week: date, closed: Closed | None = None) -> Counts:
    """The open scope's counts of the 156 weeks that end with `week`.

    `closed` is its latest closed period, if that has been read already.
    """
    first = week - timedelta(weeks=WEEKS - 1)
    if closed is None:
        closed = await read_closed(closed_period(week)[0])
    # Counts before names: a row's area, category and organisation can only be older than it.
    weekly = await fetch_row(WEEKLY, first, week)
    hourly = await fetch_row(HOURLY, week - timedelta(weeks=HOT_WEEKS - 1), week)
    zero = await fetch(
        "SELECT organisation_id, week FROM zero_report WHERE week BETWEEN $1 AND $2", first, week
    )
    assert weekly is not None and hourly is not None  # Aggregates always give a row.
    areas = await _read_areas(weekly, hourly, closed)
    categories = [CategoryRow(**row) for row in await fetch(_CATEGORIES)]
    organisations = [OrganisationRow(**row) for row in await fetch(_ORGANISATIONS)]

    known = [_Known([row.id for row in rows]) for rows in (areas, categories, organisations)]
    said_nothing = np.zeros((len(organisations), WEEKS), dtype=bool)
    place = {row.id: index for index, row in enumerate(organisations)}
    for row in zero:
        said_nothing[place[row["organisation_id"]], (row["week"] - first).days // 7] = True

    size = (len(areas), len(categories), 168)
    at = np.ravel_multi_index(
        (known[0].find(hourly[0]), known[1].find(hourly[1]), _numbers(hourly[2], ">i2")), size
    )
    hours = np.bincount(at, weights=_floats(hourly[3]), minlength=int(np.prod(size)))
    return Counts(
        week=week,
        areas=areas,
        categories=categories,
        organisations=organisations,
        at_week=_weeks_since(first, weekly[0]),
        at_area=known[0].find(weekly[1]),
        at_category=known[1].find(weekly[2]),
        at_organisation=known[2].find(weekly[3]),
        arrived=_weeks_since(first, weekly[4]),
        number=_floats(weekly[5]),
        said_nothing=said_nothing,
        hours=np.asarray(hours, dtype=float).round(9).reshape(size),
        weights=await _read_weights(),
        closed=closed,
    )


async def _read_weights() -> Weights:
    row = await fetch_row(
        "SELECT version, light, medium, severe FROM severity_weighting"
        " ORDER BY version DESC LIMIT 1"
    )
    if row is None:
        return STANDARD_WEIGHTS
    return Weights(row["version"], {1: row["light"], 2: row["medium"], 3: row["severe"]})


async def _read_areas(weekly: Record, hourly: Record, closed: Closed | None) -> list[AreaRow]:
    """The areas in force, and of those that are no more the ones in which something is counted."""
    rows = await fetch(_AREAS)
    retired = [row["id"] for row in rows if row["retired"]]
    left = set(retired)
    if retired:
        counted = _words((weekly[1] or b"") + (hourly[0] or b""))
        words = _words(b"".join(one.bytes for one in retired))
        left = {one for one, here in zip(retired, np.isin(words, counted), strict=True) if not here}
        left -= {cell.area_id for cell in closed.cells} if closed is not None else set()
    return [AreaRow(*list(row.values())[:-1]) for row in rows if row["id"] not in left]


class _Known:
    """Finds the position of ids in a list by one machine word each."""

    def __init__(self, ids: list[UUID]) -> None:
        words = _words(b"".join(one.bytes for one in ids))
        self.order = np.argsort(words)
        self.sorted = words[self.order]
        if np.any(self.sorted[1:] == self.sorted[:-1]):
            raise ValueError("Two ids fall on one word.")

    def find(self, packed: bytes | None) -> Ints:
        words = _words(packed or b"")
        if not self.sorted.size:
            return np.zeros(0, dtype=np.intp)
        return np.asarray(self.order[np.searchsorted(self.sorted, words)], dtype=np.intp)


def _words(packed: bytes) -> NDArray[np.uint64]:
    """Ids as one machine word each."""
    halves = np.frombuffer(packed, dtype="<u8").reshape(-1, 2)
    return np.asarray(halves[:, 0] ^ (halves[:, 1] * np.uint64(0x9E3779B97F4A7C15)))


def _numbers(packed: bytes | None, kind: str) -> Ints:
    return np.frombuffer(packed or b"", dtype=kind).astype(np.intp)


def _floats(packed: bytes | None) -> Array:
    return np.frombuffer(packed or b"", dtype=">f8").astype(float)


def _weeks_since(first: date, packed: bytes | None) -> Ints:
    return (_numbers(packed, ">i4") - (first - POSTGRES_EPOCH).days) // 7
