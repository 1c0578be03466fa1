"""Measures: what is proposed and decided, the working group of a problem, and its tasks."""

from migrations.script import migration
from tenants.walls import wall

ID = "2026-11-25T22:52:00:000001"
VERSION = "1.38.0"
DESCRIPTION = "measures"

# A measure acts on a named cause of its own problem; the key says so.
MEASURES = """
CREATE TABLE ks.measure (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    problem_id uuid NOT NULL,
    cause_id uuid NOT NULL,
    title text NOT NULL CHECK (length(title) BETWEEN 1 AND 120),
    kind text NOT NULL CHECK (kind IN ('situational', 'social')),
    description text NOT NULL DEFAULT '' CHECK (length(description) <= 1000),
    expected_effect text NOT NULL CHECK (length(expected_effect) BETWEEN 1 AND 400),
    horizon text NOT NULL CHECK (horizon IN ('short', 'long')),
    indicator text NOT NULL CHECK (length(indicator) BETWEEN 1 AND 300),
    starts_on date NOT NULL,
    ends_on date NOT NULL,
    organisation_id uuid NOT NULL,
    cost_kr integer NOT NULL CHECK (cost_kr BETWEEN 0 AND 1000000000),
    hours integer NOT NULL CHECK (hours BETWEEN 0 AND 1000000),
    planned_by uuid NOT NULL,
    planned_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, id, problem_id),
    FOREIGN KEY (tenant_id, problem_id) REFERENCES ks.problem (tenant_id, id),
    FOREIGN KEY (tenant_id, cause_id, problem_id) REFERENCES ks.cause (tenant_id, id, problem_id),
    FOREIGN KEY (tenant_id, organisation_id) REFERENCES ks.organisation (tenant_id, id),
    CHECK (ends_on >= starts_on)
);
CREATE INDEX ON ks.measure (tenant_id, problem_id);
CREATE TABLE ks.measure_partner (
    tenant_id uuid NOT NULL,
    measure_id uuid NOT NULL,
    organisation_id uuid NOT NULL,
    PRIMARY KEY (tenant_id, measure_id, organisation_id),
    FOREIGN KEY (tenant_id, measure_id) REFERENCES ks.measure (tenant_id, id),
    FOREIGN KEY (tenant_id, organisation_id) REFERENCES ks.organisation (tenant_id, id)
);
"""

# A proposal has at most one end, a withdrawal or a decision: whoever writes either first locks
# the proposal's row.
PROPOSALS = """
CREATE TABLE ks.proposal (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    problem_id uuid NOT NULL,
    measure_id uuid,
    kind text NOT NULL CHECK (kind IN ('priority', 'measure')),
    priority text CHECK (priority IN ('first', 'ordinary', 'watch')),
    text text NOT NULL DEFAULT '' CHECK (length(text) <= 1000),
    proposed_by uuid NOT NULL,
    proposed_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, problem_id) REFERENCES ks.problem (tenant_id, id),
    FOREIGN KEY (tenant_id, measure_id, problem_id)
        REFERENCES ks.measure (tenant_id, id, problem_id),
    CHECK ((kind = 'measure') = (measure_id IS NOT NULL)),
    CHECK ((kind = 'priority') = (priority IS NOT NULL))
);
CREATE INDEX ON ks.proposal (tenant_id, problem_id);
CREATE INDEX ON ks.proposal (tenant_id, measure_id);
CREATE TABLE ks.proposal_withdrawal (
    tenant_id uuid NOT NULL,
    proposal_id uuid NOT NULL,
    motive text NOT NULL CHECK (length(motive) BETWEEN 1 AND 600),
    withdrawn_by uuid NOT NULL,
    withdrawn_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, proposal_id),
    FOREIGN KEY (tenant_id, proposal_id) REFERENCES ks.proposal (tenant_id, id)
);
CREATE TABLE ks.decision (
    tenant_id uuid NOT NULL,
    proposal_id uuid NOT NULL,
    year smallint NOT NULL,
    paragraph integer NOT NULL CHECK (paragraph > 0),
    outcome text NOT NULL CHECK (outcome IN ('approved', 'rejected', 'referred_back')),
    motive text NOT NULL CHECK (length(motive) BETWEEN 1 AND 1000),
    cost_kr integer NOT NULL DEFAULT 0 CHECK (cost_kr BETWEEN 0 AND 1000000000),
    hours integer NOT NULL DEFAULT 0 CHECK (hours BETWEEN 0 AND 1000000),
    votes_for smallint NOT NULL CHECK (votes_for >= 0),
    votes_against smallint NOT NULL CHECK (votes_against >= 0),
    abstained smallint NOT NULL CHECK (abstained >= 0),
    decided_by uuid NOT NULL,
    decided_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, proposal_id),
    UNIQUE (tenant_id, year, paragraph),
    FOREIGN KEY (tenant_id, proposal_id) REFERENCES ks.proposal (tenant_id, id)
);
CREATE INDEX ON ks.decision (tenant_id, decided_at);
"""

GROUPS = """
CREATE TABLE ks.working_group (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    problem_id uuid NOT NULL,
    assembled_by uuid NOT NULL,
    assembled_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, problem_id),
    FOREIGN KEY (tenant_id, problem_id) REFERENCES ks.problem (tenant_id, id)
);
CREATE TABLE ks.group_member (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    group_id uuid NOT NULL,
    person_id uuid NOT NULL REFERENCES ks.person (id),
    organisation_id uuid NOT NULL,
    membership_id uuid NOT NULL,
    invited_by uuid NOT NULL,
    invited_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, group_id) REFERENCES ks.working_group (tenant_id, id),
    FOREIGN KEY (tenant_id, organisation_id) REFERENCES ks.organisation (tenant_id, id),
    FOREIGN KEY (tenant_id, membership_id) REFERENCES ks.membership (tenant_id, id)
);
CREATE INDEX ON ks.group_member (tenant_id, group_id);
CREATE INDEX ON ks.group_member (tenant_id, person_id);
CREATE TABLE ks.group_answer (
    tenant_id uuid NOT NULL,
    group_member_id uuid NOT NULL,
    accepted boolean NOT NULL,
    answered_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, group_member_id),
    FOREIGN KEY (tenant_id, group_member_id) REFERENCES ks.group_member (tenant_id, id)
);
CREATE TABLE ks.group_departure (
    tenant_id uuid NOT NULL,
    group_member_id uuid NOT NULL,
    ended_by uuid NOT NULL,
    ended_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, group_member_id),
    FOREIGN KEY (tenant_id, group_member_id) REFERENCES ks.group_member (tenant_id, id)
);
CREATE TABLE ks.group_lead (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    group_id uuid NOT NULL,
    group_member_id uuid NOT NULL,
    membership_id uuid NOT NULL,
    appointed_by uuid NOT NULL,
    appointed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, group_id) REFERENCES ks.working_group (tenant_id, id),
    FOREIGN KEY (tenant_id, group_member_id) REFERENCES ks.group_member (tenant_id, id),
    FOREIGN KEY (tenant_id, membership_id) REFERENCES ks.membership (tenant_id, id)
);
CREATE INDEX ON ks.group_lead (tenant_id, group_id, appointed_at DESC);
CREATE TABLE ks.task (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    problem_id uuid NOT NULL,
    measure_id uuid,
    title text NOT NULL CHECK (length(title) BETWEEN 1 AND 200),
    due_on date NOT NULL,
    set_by uuid NOT NULL,
    set_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, problem_id) REFERENCES ks.problem (tenant_id, id),
    FOREIGN KEY (tenant_id, measure_id, problem_id)
        REFERENCES ks.measure (tenant_id, id, problem_id)
);
CREATE INDEX ON ks.task (tenant_id, problem_id);
CREATE TABLE ks.task_assignment (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    task_id uuid NOT NULL,
    organisation_id uuid NOT NULL,
    person_id uuid,
    assigned_by uuid NOT NULL,
    assigned_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, task_id) REFERENCES ks.task (tenant_id, id),
    FOREIGN KEY (tenant_id, organisation_id) REFERENCES ks.organisation (tenant_id, id)
);
CREATE INDEX ON ks.task_assignment (tenant_id, task_id, assigned_at DESC);
CREATE TABLE ks.task_completion (
    tenant_id uuid NOT NULL,
    task_id uuid NOT NULL,
    comment text NOT NULL DEFAULT '' CHECK (length(comment) <= 600),
    completed_by uuid NOT NULL,
    completed_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, task_id),
    FOREIGN KEY (tenant_id, task_id) REFERENCES ks.task (tenant_id, id)
);
"""

APPEND_ONLY = (
    "measure",
    "measure_partner",
    "proposal_withdrawal",
    "decision",
    "group_member",
    "group_answer",
    "group_departure",
    "group_lead",
    "task_assignment",
    "task_completion",
)
# Taken FOR UPDATE by whoever ends them, which PostgreSQL grants to who may update.
LOCKED = ("proposal", "working_group", "task")

forwards = migration(
    ID,
    DESCRIPTION,
    MEASURES,
    PROPOSALS,
    GROUPS,
    *(wall(table, grants="SELECT, INSERT") for table in APPEND_ONLY),
    *(wall(table, grants="SELECT, INSERT, UPDATE") for table in LOCKED),
)
