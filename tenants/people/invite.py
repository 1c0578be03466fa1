"""Invite somebody: an address, an organisation and a role, and a letter with a link for once."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID, uuid4

from tenants.audit import record
from tenants.jobs import ask
from tenants.members import Member
from tenants.people.policy import grantable, may_reach
from tenants.people.tokens import hash_of, token_of
from tenants.roles import Role
from tenants.scope import execute, fetch_row, fetch_value

LIVES = timedelta(days=14)
LETTER = "invitation.letter"


class NotYours(LookupError):
    """There is no such thing for the one who asks."""


class MayNotGrant(PermissionError):
    """The role is above what the one who asks may give."""


async def invite(
    *, by: Member, email: str, organisation_id: UUID, role: Role, secret_key: str
) -> bool:
    """Invite `email` into the open scope's municipality; False when that is done already.

    Raises NotYours for an organisation that is not there or not theirs, MayNotGrant for the role.
    """
    # What is asked for at the same moment by two clicks waits for the first.
    await execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 5))", f"{email} {role}")
    if role not in grantable(by):
        raise MayNotGrant(role)
    there = await fetch_value(
        "SELECT true FROM organisation WHERE id = $1 AND left_on IS NULL", organisation_id
    )
    if not there or not await may_reach(by, organisation_id):
        raise NotYours(organisation_id)
    if await _open_already(email, organisation_id, role):
        return False
    await send_invitation(
        by=by, email=email, organisation_id=organisation_id, roles=[role], secret_key=secret_key
    )
    return True


async def send_invitation(
    *,
    by: Member | None,
    email: str,
    organisation_id: UUID,
    roles: Sequence[Role],
    secret_key: str,
    seat: str | None = None,
) -> UUID:
    """Write the invitation and ask for its letter, without asking who may."""
    invitation_id = uuid4()
    await execute(
        """INSERT INTO invitation (tenant_id, id, token_hash, email, organisation_id, roles, seat,
                                   invited_by, expires_at)
           VALUES (ks.current_tenant(), $1, $2, $3, $4, $5, $6, $7, now() + $8::interval)""",
        invitation_id,
        hash_of(token_of("invitation", invitation_id, secret_key)),
        email,
        organisation_id,
        [str(role) for role in roles],
        seat,
        by.person_id if by else None,
        LIVES,
    )
    await record(
        by=by,
        verb="invitation.send",
        object_kind="invitation",
        object_id=invitation_id,
        detail={"roles": [str(role) for role in roles], "organisation": str(organisation_id)},
    )
    await ask(LETTER, by=by, arguments={"invitation": str(invitation_id)})
    return invitation_id


async def revoke(*, by: Member, invitation_id: UUID) -> None:
    """Take an open invitation back. Raises NotYours for one that is not there or not theirs."""
    row = await fetch_row(
        """SELECT organisation_id, roles FROM invitation
           WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM invitation_end
                                         WHERE invitation_id = invitation.id)""",
        invitation_id,
    )
    if row is None or not await may_reach(by, row["organisation_id"]):
        raise NotYours(invitation_id)
    if not set(row["roles"]) <= set(grantable(by)):
        raise MayNotGrant()
    if await end_invitation(invitation_id, "revoked", by.person_id):
        await record(
            by=by, verb="invitation.revoke", object_kind="invitation", object_id=invitation_id
        )


async def _open_already(email: str, organisation_id: UUID, role: Role) -> bool:
    return bool(
        await fetch_value(
            """SELECT EXISTS (
                   SELECT 1 FROM invitation WHERE email = $1 AND organisation_id = $2
                   AND $3 = ANY (roles) AND expires_at > now()
                   AND NOT EXISTS (SELECT 1 FROM invitation_end
                                   WHERE invitation_id = invitation.id))""",
            email,
            organisation_id,
            str(role),
        )
    )


async def end_invitation(invitation_id: UUID, how: str, person_id: UUID | None) -> bool:
    """Whether this ended it: of two at the same time one does."""
    done = await execute(
        """INSERT INTO invitation_end (tenant_id, invitation_id, how, person_id)
           VALUES (ks.current_tenant(), $1, $2, $3) ON CONFLICT DO NOTHING""",
        invitation_id,
        how,
        person_id,
    )
    return done == "INSERT 0 1"
