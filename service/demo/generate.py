"""Three years of reports of one invented municipality, as arrays, from a fixed seed.

The same municipality and the same week give the same world to the last bit. What is invented is
the process: how often what is seen where and when, by whom, and how late it is told; season and
hours as in `rhythm`, more spread than chance alone, and organisations that are silent at times.
"""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from service.cycle.mapping.categories import DEFAULT_CATEGORIES
from service.cycle.mapping.place_types import PLACE_TYPES
from service.cycle.mapping.time_buckets import BUCKETS
from service.cycle.mapping.week import week_of
from service.demo.clock import DAY, HOUR, WEEK, instants
from service.demo.nine import BY_CODE
from service.demo.organisations import InventedOrganisation, organisations
from service.demo.planted import planted_rises
from service.demo.rhythm import RHYTHMS, SEES, week_profile, yearly
from service.demo.texts import TEXTS
from service.geography import AreaShape, areas_of

SEED = 20211122
WEEKS = 157  # three years and the week that is under way
CATEGORIES = tuple(one.key for one in DEFAULT_CATEGORIES)
GROUP_OF = {one.key: one.group_key for one in DEFAULT_CATEGORIES}
NOW, BUCKET, EXACT, INTERVAL = range(4)
TIME_KINDS = ("now", "bucket", "exact", "interval")
KIND_SHARES = (0.42, 0.28, 0.22, 0.08)
DISCOVERED_LATER = {"damage", "theft"}  # groups where the interval is the usual answer
LATE_SHARE = 0.06
QUIET_SHARE = 0.05
ZERO_SHARE = 0.85
TEXT_SHARE = 0.12
POINT_SHARE = 0.3
POINT_KM = 0.25
HEARD = 0.9  # roughly the share that is not lost to silence; the weekly mean is set by it
PLACES = tuple(PLACE_TYPES)

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


class Reports(NamedTuple):
    """Parallel arrays over reports. Times are seconds since 1970; -1 and NaN stand for nothing."""

    organisation: Ints
    category: Ints
    area: Ints
    kind: Ints
    occurred_from: Floats
    occurred_to: Floats
    received: Floats
    text: Ints
    place_type: Ints
    latitude: Floats
    longitude: Floats


class ZeroReports(NamedTuple):
    """Parallel arrays; week is an index into the world's weeks."""

    organisation: Ints
    week: Ints
    received: Floats


@dataclass(frozen=True)
class World:
    """One municipality's invented past, up to `now`."""

    code: str
    now: datetime
    first_week: date
    areas: list[AreaShape]
    organisations: list[InventedOrganisation]
    reports: Reports
    zero_reports: ZeroReports

    def week(self, index: int) -> date:
        """The Monday of a week of this world, 0 to WEEKS - 1."""
        return self.first_week + timedelta(weeks=int(index))

    def fingerprint(self) -> str:
        """A hash of everything that was drawn."""
        digest = hashlib.sha256()
        for array in (*self.reports, *self.zero_reports):
            digest.update(np.ascontiguousarray(array).tobytes())
        digest.update(repr(self.organisations).encode())
        return digest.hexdigest()


def generate(code: str, now: datetime) -> World:
    """The world of one of the nine. Raises KeyError for any other code."""
    town = BY_CODE[code]
    rng = np.random.default_rng([SEED, int(code)])
    this_week = week_of(now)
    first_week = this_week - timedelta(weeks=WEEKS - 1)
    areas = areas_of(code)
    actors = organisations(town, first_week, this_week, rng)
    active = _active(actors, first_week, rng)
    week, area, category = _happenings(code, town.weekly, areas, first_week, rng)
    organisation = _seen_by(actors, area, category, len(areas), rng)
    heard = active[organisation, week]
    week, area, category, organisation = (
        values[heard] for values in (week, area, category, organisation)
    )
    kind, wall_from, wall_to = _when(week, category, rng)
    begins, ends = instants(first_week, wall_from), instants(first_week, wall_to)
    received = np.ceil(ends + _delay(kind, rng))
    # What has not happened or not been told yet is not in the picture.
    told = received <= now.timestamp()
    reports = Reports(
        organisation,
        category,
        area,
        kind,
        begins,
        ends,
        received,
        _texts(category, rng),
        np.where(rng.random(len(week)) < 0.4, rng.integers(0, len(PLACES), len(week)), -1),
        *_points(area, areas, rng),
    )
    columns: list[Any] = [values[told] for values in reports]
    reports = Reports(*columns)
    return World(
        code,
        now,
        first_week,
        areas,
        actors,
        reports,
        _zero_reports(reports, active, first_week, now, rng),
    )


def _active(
    actors: list[InventedOrganisation], first_week: date, rng: np.random.Generator
) -> npt.NDArray[np.bool_]:
    """Whether an organisation tells anything at all in a week, shape (K, W)."""
    mondays = [first_week + timedelta(weeks=i) for i in range(WEEKS)]
    active = rng.random((len(actors), WEEKS)) > QUIET_SHARE
    for k, actor in enumerate(actors):
        # Once in the three years most of them lose a month or two.
        if rng.random() < 0.6:
            start = int(rng.integers(0, WEEKS - 30))
            active[k, start : start + int(rng.integers(3, 9))] = False
        active[k] &= np.array([monday >= actor.joined_on for monday in mondays])
        if actor.quiet_since_weeks:
            active[k, WEEKS - actor.quiet_since_weeks :] = False
        active[k] &= not actor.silent
    return active


def _happenings(
    code: str, weekly: float, areas: list[AreaShape], first_week: date, rng: np.random.Generator
) -> tuple[Ints, Ints, Ints]:
    """Week, area and category of everything that somebody saw."""
    rhythms = [RHYTHMS[key] for key in CATEGORIES]
    days = np.array(
        [(first_week + timedelta(weeks=i)).timetuple().tm_yday + 3.0 for i in range(WEEKS)]
    )
    season = yearly(
        np.array([rhythm.wave for rhythm in rhythms]),
        np.array([float(rhythm.top) for rhythm in rhythms]),
        days,
    )
    share = np.array([rhythm.share for rhythm in rhythms])
    attraction = _attraction(areas, rng)
    taste = rng.lognormal(0.0, 0.35, (len(areas), len(CATEGORIES)))
    mean = attraction[:, None] * share[None, :] * taste
    mean *= weekly / HEARD / mean.sum()
    extra_spread = (
        rng.gamma(60, 1 / 60, (WEEKS, 1, 1))
        * rng.gamma(12, 1 / 12, (WEEKS, len(areas), 1))
        * rng.gamma(12, 1 / 12, (WEEKS, 1, len(CATEGORIES)))
    )
    count = rng.poisson(mean[None] * season[:, None, :] * extra_spread)
    keys = [area.key for area in areas]
    for rise in planted_rises(first_week + timedelta(weeks=WEEKS - 1)):
        if rise.municipality == code:
            begin, end = ((day - first_week).days // 7 for day in (rise.from_week, rise.until_week))
            cell = keys.index(rise.area), CATEGORIES.index(rise.category)
            planted = rng.poisson(rise.extra / HEARD, end + 1 - begin)
            count[begin : end + 1, cell[0], cell[1]] += planted
    week, area, category = (np.repeat(index, count[count > 0]) for index in np.nonzero(count))
    return week, area, category


def _attraction(areas: list[AreaShape], rng: np.random.Generator) -> Floats:
    """Centres draw more than edges; the rest is large and quiet."""
    weight = rng.lognormal(0.0, 0.7, len(areas))
    for i, area in enumerate(areas):
        if area.kind == "locality":
            weight[i] *= 1.2
    weight[[area.kind == "rest" for area in areas]] = 1.0
    return np.asarray(weight / weight.sum())


def _seen_by(
    actors: list[InventedOrganisation],
    area: Ints,
    category: Ints,
    areas: int,
    rng: np.random.Generator,
) -> Ints:
    """Which organisation saw it: what it tends to see, and where it tends to be."""
    affinity = np.array(
        [
            [1.0 if GROUP_OF[key] in SEES[actor.actor_type] else 0.12 for key in CATEGORIES]
            for actor in actors
        ]
    )
    presence = rng.gamma(1.2, 1.0, (len(actors), areas)) + 0.15
    weight = np.array([actor.weight for actor in actors])
    chance = weight[:, None, None] * presence[:, :, None] * affinity[:, None, :]
    cumulative = np.cumsum(chance / chance.sum(axis=0), axis=0).reshape(len(actors), -1)
    cell = area * len(CATEGORIES) + category
    draw = rng.random(len(cell))
    organisation = np.zeros(len(cell), dtype=np.int64)
    for level in cumulative[:-1]:
        organisation += draw > level[cell]
    return organisation


def _when(week: Ints, category: Ints, rng: np.random.Generator) -> tuple[Ints, Floats, Floats]:
    """How the time was told, and from when to when by the clock on the wall, in seconds."""
    hour = np.zeros(len(week), dtype=np.int64)
    for which, key in enumerate(CATEGORIES):
        of_it = np.flatnonzero(category == which)
        hour[of_it] = rng.choice(168, len(of_it), p=week_profile(RHYTHMS[key].profile))
    kind = rng.choice(4, len(week), p=KIND_SHARES)
    later = np.isin(
        category,
        [i for i, key in enumerate(CATEGORIES) if GROUP_OF[key] in DISCOVERED_LATER],
    )
    # An interval is told about what was found, not about what was seen.
    kind[(kind == INTERVAL) & ~later & (rng.random(len(week)) < 0.85)] = EXACT
    minute = np.floor(rng.random(len(week)) * 60) * 60
    begins = week * WEEK + hour * HOUR + minute
    ends = begins.copy()
    bucket = kind == BUCKET
    begins[bucket], ends[bucket] = _bucket(begins[bucket])
    interval = np.flatnonzero(kind == INTERVAL)
    nights = rng.random(len(interval)) < 0.8
    day = np.floor(begins[interval] / DAY) * DAY
    friday = week[interval] * WEEK + 4 * DAY
    begins[interval] = np.where(nights, day + 17 * HOUR, friday + 17 * HOUR)
    ends[interval] = np.where(nights, day + 31 * HOUR, friday + 3 * DAY + 7 * HOUR)
    return kind, begins, ends


def _bucket(wall: Floats) -> tuple[Floats, Floats]:
    """The part of the day that holds each moment; just after midnight it began the day before."""
    parts = [bucket for bucket in BUCKETS if bucket.key != "unknown"]
    hour = np.floor(wall % DAY / HOUR)
    begins, ends = np.zeros_like(wall), np.zeros_like(wall)
    for part in parts:
        for shift in (0, 24):
            inside = (hour + shift >= part.start) & (hour + shift < part.until)
            day = np.floor(wall[inside] / DAY) * DAY - shift * HOUR
            begins[inside], ends[inside] = day + part.start * HOUR, day + part.until * HOUR
    # The world begins on a Monday at midnight, which is within a part of the Sunday before.
    return np.maximum(begins, 0.0), ends


def _delay(kind: Ints, rng: np.random.Generator) -> Floats:
    """Seconds from the end of the happening to the report; some are weeks late."""
    hours = rng.exponential(np.choose(kind, [0.0, 7.0, 9.0, 5.0]))
    late = (kind != NOW) & (rng.random(len(kind)) < LATE_SHARE)
    hours[late] += rng.uniform(3, 24, int(late.sum())) * 24
    return np.asarray(hours * HOUR)


def _texts(category: Ints, rng: np.random.Generator) -> Ints:
    """Index into the category's texts, or -1; `other` always says something."""
    known = np.array([len(TEXTS.get(key, ())) for key in CATEGORIES])[category]
    drawn = np.floor(rng.random(len(category)) * known).astype(np.int64)
    says = (rng.random(len(category)) < TEXT_SHARE) | (category == CATEGORIES.index("other"))
    return np.where(says & (known > 0), drawn, -1)


def _points(area: Ints, areas: list[AreaShape], rng: np.random.Generator) -> tuple[Floats, Floats]:
    """A point near the middle of the area for some, never for the wide rest of the municipality."""
    middle = np.array([(shape.latitude, shape.longitude) for shape in areas])
    wide = np.array([shape.kind == "rest" for shape in areas])
    away = POINT_KM * np.sqrt(rng.random(len(area))) / 111.2
    turn = rng.random(len(area)) * 2 * np.pi
    latitude = middle[area, 0] + away * np.cos(turn)
    longitude = middle[area, 1] + away * np.sin(turn) / np.cos(np.radians(middle[area, 0]))
    none = wide[area] | (rng.random(len(area)) >= POINT_SHARE)
    latitude[none], longitude[none] = np.nan, np.nan
    return latitude.round(5), longitude.round(5)


def _zero_reports(
    reports: Reports,
    active: npt.NDArray[np.bool_],
    first_week: date,
    now: datetime,
    rng: np.random.Generator,
) -> ZeroReports:
    """Who was awake and had nothing to tell mostly says so, late on the Sunday."""
    start = instants(first_week, np.arange(WEEKS, dtype=np.float64) * WEEK)
    told = np.zeros(active.shape, dtype=bool)
    week = np.searchsorted(start, reports.occurred_from, side="right") - 1
    told[reports.organisation, week] = True
    last = np.searchsorted(start, np.maximum(reports.occurred_to - 1, start[0]), side="right") - 1
    told[reports.organisation, last] = True
    said = active & ~told & (rng.random(active.shape) < ZERO_SHARE)
    organisation, week = np.nonzero(said)
    sunday = week * WEEK + rng.uniform(6.3, 7.4, len(week)) * DAY
    received = instants(first_week, np.asarray(sunday, dtype=np.float64))
    known = received <= now.timestamp()
    return ZeroReports(organisation[known], week[known], np.ceil(received[known]))
