"""Say who leads a working group."""

from uuid import UUID, uuid4

from service.cycle.analysis.open import TOPIC
from service.cycle.measures.group.standing import LEADS, STANDS
from service.web.live import announce
from tenants import audit
from tenants.founding import add_membership
from tenants.members import Member
from tenants.roles import Role
from tenants.scope import execute, fetch_row


class NoSuchPlace(LookupError):
    """Nobody has that place in the group now."""


END_MEMBERSHIP = """
UPDATE membership SET valid_to = greatest(now(), valid_from + interval '1 microsecond')
WHERE id = $1 AND (valid_to IS NULL OR valid_to > now())
"""


async def appoint_lead(
    group_id: UUID, person_id: UUID, *, by: Member, unless_led: bool = False
) -> bool:
    """Let `person_id`, who has a place in the group, lead it; who led before is a member still.

    The group must be locked. Returns whether anything changed. Raises NoSuchPlace.
    """
    leading = await fetch_row(
        f"""SELECT group_member.person_id, group_lead.membership_id FROM group_member
            JOIN group_lead ON group_lead.group_member_id = group_member.id
            WHERE group_member.group_id = $1 AND {STANDS} AND {LEADS}
            ORDER BY appointed_at DESC LIMIT 1""",
        group_id,
    )
    if leading and (unless_led or leading["person_id"] == person_id):
        return False
    place = await fetch_row(
        f"""SELECT id, organisation_id FROM group_member
            WHERE group_id = $1 AND person_id = $2 AND {STANDS}""",
        group_id,
        person_id,
    )
    if place is None:
        raise NoSuchPlace(str(person_id))
    if leading:
        await execute(END_MEMBERSHIP, leading["membership_id"])
    membership_id = await add_membership(
        person_id=person_id,
        organisation_id=place["organisation_id"],
        role=Role.WORKING_GROUP_LEAD,
    )
    await execute(
        """INSERT INTO group_lead (tenant_id, id, group_id, group_member_id, membership_id,
                                   appointed_by)
           VALUES (ks.current_tenant(), $1, $2, $3, $4, $5)""",
        uuid4(),
        group_id,
        place["id"],
        membership_id,
        by.person_id,
    )
    await audit.record(
        by=by, verb="group.appoint_lead", object_kind="group_member", object_id=place["id"]
    )
    await announce(TOPIC)
    return True
