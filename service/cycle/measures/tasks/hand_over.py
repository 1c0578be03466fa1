"""Hand a task over to somebody else in the working group; who had it before stays written."""

from uuid import UUID

from service.cycle.analysis.open import TOPIC
from service.cycle.measures.group.standing import may_direct
from service.cycle.measures.tasks.owner import assign, owner_of_place
from service.cycle.measures.tasks.read import TaskLine, task_of
from service.web.live import announce
from tenants import audit
from tenants.members import Member
from tenants.scope import fetch_value


class NoSuchTask(LookupError):
    """The problem has no such task."""


class NotYourTask(PermissionError):
    """The task belongs to somebody else, and `by` does not direct the group."""


class IsDone(ValueError):
    """The task is done and is nobody's to hand over."""


async def hand_over(problem_id: UUID, task_id: UUID, *, place_id: UUID, by: Member) -> bool:
    """Give the task to who has the place; returns whether it changed hands.

    Raises NoSuchTask, NotYourTask, IsDone, NoSuchOwner or CannotOwn.
    """
    task = await held_task(problem_id, task_id, by=by)
    if task.done_at is not None:
        raise IsDone(str(task_id))
    owner = await owner_of_place(place_id, problem_id)
    if owner.person_id == task.person_id and not task.ownerless:
        return False
    await assign(task_id, owner, by=by)
    await audit.record(by=by, verb="task.hand_over", object_kind="task", object_id=task_id)
    await announce(TOPIC)
    return True


async def held_task(problem_id: UUID, task_id: UUID, *, by: Member) -> TaskLine:
    """The task, held so that nobody else completes it or hands it over meanwhile.

    Raises NoSuchTask, or NotYourTask for who neither owns it nor directs the group.
    """
    found = await fetch_value(
        "SELECT id FROM task WHERE id = $1 AND problem_id = $2 FOR UPDATE", task_id, problem_id
    )
    task = await task_of(problem_id, task_id, by=by) if found else None
    if task is None:
        raise NoSuchTask(str(task_id))
    if not task.mine and not await may_direct(problem_id, by=by):
        raise NotYourTask(str(task_id))
    return task
