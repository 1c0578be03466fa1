"""What somebody in working groups has before them: invitations, problems, what is late or next."""

from dataclasses import dataclass
from uuid import UUID

from service.cycle.measures.group.standing import LEADS, STANDS
from service.cycle.measures.tasks.read import TaskLine, open_tasks_of_person
from tenants.members import Member
from tenants.scope import fetch


@dataclass(frozen=True)
class OwnProblem:
    """A problem that the person works on; `open` and `late` count the whole group's tasks."""

    problem_id: UUID
    label: str
    title: str
    organisation: str
    accepted: bool | None
    leads: bool
    open: int
    late: int


@dataclass(frozen=True)
class Assignments:
    invitations: list[OwnProblem]
    problems: list[OwnProblem]
    tasks: list[TaskLine]


_MINE = f"""
SELECT problem.id, problem.year || '-' || problem.number AS label, problem.title,
       organisation.name AS organisation, group_answer.accepted, {LEADS} AS leads,
       count(task.id) AS open,
       count(task.id) FILTER (WHERE due_on < ks.today()) AS late
FROM group_member
JOIN working_group ON working_group.id = group_member.group_id
JOIN problem ON problem.id = working_group.problem_id
JOIN organisation ON organisation.id = group_member.organisation_id
LEFT JOIN group_answer ON group_answer.group_member_id = group_member.id
LEFT JOIN task ON task.problem_id = problem.id
     AND NOT EXISTS (SELECT FROM task_completion WHERE task_id = task.id)
WHERE group_member.person_id = $1 AND {STANDS}
  AND NOT EXISTS (SELECT FROM problem_closure
                  WHERE problem_closure.problem_id = working_group.problem_id)
GROUP BY group_member.tenant_id, group_member.id, group_member.group_id, problem.id, problem.year,
         problem.number, problem.title, organisation.name, group_answer.accepted
ORDER BY problem.year DESC, problem.number DESC
"""


async def read_assignments(*, by: Member) -> Assignments:
    """Everything that waits for `by` in working groups of open problems."""
    mine = [OwnProblem(*row) for row in await fetch(_MINE, by.person_id)]
    return Assignments(
        invitations=[one for one in mine if one.accepted is None],
        problems=[one for one in mine if one.accepted],
        tasks=await open_tasks_of_person(by=by),
    )
