"""Who has a place in the working group of a problem now."""

from dataclasses import dataclass
from uuid import UUID

from tenants.members import Member
from tenants.roles import Permission
from tenants.scope import fetch_row, fetch_value

# A place ends when its person says no or leaves, and with the membership that was given for it.
STANDS = """
NOT EXISTS (SELECT FROM group_departure WHERE group_member_id = group_member.id)
AND NOT EXISTS (SELECT FROM group_answer WHERE group_member_id = group_member.id AND NOT accepted)
AND EXISTS (SELECT FROM membership WHERE membership.id = group_member.membership_id
            AND (membership.valid_to IS NULL OR membership.valid_to > now()))
"""
LEADS = """
group_member.id = (SELECT group_member_id FROM group_lead
                   WHERE group_lead.group_id = group_member.group_id
                   ORDER BY appointed_at DESC LIMIT 1)
"""


@dataclass(frozen=True)
class OwnPlace:
    """The place of the one who asks; `accepted` is None before an answer."""

    id: UUID
    organisation_id: UUID
    accepted: bool | None
    leads: bool


_OWN = f"""
SELECT group_member.id, organisation_id, group_answer.accepted, {LEADS} AS leads
FROM group_member
JOIN working_group ON working_group.id = group_member.group_id
LEFT JOIN group_answer ON group_answer.group_member_id = group_member.id
WHERE working_group.problem_id = $1 AND person_id = $2 AND {STANDS}
"""


async def own_place(problem_id: UUID, *, by: Member) -> OwnPlace | None:
    """The place of `by` in the problem's group, or None."""
    row = await fetch_row(_OWN, problem_id, by.person_id)
    return OwnPlace(**row) if row else None


async def may_direct(problem_id: UUID, *, by: Member) -> bool:
    """Whether `by` directs the work: the preparatory group, and the lead who has not said no."""
    if by.may(Permission.GROUP_ASSEMBLE):
        return True
    place = await own_place(problem_id, by=by)
    return place is not None and place.leads


async def lock_group(problem_id: UUID) -> UUID | None:
    """The id of the problem's group, which nobody else changes until this transaction ends."""
    return await fetch_value(
        "SELECT id FROM working_group WHERE problem_id = $1 FOR UPDATE", problem_id
    )
