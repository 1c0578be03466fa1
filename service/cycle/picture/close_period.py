"""Close a four-week period: freeze what had come in when it ended, with its cells' keys.

What partners and the public are told of a period comes from here alone, so that it never changes:
not when a report comes late, nor when one is moved, merged or set aside afterwards. It holds no
report; the keys of a cell's reports are kept as their sum.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from service.cycle.mapping.week import midnight
from service.cycle.picture.closed_period import closed_period
from service.settings import settings
from service.statistics.cell_key import KEYS, record_key
from tenants.record_secrets import record_secret
from tenants.scope import execute_many, fetch, fetch_row, fetch_value

_COUNTS = """
SELECT area_id, category_id, organisation_id, sum(count) AS count
FROM weekly_count
WHERE week BETWEEN $1 AND $2 AND arrival_week <= $2
GROUP BY area_id, category_id, organisation_id
HAVING sum(count) > 1e-9
"""
_REPORTS = """
SELECT report.id, area_id, category_id, organisation_id FROM report
LEFT JOIN review ON review.report_id = report.id
WHERE occurred_from < $2 AND (occurred_to > $1 OR occurred_from >= $1) AND received_at < $2
  AND review.outcome IS DISTINCT FROM 'rejected'
"""
_HEARD = """
SELECT count(*) FROM (
    SELECT organisation_id FROM weekly_count WHERE arrival_week BETWEEN $1 AND $2
    UNION SELECT organisation_id FROM zero_report WHERE week BETWEEN $1 AND $2) AS heard
"""


@dataclass(frozen=True)
class ClosedCell:
    """One organisation's share of an area and category in a closed period."""

    area_id: UUID
    category_id: UUID
    organisation_id: UUID
    count: float
    cell_key: int


@dataclass(frozen=True)
class Closed:
    """A closed period, from its first Monday to its last one."""

    first: date
    last: date
    organisations: int
    cells: tuple[ClosedCell, ...]


async def close_period(week: date) -> Closed:
    """The latest period that ended before `week`, see `close`."""
    return await close(*closed_period(week))


async def close(first: date, last: date) -> Closed:
    """A period that has ended, by its first and last Monday, frozen by whoever asks first.

    In the open scope. Asked again it gives what was frozen then.
    """
    known = await read_closed(first)
    if known is not None:
        return known
    version, secret = await record_secret(settings().secret_key)
    # Whoever else closes it just now waits here, and then finds it closed.
    mine = await fetch_value(
        """INSERT INTO closed_period (tenant_id, first, last, secret_version, organisations)
           VALUES (ks.current_tenant(), $1, $2, $3, $4) ON CONFLICT DO NOTHING RETURNING true""",
        first,
        last,
        version,
        await fetch_value(_HEARD, first, last),
    )
    if mine:
        await _freeze(first, last, secret)
    closed = await read_closed(first)
    assert closed is not None
    return closed


async def _freeze(first: date, last: date, secret: bytes) -> None:
    keys: dict[tuple[UUID, UUID, UUID], int] = defaultdict(int)
    for row in await fetch(_REPORTS, midnight(first), midnight(last + timedelta(days=7))):
        cell = row["area_id"], row["category_id"], row["organisation_id"]
        keys[cell] += record_key(secret, row["id"].bytes)
    rows = []
    for row in await fetch(_COUNTS, first, last):
        cell = row["area_id"], row["category_id"], row["organisation_id"]
        # Counts without their reports have a key of their own, as lasting as a report's.
        alone = first.isoformat().encode() + b"".join(one.bytes for one in cell)
        key = keys[cell] if cell in keys else record_key(secret, alone)
        rows.append((first, *cell, round(row["count"], 9), key % KEYS))
    await execute_many(
        """INSERT INTO closed_count (tenant_id, first, area_id, category_id, organisation_id,
                                     count, cell_key)
           VALUES (ks.current_tenant(), $1, $2, $3, $4, $5, $6)""",
        rows,
    )


async def read_closed(first: date) -> Closed | None:
    """The period that begins with the Monday `first`, if it has been closed."""
    period = await fetch_row(
        "SELECT first, last, organisations FROM closed_period WHERE first = $1", first
    )
    if period is None:
        return None
    rows = await fetch(
        """SELECT area_id, category_id, organisation_id, count, cell_key FROM closed_count
           WHERE first = $1 ORDER BY area_id, category_id, organisation_id""",
        first,
    )
    return Closed(**dict(period), cells=tuple(ClosedCell(**dict(row)) for row in rows))


async def closed_before(first: date, limit: int) -> list[date]:
    """First Mondays of the latest closed periods up to `first`, oldest first."""
    rows = await fetch(
        "SELECT first FROM closed_period WHERE first <= $1 ORDER BY first DESC LIMIT $2",
        first,
        limit,
    )
    return [row["first"] for row in reversed(rows)]
