"""What a system may read: the words it reports with, and what became of its organisation's own."""

import base64
import binascii
from datetime import UTC, datetime
from uuid import UUID

from service.cycle.mapping.api.messages import (
    AreaEntry,
    Areas,
    Categories,
    CategoryEntry,
    PlaceTypeEntry,
    PlaceTypes,
    ReportState,
    ReportStates,
)
from service.cycle.mapping.categories import NEEDS_TEXT
from service.cycle.mapping.place_types import PLACE_TYPES
from service.web.language import _
from tenants.members import Member
from tenants.scope import fetch, fetch_row

_STATES = """
SELECT report.id, report.received_at, category.key AS category, area.name AS area,
       report.occurred_from, report.occurred_to,
       CASE WHEN merged.report_id IS NOT NULL THEN 'merged'
            ELSE coalesce(review.outcome, 'waiting') END AS state
FROM report
JOIN category ON category.id = report.category_id
JOIN area ON area.id = report.area_id
LEFT JOIN report_merge AS merged ON merged.report_id = report.id
LEFT JOIN review ON review.report_id = report.id
WHERE report.organisation_id = $1
"""


class NoSuchCursor(ValueError):
    """The text is no cursor that an answer gave."""


async def read_states(by: Member, *, after: str | None, limit: int) -> ReportStates:
    """The own organisation's reports, newest first. Raises NoSuchCursor."""
    at, last = _uncursor(after) if after else (None, None)
    rows = await fetch(
        _STATES
        + """ AND ($2::timestamptz IS NULL OR (report.received_at, report.id) < ($2, $3::uuid))
             ORDER BY report.received_at DESC, report.id DESC LIMIT $4""",
        by.organisation_id,
        at,
        last,
        limit + 1,
    )
    shown = [ReportState(**dict(row)) for row in rows[:limit]]
    more = len(rows) > limit
    return ReportStates(shown, _cursor(shown[-1]) if more else None)


async def read_state(by: Member, report_id: UUID) -> ReportState | None:
    """One of the own organisation's; None for any other, as for one that is none."""
    row = await fetch_row(_STATES + " AND report.id = $2", by.organisation_id, report_id)
    return ReportState(**dict(row)) if row is not None else None


def _cursor(last: ReportState) -> str:
    text = f"{last.received_at.isoformat()} {last.id}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _uncursor(cursor: str) -> tuple[datetime, UUID]:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        at, _space, last = base64.urlsafe_b64decode(padded.encode()).decode().partition(" ")
        # A time of no year that the database knows is none either.
        return datetime.fromisoformat(at).astimezone(UTC), UUID(last)
    except (ValueError, OverflowError, binascii.Error):
        raise NoSuchCursor(cursor) from None


async def read_categories() -> Categories:
    rows = await fetch(
        "SELECT key, label FROM category WHERE hidden_on IS NULL ORDER BY position, key"
    )
    return Categories(
        [CategoryEntry(row["key"], row["label"], row["key"] in NEEDS_TEXT) for row in rows]
    )


async def read_areas() -> Areas:
    rows = await fetch(
        """SELECT key, name, locality, latitude, longitude FROM area
           WHERE retired_on IS NULL ORDER BY key"""
    )
    return Areas([AreaEntry(**dict(row)) for row in rows])


def place_types() -> PlaceTypes:
    return PlaceTypes([PlaceTypeEntry(key, _(label)) for key, label in PLACE_TYPES.items()])
