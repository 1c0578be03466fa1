"""Find a problem by the number that people call it by, as far as the one who asks may see it."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from asyncpg import Record

from service.web.language import _
from tenants.members import Member
from tenants.roles import Permission
from tenants.scope import fetch, fetch_row

LABEL = re.compile(r"([0-9]{4})-([0-9]{1,6})")


class NoSuchProblem(LookupError):
    """There is none, or it is not for the one who asks; the two look alike."""


@dataclass(frozen=True)
class Closing:
    at: datetime
    by: str
    motive: str


@dataclass(frozen=True)
class FoundProblem:
    """A problem as its page begins.

    `evidence` is the line of the picture that it was opened on (see `open.py`), and nobody's name
    stands in it.
    """

    id: UUID
    label: str
    title: str
    description: str
    area_id: UUID
    area: str
    category_id: UUID
    category: str
    category_key: str
    evidence: dict[str, Any]
    opened_at: datetime
    opened_by: str
    closing: Closing | None


def reads(problem: str, person: str) -> str:
    """SQL: whether `person` may see `problem` without seeing all; both are SQL expressions.

    A working group travels back as its rows. Who was admitted through one reads as long as a
    membership that it gave holds: it may end, or its organisation leave, without the group doing
    anything, while another group still lets the person in.
    """
    return f"""EXISTS (
    SELECT FROM problem_reader
    WHERE problem_reader.problem_id = {problem} AND problem_reader.person_id = {person}
      AND (SELECT bool_or((membership.valid_to IS NULL OR membership.valid_to > now())
                          AND (organisation.left_on IS NULL OR organisation.left_on > ks.today()))
           FROM group_member
           JOIN working_group ON working_group.id = group_member.group_id
           JOIN membership ON membership.id = group_member.membership_id
           JOIN organisation ON organisation.id = group_member.organisation_id
           WHERE working_group.problem_id = problem_reader.problem_id
             AND group_member.person_id = problem_reader.person_id) IS NOT FALSE)"""


_SELECT = f"""
SELECT problem.id, problem.year, problem.number, problem.title, problem.description,
       problem.area_id, area.name AS area, problem.category_id, category.label AS category,
       category.key AS category_key, problem.evidence, problem.opened_at,
       opener.name AS opened_by, problem_closure.closed_at, problem_closure.motive,
       closer.name AS closed_by
FROM problem
JOIN area ON area.id = problem.area_id
JOIN category ON category.id = problem.category_id
JOIN person AS opener ON opener.id = problem.opened_by
LEFT JOIN problem_closure ON problem_closure.problem_id = problem.id
LEFT JOIN person AS closer ON closer.id = problem_closure.closed_by
WHERE ($1 OR {reads("problem.id", "$2")})
"""
_ONE = _SELECT + " AND problem.year = $3 AND problem.number = $4"
_ALL = _SELECT + " ORDER BY problem_closure.closed_at NULLS FIRST, problem.opened_at DESC LIMIT $3"


async def find_problem(label: str, *, by: Member) -> FoundProblem:
    """The problem called `label` (``2026-14``). Raises NoSuchProblem."""
    parts = LABEL.fullmatch(label)
    if parts is None or int(parts[1]) > 9999:
        raise NoSuchProblem(label)
    row = await fetch_row(
        _ONE,
        by.may(Permission.PROBLEM_READ_ALL),
        by.person_id,
        int(parts[1]),
        int(parts[2]),
    )
    if row is None:
        raise NoSuchProblem(label)
    return _found(row)


async def find_problems(*, by: Member, limit: int = 200) -> list[FoundProblem]:
    """Every problem that `by` may see: open ones first, then the closed, newest first."""
    rows = await fetch(_ALL, by.may(Permission.PROBLEM_READ_ALL), by.person_id, limit)
    return [_found(row) for row in rows]


def _found(row: Record) -> FoundProblem:
    closing = None
    if row["closed_at"] is not None:
        closing = Closing(row["closed_at"], row["closed_by"], row["motive"])
    return FoundProblem(
        id=row["id"],
        label=f"{row['year']}-{row['number']}",
        title=row["title"],
        description=row["description"],
        area_id=row["area_id"],
        area=row["area"],
        category_id=row["category_id"],
        category=_(row["category"]),
        category_key=row["category_key"],
        evidence=msgspec.json.decode(row["evidence"]),
        opened_at=row["opened_at"],
        opened_by=row["opened_by"],
        closing=closing,
    )
