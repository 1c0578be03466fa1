"""Set a task for somebody in the working group, to be done by a day."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from service.cycle.analysis.hold import hold_problem
from service.cycle.analysis.open import TOPIC
from service.cycle.measures.find import NoSuchMeasure
from service.cycle.measures.group.standing import may_direct
from service.cycle.measures.tasks.owner import assign, owner_of_place
from service.web.live import announce
from tenants import audit
from tenants.members import Member
from tenants.scope import execute, fetch_value


class NotDirecting(PermissionError):
    """Only the preparatory group and the group's lead set tasks."""


@dataclass(frozen=True)
class NewTask:
    """`id` follows from the form, so that sent twice it is one task.

    `place_id` is the owner's place in the group.
    """

    id: UUID
    title: str
    due_on: date
    place_id: UUID
    measure_id: UUID | None = None


async def set_task(problem_id: UUID, new: NewTask, *, by: Member) -> bool:
    """Set the task; returns whether it was new.

    Raises NotDirecting, ProblemClosed, NoSuchMeasure, NoSuchOwner, or CannotOwn for an
    owner who has left.
    """
    if not await may_direct(problem_id, by=by):
        raise NotDirecting(str(problem_id))
    await hold_problem(problem_id)
    if await fetch_value("SELECT EXISTS (SELECT FROM task WHERE id = $1)", new.id):
        return False
    owner = await owner_of_place(new.place_id, problem_id)
    if new.measure_id is not None and not await fetch_value(
        "SELECT EXISTS (SELECT FROM measure WHERE id = $1 AND problem_id = $2)",
        new.measure_id,
        problem_id,
    ):
        raise NoSuchMeasure(str(new.measure_id))
    await execute(
        """INSERT INTO task (tenant_id, id, problem_id, measure_id, title, due_on, set_by)
           VALUES (ks.current_tenant(), $1, $2, $3, $4, $5, $6)""",
        new.id,
        problem_id,
        new.measure_id,
        new.title,
        new.due_on,
        by.person_id,
    )
    await assign(new.id, owner, by=by)
    await audit.record(by=by, verb="task.set", object_kind="task", object_id=new.id)
    await announce(TOPIC)
    return True
