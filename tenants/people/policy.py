"""Who may bring whom in, and let whom go: never above what the own role may grant."""

from uuid import UUID

from tenants.members import Member
from tenants.roles import MAY_GRANT, Permission, Role
from tenants.scope import fetch


def grantable(member: Member) -> list[Role]:
    """The roles that `member` may give, in the order of the table of roles."""
    allowed = frozenset[Role]().union(*(MAY_GRANT.get(role, ()) for role in member.roles))
    return [role for role in Role if role in allowed]


def reaches_all(member: Member) -> bool:
    """Whether `member` brings people into every organisation, or into the own one alone."""
    return member.may(Permission.ORGANISATION_MANAGE)


async def own_organisations(member: Member) -> frozenset[UUID]:
    """Those that `member` is the contact of, in the open scope."""
    rows = await fetch(
        """SELECT organisation_id FROM membership WHERE person_id = $1 AND role = $2
           AND valid_from <= now() AND (valid_to IS NULL OR valid_to > now())""",
        member.person_id,
        Role.ORG_CONTACT,
    )
    return frozenset(row["organisation_id"] for row in rows)


async def may_reach(member: Member, organisation_id: UUID) -> bool:
    """Whether `member` may bring people into that organisation or let them go from it."""
    return reaches_all(member) or organisation_id in await own_organisations(member)
