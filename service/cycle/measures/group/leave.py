"""End a place in a working group: its person leaves, or the preparatory group ends it."""

from uuid import UUID

from service.cycle.analysis.open import TOPIC
from service.cycle.measures.group.appoint import END_MEMBERSHIP
from service.cycle.measures.group.standing import STANDS, lock_group
from service.web.live import announce
from tenants import audit
from tenants.members import Member
from tenants.roles import Permission
from tenants.scope import execute, fetch, fetch_row, fetch_value


class NotYourPlace(PermissionError):
    """The place is another person's, and `by` does not assemble groups."""


# Who has been invited anew since reads on by the new place.
_STOP_READING = f"""
DELETE FROM problem_reader USING group_member AS ended, working_group
WHERE ended.id = $1 AND working_group.id = ended.group_id
  AND problem_reader.problem_id = working_group.problem_id
  AND problem_reader.person_id = ended.person_id
  AND NOT EXISTS (SELECT FROM group_member WHERE group_member.group_id = ended.group_id
                  AND group_member.person_id = ended.person_id AND {STANDS})
"""


async def end_place(problem_id: UUID, place_id: UUID, *, by: Member) -> bool:
    """End the place; ended twice is ended once. Returns whether it is `by`'s own.

    Its tasks stay where they are and say that their owner has left. Raises LookupError for a
    place that is not in this problem's group, and NotYourPlace.
    """
    await lock_group(problem_id)
    place = await fetch_row(
        """SELECT group_member.person_id FROM group_member
           JOIN working_group ON working_group.id = group_member.group_id
           WHERE group_member.id = $1 AND problem_id = $2""",
        place_id,
        problem_id,
    )
    if place is None:
        raise LookupError(str(place_id))
    own = place["person_id"] == by.person_id
    if not own and not by.may(Permission.GROUP_ASSEMBLE):
        raise NotYourPlace(str(place_id))
    first = await fetch_value(
        """INSERT INTO group_departure (tenant_id, group_member_id, ended_by)
           VALUES (ks.current_tenant(), $1, $2)
           ON CONFLICT (tenant_id, group_member_id) DO NOTHING RETURNING true""",
        place_id,
        by.person_id,
    )
    if first:
        await take_rights(place_id)
        await audit.record(
            by=by,
            verb="group.leave" if own else "group.end_place",
            object_kind="group_member",
            object_id=place_id,
        )
        await announce(TOPIC)
    return own


async def take_rights(place_id: UUID) -> None:
    """Take away what the place gave: reading the problem, and its memberships from now on."""
    for row in await fetch(
        """SELECT membership_id FROM group_member WHERE id = $1
           UNION SELECT membership_id FROM group_lead WHERE group_member_id = $1""",
        place_id,
    ):
        await execute(END_MEMBERSHIP, row["membership_id"])
    await execute(_STOP_READING, place_id)
