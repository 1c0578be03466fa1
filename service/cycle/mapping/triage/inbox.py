"""What waits to be read, the report that is read now, and its likely twins."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import cos, hypot, radians
from uuid import UUID

from asyncpg import Record

from service.cycle.mapping.check_text import Checked, check_text
from service.cycle.mapping.read_reports import occurred
from service.geography.areas import KM_PER_DEGREE
from service.web.icons import category_sign
from service.web.language import _, ngettext
from tenants.members import Member
from tenants.roles import Permission
from tenants.scope import fetch, fetch_value

WAITS_FOR = timedelta(days=7)
"""What nobody has read within this time leaves the list; a held text stays until it is read."""
SHOWN = 60
TWIN_METRES = 100
TWIN_HOURS = 24
TWINS = 3

_FIELDS = """
    report.id, report.received_at, report.occurred_from, report.occurred_to, report.text,
    report.latitude, report.longitude, report.organisation_id, report.concern,
    report.area_id, category.key, category.label, area.name AS area_name,
    organisation.name AS organisation, held_text.text AS held, review.outcome,
    report_merge.into_id
"""
_FROM = """
    FROM report
    JOIN category ON category.id = report.category_id
    JOIN area ON area.id = report.area_id
    JOIN organisation ON organisation.id = report.organisation_id
    LEFT JOIN held_text ON held_text.report_id = report.id
    LEFT JOIN review ON review.report_id = report.id
    LEFT JOIN report_merge ON report_merge.report_id = report.id
"""
# Who took in a file has seen its rows checked; only what its texts may give away is left to read.
_WAITING = """(held_text.report_id IS NOT NULL
    OR (review.report_id IS NULL AND report.batch_id IS NULL
        AND report.received_at > now() - $1::interval))"""
_NEAR = """report.id <> $1 AND report.category_id = mine.category_id
    AND report.occurred_from <= mine.occurred_to + $2::interval
    AND report.occurred_to >= mine.occurred_from - $2::interval"""


@dataclass(frozen=True)
class Case:
    """A report as who triages sees it. `held` is a text that nobody else has seen.

    `unseen` says that there are words which only an authority may read.
    """

    id: UUID
    received_at: datetime
    key: str
    label: str
    icon: str
    area_id: UUID
    area_name: str
    organisation: str | None
    organisation_id: UUID
    occurred: str
    starts: datetime
    ends: datetime
    text: str | None
    held: Checked | None
    point: tuple[float, float] | None
    outcome: str | None
    merged_into: UUID | None
    unseen: bool


@dataclass(frozen=True)
class Twin:
    """A report that may tell of the same event, and the differences in words."""

    case: Case
    place: str
    time: str
    actor: str
    same_actor: bool


async def waiting(by: Member) -> tuple[list[Case], int]:
    """The first of what waits, newest first, and how many wait in all."""
    rows = await fetch(
        f"SELECT {_FIELDS} {_FROM} WHERE {_WAITING} ORDER BY report.received_at DESC LIMIT $2",
        WAITS_FOR,
        SHOWN,
    )
    count = await fetch_value(f"SELECT count(*) {_FROM} WHERE {_WAITING}", WAITS_FOR)
    return [await _case(row, by) for row in rows], count


async def find_case(by: Member, report_id: UUID) -> Case | None:
    rows = await fetch(f"SELECT {_FIELDS} {_FROM} WHERE report.id = $1", report_id)
    return await _case(rows[0], by) if rows else None


async def twins(by: Member, case: Case) -> list[Twin]:
    """Of the same category, near in time, and near in place or in the same area; nearest first."""
    rows = await fetch(
        f"""SELECT {_FIELDS} {_FROM},
                   (SELECT * FROM report WHERE id = $1) AS mine
            WHERE {_NEAR} AND review.outcome IS DISTINCT FROM 'rejected'
              AND coalesce(report_merge.into_id, report.id) <> $3
            ORDER BY report.area_id <> mine.area_id, abs(extract(epoch FROM
                     report.occurred_from - mine.occurred_from)), report.id LIMIT 40""",
        case.id,
        timedelta(hours=TWIN_HOURS),
        case.merged_into or case.id,
    )
    found = [_twin(case, await _case(row, by)) for row in rows]
    return [twin for twin in found if twin is not None][:TWINS]


async def _case(row: Record, by: Member) -> Case:
    named = by.may(Permission.REPORT_READ_REPORTER) or row["organisation_id"] == by.organisation_id
    readable = by.is_authority or row["organisation_id"] == by.organisation_id
    held = row["held"] if readable else "" if row["held"] is not None else None
    return Case(
        id=row["id"],
        received_at=row["received_at"],
        key=row["key"],
        label=_(row["label"]),
        icon=category_sign(row["key"]),
        area_id=row["area_id"],
        area_name=row["area_name"],
        organisation=row["organisation"] if named else None,
        organisation_id=row["organisation_id"],
        occurred=occurred(row["occurred_from"], row["occurred_to"]),
        starts=row["occurred_from"],
        ends=row["occurred_to"],
        text=row["text"] if readable else None,
        held=await check_text(held) if held is not None else None,
        point=(row["latitude"], row["longitude"]) if row["latitude"] is not None else None,
        outcome=row["outcome"],
        merged_into=row["into_id"],
        unseen=not readable and (row["text"] or row["held"]) is not None,
    )


def _twin(mine: Case, other: Case) -> Twin | None:
    if mine.point and other.point:
        metres = _metres(mine.point, other.point)
        if metres > TWIN_METRES:
            return None
        place = ngettext("%(num)s meter", "%(num)s meter", round(metres, -1))
    elif mine.area_id == other.area_id:
        place = _("Samma område")
    else:
        return None
    same_actor = mine.organisation_id == other.organisation_id
    return Twin(
        other,
        place,
        _apart(mine, other),
        _("Samma") if same_actor else _("Olika, stärker underlaget"),
        same_actor,
    )


def _apart(mine: Case, other: Case) -> str:
    gap = max(mine.starts - other.ends, other.starts - mine.ends)
    minutes = round(gap.total_seconds() / 60)
    if minutes <= 0:
        return _("Överlappar")
    if minutes < 90:
        return ngettext("%(num)s minut emellan", "%(num)s minuter emellan", minutes)
    hours = round(minutes / 60)
    return ngettext("%(num)s timme emellan", "%(num)s timmar emellan", hours)


def _metres(one: tuple[float, float], other: tuple[float, float]) -> float:
    scale = cos(radians(one[0]))
    return hypot(one[0] - other[0], (one[1] - other[1]) * scale) * KM_PER_DEGREE * 1000
