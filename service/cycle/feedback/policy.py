"""Whose feedback somebody may read."""

from uuid import UUID

from tenants.members import Member
from tenants.roles import Permission


def may_choose_organisation(member: Member) -> bool:
    """Whether `member` may read what any organisation gave: who may know who reported."""
    return member.may(Permission.REPORT_READ_REPORTER)


def organisation_of(member: Member, asked: UUID | None) -> UUID | None:
    """The organisation whose feedback is shown: the asked one if allowed, else the own."""
    if asked is not None and may_choose_organisation(member):
        return asked
    return member.organisation_id
