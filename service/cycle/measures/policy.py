"""Who may propose and withdraw what."""

from uuid import UUID

from tenants.members import Member
from tenants.roles import Permission


def may_withdraw(by: Member, *, kind: str, proposed_by: UUID) -> bool:
    """Measures are withdrawn by those who propose them, a priority also by the one who proposed it.

    A steering member may propose a priority, and take back that one alone.
    """
    if by.may(Permission.MEASURE_PROPOSE):
        return True
    own = proposed_by == by.person_id
    return kind == "priority" and own and by.may(Permission.PRIORITY_PROPOSE)
