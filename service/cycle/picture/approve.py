"""Approve the picture: the working picture is frozen as the week's edition, and signed."""

from dataclasses import dataclass
from uuid import UUID, uuid4

from service.cycle.mapping.week import now, week_of
from service.web.live import announce
from tenants import audit
from tenants.jobs import ask
from tenants.members import Member
from tenants.roles import Role
from tenants.scope import fetch_row, fetch_value

CAPACITIES = (Role.SAFETY_COORDINATOR, Role.MUNICIPAL_POLICE)
"""Who may stand behind an edition, in the order of signing."""


class NothingToApprove(ValueError):
    """There is no working picture of this week yet."""


@dataclass(frozen=True)
class Approved:
    """`first` when this approval froze the edition; otherwise it signs what was frozen before."""

    edition_id: UUID
    first: bool


async def approve_edition(*, by: Member) -> Approved:
    """Freeze this week's working picture, or sign the edition that is frozen already.

    An edition holds what the picture held then and never changes; whoever signs later signs the
    same one. The first approval asks for the digest to all actors. Raises NothingToApprove.
    """
    edition_id = await fetch_value(
        """INSERT INTO edition (tenant_id, id, kind, week, compiled_at, method, content)
           SELECT ks.current_tenant(), $1, 'weekly', week, compiled_at, method, content
           FROM picture WHERE kind = 'working' AND week = $2
           ON CONFLICT (tenant_id, kind, week) DO NOTHING RETURNING id""",
        uuid4(),
        week_of(now()),
    )
    first = edition_id is not None
    if not first:
        standing = await fetch_row(
            "SELECT id FROM edition WHERE kind = 'weekly' AND week = $1", week_of(now())
        )
        if standing is None:
            raise NothingToApprove()
        edition_id = standing["id"]
    for capacity in CAPACITIES:
        if capacity in by.roles and await _sign(edition_id, capacity, by):
            await audit.record(
                by=by,
                verb="edition.approve",
                object_kind="edition",
                object_id=edition_id,
                detail={"capacity": capacity},
            )
    if first:
        await ask("digest.post", by=by, arguments={"edition": str(edition_id)})
    await announce("picture")
    return Approved(edition_id, first)


async def _sign(edition_id: UUID, capacity: Role, by: Member) -> bool:
    return bool(
        await fetch_value(
            """INSERT INTO edition_approval (tenant_id, edition_id, capacity, person_id)
               VALUES (ks.current_tenant(), $1, $2, $3)
               ON CONFLICT (tenant_id, edition_id, capacity) DO NOTHING RETURNING true""",
            edition_id,
            capacity,
            by.person_id,
        )
    )
