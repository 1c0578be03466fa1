"""Accept an invitation: once, before it expires, by somebody who has shown who they are."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tenants.audit.recording import record_of_person
from tenants.founding import add_membership
from tenants.people.invite import end_invitation
from tenants.people.tokens import hash_of
from tenants.roles import Role
from tenants.scope import fetch_row, fetch_value

LONGEST_TOKEN = 100


class NoInvitation(LookupError):
    """Unknown, used, expired, revoked, or its organisation is gone: nobody is told which."""


class AnotherAddress(PermissionError):
    """The one who is logged in is known by another address than the invited one."""


class OwnInvitation(PermissionError):
    """Nobody lets themselves in."""


@dataclass(frozen=True)
class Invited:
    """An invitation that can be accepted now, in the open scope's municipality."""

    id: UUID
    email: str
    roles: tuple[Role, ...]
    organisation_id: UUID
    organisation_name: str
    seat: str | None
    invited_by: UUID | None
    expires_at: datetime


async def find_invitation(token: str) -> Invited:
    """What the link's `token` stands for. Raises NoInvitation."""
    if len(token) > LONGEST_TOKEN:
        raise NoInvitation()
    row = await fetch_row(
        """SELECT invitation.id, email, roles, organisation_id, seat, invited_by, expires_at,
                  organisation.name AS organisation_name
           FROM invitation JOIN organisation ON organisation.id = organisation_id
           WHERE token_hash = $1 AND expires_at > now() AND left_on IS NULL
             AND NOT EXISTS (SELECT 1 FROM invitation_end WHERE invitation_id = invitation.id)""",
        hash_of(token),
    )
    if row is None:
        raise NoInvitation()
    values = dict(row)
    return Invited(**values | {"roles": tuple(Role(role) for role in values["roles"])})


async def accept(token: str, *, person_id: UUID) -> Invited:
    """Make `person_id` a member as invited. Raises NoInvitation, OwnInvitation, AnotherAddress.

    A person whom a provider knows by an address must be known by the invited one: a letter that was
    passed on lets nobody else in. Where no address is known, the link itself is the proof.
    """
    invited = await find_invitation(token)
    if invited.invited_by == person_id:
        raise OwnInvitation()
    known_as = await fetch_value("SELECT email FROM person WHERE id = $1", person_id)
    if known_as is not None and known_as.strip().lower() != invited.email.lower():
        raise AnotherAddress()
    if not await end_invitation(invited.id, "accepted", person_id):
        raise NoInvitation()
    for role in invited.roles:
        membership_id = await add_membership(
            person_id=person_id,
            organisation_id=invited.organisation_id,
            role=role,
            seat=invited.seat,
        )
        await record_of_person(
            person_id,
            verb="invitation.accept",
            object_kind="membership",
            object_id=membership_id,
            detail={"role": str(role), "organisation": str(invited.organisation_id)},
        )
    return invited
