"""A municipality decides whether it takes what a source gives."""

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from tenants import audit
from tenants.members import Member
from tenants.scope import execute, fetch_row


@dataclass(frozen=True)
class Choice:
    """What is in force; nobody has chosen where `by` is None."""

    taken: bool = True
    by: str | None = None
    at: datetime | None = None


async def choice(source: str) -> Choice:
    """What the open scope's municipality has decided on `source`."""
    row = await fetch_row(
        """SELECT taken, person.name, chosen_at
           FROM source_choice JOIN person ON person.id = chosen_by
           WHERE source = $1 ORDER BY chosen_at DESC LIMIT 1""",
        source,
    )
    return Choice(*row.values()) if row else Choice()


async def choose(source: str, *, taken: bool, by: Member) -> None:
    """Turn `source` on or off; what is so already is not decided anew."""
    if (await choice(source)).taken == taken:
        return
    await execute(
        """INSERT INTO source_choice (tenant_id, id, source, taken, chosen_by)
           VALUES (ks.current_tenant(), $1, $2, $3, $4)""",
        uuid4(),
        source,
        taken,
        by.person_id,
    )
    await audit.record(
        by=by,
        verb="source.choose",
        object_kind="source",
        object_id=source,
        detail={"taken": taken},
    )
