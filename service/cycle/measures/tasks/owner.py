"""Who can own a task: somebody with a place in the group, for an organisation that has not left."""

from typing import NamedTuple
from uuid import UUID, uuid4

from service.cycle.mapping.week import local_day
from service.cycle.measures.group.standing import STANDS
from service.web.formats import day
from service.web.language import _
from tenants.members import Member
from tenants.scope import execute, fetch_row


class NoSuchOwner(LookupError):
    """The place is not in this problem's group, and never was."""


class CannotOwn(ValueError):
    """The one who was chosen has left; the message says who and since when."""


class Owner(NamedTuple):
    organisation_id: UUID
    person_id: UUID


_PLACE = f"""
SELECT group_member.organisation_id, group_member.person_id, person.name,
       organisation.name AS organisation, organisation.left_on, {STANDS} AS stands
FROM group_member
JOIN working_group ON working_group.id = group_member.group_id
JOIN person ON person.id = group_member.person_id
JOIN organisation ON organisation.id = group_member.organisation_id
WHERE group_member.id = $1 AND problem_id = $2
"""


async def owner_of_place(place_id: UUID, problem_id: UUID) -> Owner:
    """Who has the place. Raises NoSuchOwner, or CannotOwn for one who has left."""
    row = await fetch_row(_PLACE, place_id, problem_id)
    if row is None:
        raise NoSuchOwner(str(place_id))
    if row["left_on"] is not None and row["left_on"] <= local_day():
        raise CannotOwn(
            _(
                "%(name)s lämnade samarbetet %(day)s. Välj någon annan.",
                name=row["organisation"],
                day=day(row["left_on"]),
            )
        )
    if not row["stands"]:
        raise CannotOwn(
            _("%(name)s är inte med i gruppen längre. Välj någon annan.", name=row["name"])
        )
    return Owner(row["organisation_id"], row["person_id"])


async def assign(task_id: UUID, owner: Owner, *, by: Member) -> None:
    """Write that `owner` owns the task from now on."""
    await execute(
        """INSERT INTO task_assignment (tenant_id, id, task_id, organisation_id, person_id,
                                        assigned_by)
           VALUES (ks.current_tenant(), $1, $2, $3, $4, $5)""",
        uuid4(),
        task_id,
        owner.organisation_id,
        owner.person_id,
        by.person_id,
    )
