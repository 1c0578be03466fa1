"""The tasks of a problem, and of one person over all problems."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from asyncpg import Record

from service.cycle.analysis.find import reads
from service.cycle.mapping.week import local_day
from service.cycle.measures.group.standing import STANDS
from tenants.members import Member
from tenants.scope import fetch, fetch_row


@dataclass(frozen=True)
class TaskLine:
    """A task as it stands now. `done_at` and what goes with it are None while it is open.

    `organisation_left_on` and `person_left_at` say since when its owner has been gone: it must be
    handed over then.
    """

    id: UUID
    problem: str
    title: str
    due_on: date
    measure: str | None
    person_id: UUID
    person: str
    organisation: str
    organisation_left_on: date | None
    person_left_at: datetime | None
    done_at: datetime | None
    done_by: str | None
    comment: str
    late: bool
    mine: bool

    @property
    def ownerless(self) -> bool:
        gone = self.organisation_left_on is not None or self.person_left_at is not None
        return self.done_at is None and gone


_SELECT = f"""
SELECT task.id, problem.year || '-' || problem.number AS problem, task.title, task.due_on,
       measure.title AS measure, owner.person_id, person.name AS person,
       organisation.name AS organisation, organisation.left_on,
       CASE WHEN NOT EXISTS (SELECT FROM group_member
                JOIN working_group ON working_group.id = group_member.group_id
                WHERE working_group.problem_id = task.problem_id
                  AND group_member.person_id = owner.person_id AND {STANDS})
            THEN (SELECT max(coalesce(ended_at, membership.valid_to)) FROM group_member
                  JOIN working_group ON working_group.id = group_member.group_id
                  JOIN membership ON membership.id = group_member.membership_id
                  LEFT JOIN group_departure ON group_departure.group_member_id = group_member.id
                  WHERE working_group.problem_id = task.problem_id
                    AND group_member.person_id = owner.person_id) END AS person_left_at,
       completed_at AS done_at, finisher.name AS done_by, coalesce(comment, '') AS comment
FROM task
JOIN problem ON problem.id = task.problem_id
JOIN LATERAL (SELECT organisation_id, person_id FROM task_assignment
              WHERE task_assignment.task_id = task.id
              ORDER BY assigned_at DESC LIMIT 1) AS owner ON true
JOIN organisation ON organisation.id = owner.organisation_id
JOIN person ON person.id = owner.person_id
LEFT JOIN measure ON measure.id = task.measure_id
LEFT JOIN task_completion ON task_completion.task_id = task.id
LEFT JOIN person AS finisher ON finisher.id = task_completion.completed_by
"""
_ORDER = " ORDER BY completed_at IS NOT NULL, task.due_on, task.title, task.id"
_OF_PROBLEM = _SELECT + " WHERE task.problem_id = $1" + _ORDER
_ONE = _SELECT + " WHERE task.problem_id = $1 AND task.id = $2"
_OF_PERSON = (
    _SELECT
    + f""" WHERE owner.person_id = $1 AND completed_at IS NULL
            AND NOT EXISTS (SELECT FROM problem_closure
                            WHERE problem_closure.problem_id = task.problem_id)
            AND {reads("task.problem_id", "$1")}"""
    + _ORDER
)
_OPEN = (
    _SELECT
    + """ WHERE completed_at IS NULL
            AND NOT EXISTS (SELECT FROM problem_closure
                            WHERE problem_closure.problem_id = task.problem_id)"""
    + _ORDER
)


async def tasks_of(problem_id: UUID, *, by: Member) -> list[TaskLine]:
    """Open ones first, by their date."""
    return [_line(row, by) for row in await fetch(_OF_PROBLEM, problem_id)]


async def task_of(problem_id: UUID, task_id: UUID, *, by: Member) -> TaskLine | None:
    row = await fetch_row(_ONE, problem_id, task_id)
    return _line(row, by) if row else None


async def open_tasks_of_person(*, by: Member) -> list[TaskLine]:
    """What `by` is to do, in the open problems whose group `by` belongs to."""
    return [_line(row, by) for row in await fetch(_OF_PERSON, by.person_id)]


async def stuck_tasks(*, by: Member) -> list[TaskLine]:
    """Every task that is late or whose owner has left, for who sees all problems."""
    lines = [_line(row, by) for row in await fetch(_OPEN)]
    return [line for line in lines if line.late or line.ownerless]


class Turn(NamedTuple):
    """From then on the task was that person's."""

    at: datetime
    person: str
    organisation: str
    by: str


async def turns_of(task_id: UUID) -> list[Turn]:
    """Who has owned the task, the latest first."""
    rows = await fetch(
        """SELECT assigned_at, person.name, organisation.name AS organisation,
                  assigner.name AS assigner
           FROM task_assignment
           JOIN person ON person.id = task_assignment.person_id
           JOIN organisation ON organisation.id = task_assignment.organisation_id
           JOIN person AS assigner ON assigner.id = assigned_by
           WHERE task_id = $1 ORDER BY assigned_at DESC""",
        task_id,
    )
    return [Turn(*row) for row in rows]


def _line(row: Record, by: Member) -> TaskLine:
    today, left = local_day(), row["left_on"]
    return TaskLine(
        id=row["id"],
        problem=row["problem"],
        title=row["title"],
        due_on=row["due_on"],
        measure=row["measure"],
        person_id=row["person_id"],
        person=row["person"],
        organisation=row["organisation"],
        organisation_left_on=left if left is not None and left <= today else None,
        person_left_at=row["person_left_at"],
        done_at=row["done_at"],
        done_by=row["done_by"],
        comment=row["comment"],
        late=row["done_at"] is None and row["due_on"] < today,
        mine=row["person_id"] == by.person_id,
    )
