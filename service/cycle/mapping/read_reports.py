"""The latest reports, as much of them as the one who asks may see."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from asyncpg import Record

from service.cycle.mapping.place_types import PLACE_TYPES
from service.cycle.mapping.week import STOCKHOLM, midnight
from service.web.formats import clock, day, moment
from service.web.icons import category_sign
from service.web.language import _
from tenants.members import Member
from tenants.roles import Permission
from tenants.scope import fetch

FIRST = 20
"""How many a page begins with, and how many more each press shows."""
MOST = 500


@dataclass(frozen=True)
class Line:
    """One report in a list. `text` and `organisation` are None where they are not shown."""

    id: str
    received_at: datetime
    label: str
    icon: str
    area_name: str
    place_type: str | None
    occurred: str
    text: str | None
    organisation: str | None
    own: bool


async def read_reports(
    *, by: Member, limit: int = FIRST, area: str | None = None, category: str | None = None
) -> list[Line]:
    """The latest reports, newest first: of the own organisation, or with REPORT_READ of all.

    `area` and `category`, keys, leave out those of others.

    The text of another organisation is for authorities only, and who handed a report in is for
    those with REPORT_READ_REPORTER; nobody is shown the person.
    """
    rows = await fetch(
        """SELECT report.id, report.received_at, report.place_type, report.text,
                  report.time_kind, report.occurred_from, report.occurred_to,
                  report.organisation_id, category.key, category.label,
                  area.name AS area_name, organisation.name AS organisation
           FROM report
           JOIN category ON category.id = report.category_id
           JOIN area ON area.id = report.area_id
           JOIN organisation ON organisation.id = report.organisation_id
           WHERE ($1 OR report.organisation_id = $2)
             AND ($4::text IS NULL OR area.key = $4) AND ($5::text IS NULL OR category.key = $5)
           ORDER BY report.received_at DESC LIMIT $3""",
        by.may(Permission.REPORT_READ),
        by.organisation_id,
        limit,
        area,
        category,
    )
    return [_line(row, by) for row in rows]


def _line(row: Record, by: Member) -> Line:
    own = row["organisation_id"] == by.organisation_id
    place_type = PLACE_TYPES.get(row["place_type"] or "")
    return Line(
        id=str(row["id"]),
        received_at=row["received_at"],
        label=_(row["label"]),
        icon=category_sign(row["key"]),
        area_name=row["area_name"],
        place_type=_(place_type) if place_type else None,
        occurred=occurred(row["occurred_from"], row["occurred_to"]),
        text=row["text"] if own or by.is_authority else None,
        organisation=(
            row["organisation"] if own or by.may(Permission.REPORT_READ_REPORTER) else None
        ),
        own=own,
    )


def occurred(start: datetime, end: datetime) -> str:
    """`20 november 18.00–22.00`, `20 november 14.32`, `20 november 18.00 – 23 november 08.00`."""
    if start == end:
        return moment(start)
    first, last = start.astimezone(STOCKHOLM), end.astimezone(STOCKHOLM)
    if start == midnight(first.date()) and end == midnight(first.date() + timedelta(days=1)):
        return _("%(day)s, okänd tid", day=day(start, year=False))
    if first.date() == last.date():
        return f"{day(start, year=False)} {clock(start)}–{clock(end)}"
    return f"{moment(start)} – {moment(end)}"
