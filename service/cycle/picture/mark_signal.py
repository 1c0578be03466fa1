"""Mark a signal: relevant, known before, or wrong. Only so can a municipality know its hit rate."""

from uuid import UUID, uuid4

from service.web.live import announce
from tenants import audit
from tenants.members import Member
from tenants.scope import fetch_value

VERDICTS = ("relevant", "known", "wrong")


class UnknownSignal(LookupError):
    """There is no such signal here."""


async def mark_signal(*, by: Member, signal_id: UUID, verdict: str) -> None:
    """Note what `by` makes of it; the latest mark holds. Said twice it is once.

    Raises UnknownSignal.
    """
    # Whoever marks the same signal at the same moment waits here, and then finds this mark.
    held = await fetch_value("SELECT id FROM signal WHERE id = $1 FOR UPDATE", signal_id)
    if held is None:
        raise UnknownSignal()
    marked = await fetch_value(
        """INSERT INTO signal_mark (tenant_id, id, signal_id, verdict, marked_by)
           SELECT ks.current_tenant(), $1, $2, $3, $4
           WHERE $3 IS DISTINCT FROM (SELECT verdict FROM signal_mark WHERE signal_id = $2
                                      ORDER BY marked_at DESC LIMIT 1)
           RETURNING true""",
        uuid4(),
        signal_id,
        verdict,
        by.person_id,
    )
    if marked:
        await audit.record(
            by=by,
            verb="signal.mark",
            object_kind="signal",
            object_id=signal_id,
            detail={"verdict": verdict},
        )
        await announce("picture")
