"""Which lines of the list are worked on as a problem: later stages' rows, read here as rows."""

from dataclasses import dataclass
from typing import Any

from tenants.members import Member
from tenants.roles import Permission
from tenants.scope import fetch


@dataclass(frozen=True)
class TakenUp:
    """What the list offers beside a line: the problem that is open, or to open one.

    `problems` are labels by the keys of area and category.
    """

    problems: dict[tuple[str, str], str]
    may_open: bool

    def of(self, row: Any) -> str:
        """The label of the problem that the row is worked on as; empty when there is none."""
        return self.problems.get((row.area_key, row.category_key), "")


async def taken_up(*, by: Member) -> TakenUp:
    """For who sees all problems; others are shown none and may open none."""
    problems = {}
    if by.may(Permission.PROBLEM_READ_ALL):
        rows = await fetch(
            """SELECT area.key AS area, category.key AS category, problem.year, problem.number
               FROM open_problem
               JOIN problem ON problem.id = open_problem.problem_id
               JOIN area ON area.id = open_problem.area_id
               JOIN category ON category.id = open_problem.category_id"""
        )
        problems = {
            (row["area"], row["category"]): f"{row['year']}-{row['number']}" for row in rows
        }
    return TakenUp(problems, by.may(Permission.PROBLEM_ANALYSE))
