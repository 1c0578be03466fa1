"""What the problem's page shows of its tasks."""

from typing import Any

from service.cycle.analysis.find import FoundProblem
from service.cycle.measures.group.read import read_group
from service.cycle.measures.group.standing import may_direct
from service.cycle.measures.tasks.read import tasks_of
from tenants.members import Member
from tenants.roles import Permission


async def tasks_section(problem: FoundProblem, *, by: Member) -> dict[str, Any]:
    """The context of `cycle/measures/_tasks.html`."""
    return {
        "tasks": await tasks_of(problem.id, by=by),
        "owners_exist": bool((await read_group(problem.id, by=by)).places),
        "may_set_tasks": problem.closing is None
        and by.may(Permission.TASK_WORK)
        and await may_direct(problem.id, by=by),
    }
