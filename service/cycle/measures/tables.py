"""The nouns of measures: what is proposed and decided, who works on it, and what is to be done.

A `Decision` is written by the council through this stage's verb. Keys that join several columns
stand in the migration.
"""

from uuid import uuid4

from piccolo.columns import (
    UUID,
    Boolean,
    Date,
    ForeignKey,
    Integer,
    OnDelete,
    SmallInt,
    Text,
    Timestamptz,
)

from service.cycle.analysis.tables import Cause, Problem
from tenants.tables import Membership, Organisation, Person, TenantTable


class Measure(TenantTable, tablename="measure"):
    """What is to be done about one cause, by whom, from when to when, for how much."""

    id = UUID(primary_key=True, default=uuid4)
    problem_id = ForeignKey(Problem, null=False, on_delete=OnDelete.restrict)
    cause_id = ForeignKey(Cause, null=False, on_delete=OnDelete.restrict)
    title = Text()
    kind = Text()
    description = Text()
    expected_effect = Text()
    horizon = Text()
    indicator = Text()
    starts_on = Date()
    ends_on = Date()
    organisation_id = ForeignKey(Organisation, null=False, on_delete=OnDelete.restrict)
    cost_kr = Integer()
    hours = Integer()
    planned_by = UUID()
    planned_at = Timestamptz()


class MeasurePartner(TenantTable, tablename="measure_partner"):
    measure_id = ForeignKey(Measure, primary_key=True, null=False, on_delete=OnDelete.restrict)
    organisation_id = ForeignKey(Organisation, null=False, on_delete=OnDelete.restrict)


class Proposal(TenantTable, tablename="proposal"):
    """A question to the steering group: a measure, or the priority of a problem.

    `measure_id` is set for a measure, `priority` for a priority.
    """

    id = UUID(primary_key=True, default=uuid4)
    problem_id = ForeignKey(Problem, null=False, on_delete=OnDelete.restrict)
    measure_id = UUID(null=True, default=None)
    kind = Text()
    priority = Text(null=True, default=None)
    text = Text()
    proposed_by = UUID()
    proposed_at = Timestamptz()


class ProposalWithdrawal(TenantTable, tablename="proposal_withdrawal"):
    proposal_id = UUID(primary_key=True)
    motive = Text()
    withdrawn_by = UUID()
    withdrawn_at = Timestamptz()


class Decision(TenantTable, tablename="decision"):
    """What the steering group decided on a proposal, with its votes; § `paragraph` of `year`."""

    proposal_id = UUID(primary_key=True)
    year = SmallInt()
    paragraph = Integer()
    outcome = Text()
    motive = Text()
    cost_kr = Integer()
    hours = Integer()
    votes_for = SmallInt()
    votes_against = SmallInt()
    abstained = SmallInt()
    decided_by = UUID()
    decided_at = Timestamptz()


class WorkingGroup(TenantTable, tablename="working_group"):
    id = UUID(primary_key=True, default=uuid4)
    problem_id = ForeignKey(Problem, null=False, on_delete=OnDelete.restrict)
    assembled_by = UUID()
    assembled_at = Timestamptz()


class GroupMember(TenantTable, tablename="group_member"):
    """A person invited to a group for an organisation; the membership gives the role."""

    id = UUID(primary_key=True, default=uuid4)
    group_id = ForeignKey(WorkingGroup, null=False, on_delete=OnDelete.restrict)
    person_id = ForeignKey(Person, null=False, on_delete=OnDelete.restrict)
    organisation_id = ForeignKey(Organisation, null=False, on_delete=OnDelete.restrict)
    membership_id = ForeignKey(Membership, null=False, on_delete=OnDelete.restrict)
    invited_by = UUID()
    invited_at = Timestamptz()


class GroupAnswer(TenantTable, tablename="group_answer"):
    group_member_id = UUID(primary_key=True)
    accepted = Boolean()
    answered_at = Timestamptz()


class GroupDeparture(TenantTable, tablename="group_departure"):
    group_member_id = UUID(primary_key=True)
    ended_by = UUID()
    ended_at = Timestamptz()


class GroupLead(TenantTable, tablename="group_lead"):
    """Who leads a group from then on, with a membership for that; the latest one holds."""

    id = UUID(primary_key=True, default=uuid4)
    group_id = ForeignKey(WorkingGroup, null=False, on_delete=OnDelete.restrict)
    group_member_id = ForeignKey(GroupMember, null=False, on_delete=OnDelete.restrict)
    membership_id = ForeignKey(Membership, null=False, on_delete=OnDelete.restrict)
    appointed_by = UUID()
    appointed_at = Timestamptz()


class Task(TenantTable, tablename="task"):
    id = UUID(primary_key=True, default=uuid4)
    problem_id = ForeignKey(Problem, null=False, on_delete=OnDelete.restrict)
    measure_id = UUID(null=True, default=None)
    title = Text()
    due_on = Date()
    set_by = UUID()
    set_at = Timestamptz()


class TaskAssignment(TenantTable, tablename="task_assignment"):
    """Who owns a task from then on; the latest one holds."""

    id = UUID(primary_key=True, default=uuid4)
    task_id = ForeignKey(Task, null=False, on_delete=OnDelete.restrict)
    organisation_id = ForeignKey(Organisation, null=False, on_delete=OnDelete.restrict)
    person_id = UUID(null=True, default=None)
    assigned_by = UUID()
    assigned_at = Timestamptz()


class TaskCompletion(TenantTable, tablename="task_completion"):
    task_id = UUID(primary_key=True)
    comment = Text()
    completed_by = UUID()
    completed_at = Timestamptz()
