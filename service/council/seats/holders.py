"""Who holds which seat of the steering group now, and what the seat gives a right to."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from asyncpg import Record

from tenants.roles import ROLES, Permission
from tenants.scope import fetch


@dataclass(frozen=True)
class Holder:
    """A seat and who sits on it; `person_id` is None on a vacant seat.

    `votes` and `presides` say what the seat gives its holder, whose role must allow it too.
    """

    key: str
    label: str
    presides: bool
    votes: bool
    person_id: UUID | None
    name: str
    organisation: str
    since: datetime | None
    until: datetime | None


# Asked at the moment itself, not when the transaction began: it may have waited for its turn.
_HOLDERS = """
SELECT seat.key, seat.label, seat.presides, seat.votes, held.person_id, held.name,
       held.organisation, held.role, held.valid_from, held.valid_to
FROM seat LEFT JOIN (
    SELECT membership.seat, membership.role, membership.person_id, person.name,
           organisation.name AS organisation, membership.valid_from, membership.valid_to
    FROM membership
    JOIN person ON person.id = membership.person_id
    JOIN organisation ON organisation.id = membership.organisation_id
    WHERE membership.seat IS NOT NULL AND membership.valid_from <= clock_timestamp()
      AND (organisation.left_on IS NULL OR organisation.left_on > ks.today())
      AND (membership.valid_to IS NULL OR membership.valid_to > clock_timestamp())
) AS held ON held.seat = seat.key
ORDER BY seat.position, held.valid_from, held.person_id
"""


async def read_holders() -> list[Holder]:
    """Every seat of the open scope's municipality, in order, with who holds it now."""
    return [_holder(row) for row in await fetch(_HOLDERS)]


def _holder(row: Record) -> Holder:
    decides = row["role"] is None or Permission.PROPOSAL_DECIDE in ROLES[row["role"]]
    return Holder(
        key=row["key"],
        label=row["label"],
        presides=row["presides"] and decides,
        votes=row["votes"] and decides,
        person_id=row["person_id"],
        name=row["name"] or "",
        organisation=row["organisation"] or "",
        since=row["valid_from"],
        until=row["valid_to"],
    )


def voting_seat(holders: list[Holder], person_id: UUID) -> Holder | None:
    """The seat that `person_id` votes from now, a presiding one first; None without one."""
    held = [one for one in holders if one.person_id == person_id and one.votes]
    return max(held, key=lambda one: one.presides, default=None)
