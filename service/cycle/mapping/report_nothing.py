"""Say that there is nothing to report in a week: without it, calm and silence look the same."""

from datetime import date

from tenants import audit
from tenants.jobs import ask
from tenants.members import Member
from tenants.scope import fetch_value


async def report_nothing(*, by: Member, week: date) -> bool:
    """Note it for the organisation of `by`, and for the week of this Monday; said twice is once.

    A report later the same week does not contradict it: it was so when it was said. Returns
    whether this was the first time.
    """
    first = await fetch_value(
        """INSERT INTO zero_report (tenant_id, organisation_id, week, person_id)
           VALUES (ks.current_tenant(), $1, $2, $3)
           ON CONFLICT (tenant_id, organisation_id, week) DO NOTHING RETURNING true""",
        by.organisation_id,
        week,
        by.person_id,
    )
    if first:
        await _tell(by, "zero_report.send", week)
    return bool(first)


async def take_back_nothing(*, by: Member, week: date) -> bool:
    """Undo it, by anyone of the organisation; returns whether there was something to undo."""
    gone = await fetch_value(
        "DELETE FROM zero_report WHERE organisation_id = $1 AND week = $2 RETURNING true",
        by.organisation_id,
        week,
    )
    if gone:
        await _tell(by, "zero_report.take_back", week)
    return bool(gone)


async def has_reported_nothing(*, by: Member, weeks: list[date]) -> bool:
    """Whether the organisation of `by` has said so for every one of the weeks."""
    said = await fetch_value(
        "SELECT count(*) FROM zero_report WHERE organisation_id = $1 AND week = ANY($2)",
        by.organisation_id,
        weeks,
    )
    return bool(said == len(weeks))


async def _tell(by: Member, verb: str, week: date) -> None:
    await audit.record(
        by=by,
        verb=verb,
        object_kind="zero_report",
        object_id=by.organisation_id,
        detail={"week": week.isoformat()},
    )
    await ask("picture.compile", by=by)
