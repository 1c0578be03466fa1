"""End a membership, or an organisation's stay with all of its people."""

from datetime import UTC, datetime
from uuid import UUID

from tenants.audit import record
from tenants.members import Member
from tenants.people.invite import MayNotGrant, NotYours
from tenants.people.policy import grantable, may_reach
from tenants.roles import Role
from tenants.scope import execute, fetch, fetch_row, fetch_value

# A municipality without one of each could not be run by its own people any more.
NEVER_NONE = (Role.TENANT_ADMIN, Role.SAFETY_COORDINATOR)


class LastOne(ValueError):
    """Nobody would be left in that role."""


async def end_membership(*, by: Member, membership_id: UUID) -> None:
    """End it from now on, also one's own; what the person invited and is still open ends with it.

    Raises NotYours for one that is not there or not theirs, MayNotGrant for a role above them,
    LastOne when it is the last of a role that a municipality cannot be without.
    """
    row = await fetch_row(
        """SELECT person_id, organisation_id, role FROM membership
           WHERE id = $1 AND valid_from <= now() AND (valid_to IS NULL OR valid_to > now())""",
        membership_id,
    )
    if row is None:
        raise NotYours(membership_id)
    own = row["person_id"] == by.person_id
    if not own and not await may_reach(by, row["organisation_id"]):
        raise NotYours(membership_id)
    if not own and row["role"] not in grantable(by):
        raise MayNotGrant(row["role"])
    await _keep_one(row["role"], [membership_id])
    await _end([membership_id])
    await record(
        by=by,
        verb="membership.end",
        object_kind="membership",
        object_id=membership_id,
        detail={"role": row["role"]},
    )
    await _revoke_invitations_of(row["person_id"], by)


async def leave(*, by: Member, organisation_id: UUID) -> int:
    """Mark the organisation as left today: its people and its open invitations end with it.

    What it has reported stays. Returns how many memberships ended. Raises NotYours when it is not
    there or has left already, LastOne as `end_membership`.
    """
    if not await may_reach(by, organisation_id):
        raise NotYours(organisation_id)
    rows = await fetch(
        """SELECT id, role FROM membership WHERE organisation_id = $1
           AND (valid_to IS NULL OR valid_to > now())""",
        organisation_id,
    )
    ids = [row["id"] for row in rows]
    for role in NEVER_NONE:
        if any(row["role"] == role for row in rows):
            await _keep_one(role, ids)
    done = await execute(
        "UPDATE organisation SET left_on = $2 WHERE id = $1 AND left_on IS NULL",
        organisation_id,
        datetime.now(UTC).date(),
    )
    if done == "UPDATE 0":
        raise NotYours(organisation_id)
    await _end(ids)
    await execute(
        """INSERT INTO invitation_end (tenant_id, invitation_id, how, person_id)
           SELECT ks.current_tenant(), id, 'revoked', $2 FROM invitation
           WHERE organisation_id = $1 ON CONFLICT DO NOTHING""",
        organisation_id,
        by.person_id,
    )
    await record(
        by=by,
        verb="organisation.leave",
        object_kind="organisation",
        object_id=organisation_id,
        detail={"memberships": len(ids)},
    )
    return len(ids)


async def _keep_one(role: str, leaving: list[UUID]) -> None:
    if role not in NEVER_NONE:
        return
    # Two who end each other at the same moment wait in line, and the second is refused.
    await execute(
        "SELECT pg_advisory_xact_lock(hashtextextended(ks.current_tenant()::text || $1, 6))", role
    )
    # The clock, not now(): this transaction may have begun before the one that it waited for.
    stay = await fetch_value(
        """SELECT count(*) FROM membership WHERE role = $1 AND id <> ALL ($2::uuid[])
           AND valid_from <= now() AND (valid_to IS NULL OR valid_to > clock_timestamp())""",
        role,
        leaving,
    )
    if stay == 0:
        raise LastOne(role)


async def _end(memberships: list[UUID]) -> None:
    # A membership that has not begun yet ends the moment that it would begin.
    await execute(
        """UPDATE membership
           SET valid_to = greatest(now(), valid_from + interval '1 microsecond')
           WHERE id = ANY ($1::uuid[])""",
        memberships,
    )


async def _revoke_invitations_of(person_id: UUID, by: Member) -> None:
    """Whoever may no longer bring people in leaves no door open behind them."""
    await execute(
        """INSERT INTO invitation_end (tenant_id, invitation_id, how, person_id)
           SELECT ks.current_tenant(), id, 'revoked', $2 FROM invitation
           WHERE invited_by = $1 AND NOT EXISTS (
               SELECT 1 FROM membership WHERE person_id = $1 AND role = ANY ($3::text[])
               AND (valid_to IS NULL OR valid_to > now()))
           ON CONFLICT DO NOTHING""",
        person_id,
        by.person_id,
        [str(role) for role in (Role.TENANT_ADMIN, Role.SAFETY_COORDINATOR, Role.ORG_CONTACT)],
    )
