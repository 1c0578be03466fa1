"""Answer the invitation to a working group: yes, or no, which takes the right to read away."""

from uuid import UUID

from service.cycle.analysis.open import TOPIC
from service.cycle.measures.group.leave import take_rights
from service.cycle.measures.group.standing import lock_group, own_place
from service.web.live import announce
from tenants import audit
from tenants.members import Member
from tenants.scope import execute


async def answer_invitation(problem_id: UUID, *, by: Member, accepted: bool) -> bool:
    """Note the answer of `by`; the first one holds. Returns whether this one does.

    Who has said yes and cannot any more leaves instead (`leave.py`).
    """
    await lock_group(problem_id)
    place = await own_place(problem_id, by=by)
    if place is None:
        return False
    if place.accepted is not None:
        return place.accepted == accepted
    await execute(
        """INSERT INTO group_answer (tenant_id, group_member_id, accepted)
           VALUES (ks.current_tenant(), $1, $2)""",
        place.id,
        accepted,
    )
    if not accepted:
        await take_rights(place.id)
    await audit.record(
        by=by,
        verb="group.accept" if accepted else "group.decline",
        object_kind="group_member",
        object_id=place.id,
    )
    await announce(TOPIC)
    return True
