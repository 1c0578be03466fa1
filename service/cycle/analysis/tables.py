"""The nouns of analysis: problems, what is known of them, their causes, and who checks what.

Each act is a row of its own. Keys that join several columns stand in the migration; where a table
has no id of its own the class names one column as its primary key, because Piccolo wants one.
"""

from uuid import uuid4

from piccolo.columns import (
    JSONB,
    UUID,
    Date,
    ForeignKey,
    Integer,
    OnDelete,
    SmallInt,
    Text,
    Timestamptz,
)

from service.cycle.mapping.tables import Area, Category
from tenants.tables import Organisation, Person, TenantTable


class Problem(TenantTable, tablename="problem"):
    """One category in one area that the group works on; `evidence` is the picture's line of then.

    People call it by `year` and `number`: 2026-14.
    """

    id = UUID(primary_key=True, default=uuid4)
    year = SmallInt()
    number = Integer()
    title = Text()
    description = Text()
    area_id = ForeignKey(Area, null=False, on_delete=OnDelete.restrict)
    category_id = ForeignKey(Category, null=False, on_delete=OnDelete.restrict)
    evidence = JSONB()
    opened_by = UUID()
    opened_at = Timestamptz()


class OpenProblem(TenantTable, tablename="open_problem"):
    """The hold of an open problem on its area and category: each is worked on once."""

    area_id = ForeignKey(Area, null=False, on_delete=OnDelete.restrict)
    category_id = ForeignKey(Category, null=False, on_delete=OnDelete.restrict)
    problem_id = UUID(primary_key=True)


class ProblemClosure(TenantTable, tablename="problem_closure"):
    problem_id = UUID(primary_key=True)
    motive = Text()
    closed_by = UUID()
    closed_at = Timestamptz()


class ProblemReader(TenantTable, tablename="problem_reader"):
    """Somebody who may see this problem without seeing all, such as a working group's member."""

    problem_id = ForeignKey(Problem, primary_key=True, null=False, on_delete=OnDelete.restrict)
    person_id = ForeignKey(Person, null=False, on_delete=OnDelete.restrict)
    admitted_at = Timestamptz()


class Finding(TenantTable, tablename="finding"):
    """Something known (with its source) or assumed about a problem."""

    id = UUID(primary_key=True, default=uuid4)
    problem_id = ForeignKey(Problem, null=False, on_delete=OnDelete.restrict)
    kind = Text()
    text = Text()
    source = Text()
    noted_by = UUID()
    noted_at = Timestamptz()


class FindingRetraction(TenantTable, tablename="finding_retraction"):
    finding_id = UUID(primary_key=True)
    retracted_by = UUID()
    retracted_at = Timestamptz()


class Cause(TenantTable, tablename="cause"):
    """A likely cause on one side of the crime triangle: place, offender or target."""

    id = UUID(primary_key=True, default=uuid4)
    problem_id = ForeignKey(Problem, null=False, on_delete=OnDelete.restrict)
    letter = Text()
    side = Text()
    title = Text()
    description = Text()
    named_by = UUID()
    named_at = Timestamptz()


class CauseAssessment(TenantTable, tablename="cause_assessment"):
    """How well a cause is supported, as the group saw it then; the latest one holds."""

    id = UUID(primary_key=True, default=uuid4)
    cause_id = ForeignKey(Cause, null=False, on_delete=OnDelete.restrict)
    support = Text()
    motive = Text()
    assessed_by = UUID()
    assessed_at = Timestamptz()


class Inquiry(TenantTable, tablename="inquiry"):
    """A question about a problem that one organisation is to find out by a day."""

    id = UUID(primary_key=True, default=uuid4)
    problem_id = ForeignKey(Problem, null=False, on_delete=OnDelete.restrict)
    question = Text()
    organisation_id = ForeignKey(Organisation, null=False, on_delete=OnDelete.restrict)
    due_on = Date()
    asked_by = UUID()
    asked_at = Timestamptz()


class InquiryAnswer(TenantTable, tablename="inquiry_answer"):
    inquiry_id = UUID(primary_key=True)
    text = Text()
    answered_by = UUID()
    answered_at = Timestamptz()
