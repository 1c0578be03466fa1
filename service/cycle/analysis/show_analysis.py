"""What the problem's page shows of the analysis: findings, causes, and who checks what."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from asyncpg import Record

from service.cycle.analysis.find import FoundProblem
from service.cycle.analysis.words import KINDS, SIDES, SUPPORTS
from service.cycle.mapping.week import local_day
from service.web.draw import cause_triangle
from service.web.language import _
from tenants.members import Member
from tenants.roles import Permission
from tenants.scope import fetch, fetch_row


@dataclass(frozen=True)
class Assessment:
    support: str
    words: str
    motive: str
    by: str
    at: datetime


@dataclass(frozen=True)
class ShownCause:
    """A cause with its assessments, the latest first; `support` is the one that holds."""

    id: UUID
    letter: str
    side: str
    side_words: str
    title: str
    description: str
    assessments: list[Assessment]

    @property
    def support(self) -> str:
        return self.assessments[0].support if self.assessments else "weak"

    @property
    def rejected(self) -> bool:
        return self.support == "rejected"


@dataclass(frozen=True)
class ShownInquiry:
    id: UUID
    question: str
    organisation: str
    due_on: date
    answer: str | None
    answered_by: str | None
    late: bool
    mine: bool


async def findings_section(problem: FoundProblem, *, by: Member) -> dict[str, Any]:
    """The context of `cycle/analysis/_findings.html`."""
    rows = await fetch(
        """SELECT finding.id, finding.kind, finding.text, finding.source, finding.noted_at,
                  person.name AS noted_by
           FROM finding JOIN person ON person.id = finding.noted_by
           WHERE finding.problem_id = $1
             AND NOT EXISTS (SELECT FROM finding_retraction
                             WHERE finding_retraction.finding_id = finding.id)
           ORDER BY finding.noted_at, finding.id""",
        problem.id,
    )
    return {
        "findings": [
            (_(words), [row for row in rows if row["kind"] == kind])
            for kind, words in KINDS.items()
        ],
        "may_analyse": may_analyse(problem, by),
    }


async def causes_section(problem: FoundProblem, *, by: Member) -> dict[str, Any]:
    """The context of `cycle/analysis/_causes.html`."""
    causes = await read_causes(problem.id)
    return {
        "causes": causes,
        "triangle": cause_triangle(
            [(cause.letter, cause.side, cause.support) for cause in causes],
            place=problem.area,
            sides={side: _(words) for side, words in SIDES.items()},
            key="causes",
        ),
        "may_analyse": may_analyse(problem, by),
    }


async def inquiries_section(problem: FoundProblem, *, by: Member) -> dict[str, Any]:
    """The context of `cycle/analysis/_inquiries.html`."""
    rows = await fetch(
        """SELECT inquiry.id, inquiry.question, inquiry.organisation_id, inquiry.due_on,
                  organisation.name AS organisation, inquiry_answer.text AS answer,
                  person.name AS answered_by
           FROM inquiry
           JOIN organisation ON organisation.id = inquiry.organisation_id
           LEFT JOIN inquiry_answer ON inquiry_answer.inquiry_id = inquiry.id
           LEFT JOIN person ON person.id = inquiry_answer.answered_by
           WHERE inquiry.problem_id = $1
           ORDER BY inquiry_answer.answered_at NULLS FIRST, inquiry.due_on, inquiry.id""",
        problem.id,
    )
    today = local_day()
    analyses = may_analyse(problem, by)
    return {
        "inquiries": [
            ShownInquiry(
                id=row["id"],
                question=row["question"],
                organisation=row["organisation"],
                due_on=row["due_on"],
                answer=row["answer"],
                answered_by=row["answered_by"],
                late=row["answer"] is None and row["due_on"] < today,
                mine=problem.closing is None
                and by.may(Permission.TASK_WORK)
                and (analyses or row["organisation_id"] == by.organisation_id),
            )
            for row in rows
        ],
        "may_analyse": analyses,
    }


async def find_inquiry(inquiry_id: UUID, *, of: UUID) -> Record | None:
    """Question, due_on, organisation and answer of an inquiry of the problem `of`."""
    return await fetch_row(
        """SELECT inquiry.question, inquiry.due_on, organisation.name AS organisation,
                  inquiry_answer.text AS answer
           FROM inquiry
           JOIN organisation ON organisation.id = inquiry.organisation_id
           LEFT JOIN inquiry_answer ON inquiry_answer.inquiry_id = inquiry.id
           WHERE inquiry.id = $1 AND inquiry.problem_id = $2""",
        inquiry_id,
        of,
    )


def may_analyse(problem: FoundProblem, by: Member) -> bool:
    """Whether the page offers `by` to write in the analysis of this problem."""
    return problem.closing is None and by.may(Permission.PROBLEM_ANALYSE)


async def read_causes(problem_id: UUID) -> list[ShownCause]:
    """The causes of a problem by letter, each with every assessment."""
    rows = await fetch(
        """SELECT cause.id, cause.letter, cause.side, cause.title, cause.description,
                  cause_assessment.support, cause_assessment.motive, cause_assessment.assessed_at,
                  person.name AS assessed_by
           FROM cause
           LEFT JOIN cause_assessment ON cause_assessment.cause_id = cause.id
           LEFT JOIN person ON person.id = cause_assessment.assessed_by
           WHERE cause.problem_id = $1
           ORDER BY cause.letter, cause_assessment.assessed_at DESC""",
        problem_id,
    )
    found: dict[str, ShownCause] = {}
    for row in rows:
        cause = found.setdefault(
            row["letter"],
            ShownCause(
                row["id"],
                row["letter"],
                row["side"],
                _(SIDES[row["side"]]),
                row["title"],
                row["description"],
                [],
            ),
        )
        if row["support"] is not None:
            cause.assessments.append(
                Assessment(
                    row["support"],
                    _(SUPPORTS[row["support"]]),
                    row["motive"],
                    row["assessed_by"],
                    row["assessed_at"],
                )
            )
    return list(found.values())
