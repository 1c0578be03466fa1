"""Dispose of what a report says of people, once it is old; every count stands."""

from uuid import uuid4

from service.operations.retention.rule import rules
from tenants import audit
from tenants.scope import execute, fetch_value

# A report itself stays, as a row without words, point or reporter: the counts that pictures are
# computed from were made when it came in, and are not touched. Words that are held back until
# somebody has read them are words all the same.
_REMOVE = {
    "report.words": """
        WITH held AS (
            DELETE FROM held_text USING report
            WHERE report.id = held_text.report_id AND received_at < $1 RETURNING report_id
        ), said AS (
            UPDATE report SET text = NULL
            WHERE received_at < $1 AND text IS NOT NULL RETURNING id
        )
        SELECT count(*) FROM (SELECT report_id FROM held UNION SELECT id FROM said) AS gone""",
    "report.point": """
        WITH gone AS (
            UPDATE report SET latitude = NULL, longitude = NULL
            WHERE received_at < $1 AND latitude IS NOT NULL RETURNING id
        )
        SELECT count(*) FROM gone""",
    "report.reporter": """
        WITH gone AS (
            UPDATE report SET person_id = NULL
            WHERE received_at < $1 AND person_id IS NOT NULL RETURNING id
        )
        SELECT count(*) FROM gone""",
}


async def dispose() -> dict[str, int]:
    """Remove what is too old in the open scope's municipality; how much, by kind of record.

    Each removal leaves its receipt and audit line in the same transaction. Done again at once it
    finds nothing, and leaves nothing.
    """
    removed = {}
    for rule in await rules():
        record = rule.record
        limit = await fetch_value("SELECT now() - make_interval(months => $1)", rule.months)
        removed[record] = await fetch_value(_REMOVE[record], limit)
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
