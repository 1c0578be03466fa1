"""Breaking the glass: an operator's time-limited look into one municipality, which it sees.

Without it the operator sees no municipality's content. It gives reading alone, ends by itself, and
each page that is looked at is a line of the municipality's own log.
"""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from tenants.audit.recording import record_of_person
from tenants.scope import execute, fetch_value

SHORTEST_REASON, LONGEST_REASON = 10, 500
HOURS = (1, 2, 4)


async def break_glass(person_id: UUID, *, reason: str, hours: int) -> datetime:
    """Let the operator look into the open scope's municipality; until when.

    A glass that is broken already is closed with it: there is one reason at a time.
    """
    if hours not in HOURS or not SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
        raise ValueError("The reason or the hours are out of bounds.")
    await close_glass(person_id)
    ends_at: datetime = await fetch_value(
        """INSERT INTO broken_glass (tenant_id, id, person_id, reason, ends_at)
           VALUES (ks.current_tenant(), $1, $2, $3, now() + $4::interval) RETURNING ends_at""",
        uuid4(),
        person_id,
        reason,
        timedelta(hours=hours),
    )
    await record_of_person(
        person_id,
        verb="glass.break",
        object_kind="glass",
        detail={"hours": hours},
        reason=reason,
    )
    return ends_at


async def close_glass(person_id: UUID) -> None:
    """End the operator's look into the open scope's municipality, if there is one."""
    done = await execute(
        """UPDATE broken_glass SET closed_at = now()
           WHERE person_id = $1 AND closed_at IS NULL AND ends_at > now()""",
        person_id,
    )
    if done != "UPDATE 0":
        await record_of_person(person_id, verb="glass.close", object_kind="glass")


async def looks_until(person_id: UUID) -> datetime | None:
    """Until when the operator may look into the open scope's municipality; None for not at all."""
    until: datetime | None = await fetch_value(
        """SELECT max(ends_at) FROM broken_glass
           WHERE person_id = $1 AND closed_at IS NULL AND ends_at > now()""",
        person_id,
    )
    return until
