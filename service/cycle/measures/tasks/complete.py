"""Say that a task is done."""

from uuid import UUID

from service.cycle.analysis.open import TOPIC
from service.cycle.measures.tasks.hand_over import held_task
from service.web.live import announce
from tenants import audit
from tenants.members import Member
from tenants.scope import execute


class DoneBefore(ValueError):
    """Somebody said so first, with another comment, which stands."""


async def complete_task(problem_id: UUID, task_id: UUID, *, comment: str, by: Member) -> bool:
    """Note that the task is done; said twice it is done once. Returns whether this was the first.

    A second comment that says something else is not swallowed: DoneBefore. Also raises NoSuchTask
    and NotYourTask.
    """
    task = await held_task(problem_id, task_id, by=by)
    if task.done_at is not None:
        if comment and comment != task.comment:
            raise DoneBefore(str(task_id))
        return False
    await execute(
        """INSERT INTO task_completion (tenant_id, task_id, comment, completed_by)
           VALUES (ks.current_tenant(), $1, $2, $3)""",
        task_id,
        comment,
        by.person_id,
    )
    await audit.record(by=by, verb="task.complete", object_kind="task", object_id=task_id)
    await announce(TOPIC)
    return True
