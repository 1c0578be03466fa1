"""Dispose of what a report says of people, once it is old; every count stands."""

from uuid import uuid4

from tenants import audit
from tenants.scope import execute, fetch_value

# Months from reception. A report itself stays, as a row without words, point or reporter: the
# counts that pictures are computed from were made when it came in, and are not touched.
MONTHS = {"report.words": 24, "report.point": 24, "report.reporter": 24}

_REMOVE = {
    "report.words": "UPDATE report SET text = NULL WHERE received_at < $1 AND text IS NOT NULL",
    "report.point": """UPDATE report SET latitude = NULL, longitude = NULL
                       WHERE received_at < $1 AND latitude IS NOT NULL""",
    "report.reporter": """UPDATE report SET person_id = NULL
                          WHERE received_at < $1 AND person_id IS NOT NULL""",
}


async def dispose() -> dict[str, int]:
    """Remove what is too old in the open scope's municipality; how much, by kind of record.

    Each removal leaves its receipt and audit line in the same transaction. Done again at once it
    finds nothing, and leaves nothing.
    """
    removed = {}
    for record, months in MONTHS.items():
        limit = await fetch_value("SELECT now() - make_interval(months => $1)", months)
        removed[record] = int((await execute(_REMOVE[record], limit)).split()[-1])
        if not removed[record]:
            continue
        receipt = uuid4()
        await execute(
            """INSERT INTO disposal (tenant_id, id, record, older_than, removed)
               VALUES (ks.current_tenant(), $1, $2, $3, $4)""",
            receipt,
            record,
            limit,
            removed[record],
        )
        await audit.record(
            by=None,
            verb="records.dispose",
            object_kind="disposal",
            object_id=receipt,
            detail={"record": record, "removed": removed[record]},
        )
    return removed
