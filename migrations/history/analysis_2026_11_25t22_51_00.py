"""Analysis: problems with the evidence they were opened on, what is known, causes, inquiries."""

from migrations.script import migration
from tenants.walls import wall

ID = "2026-11-25T22:51:00:000001"
VERSION = "1.38.0"
DESCRIPTION = "analysis"

# `open_problem` holds the cell (area and category) that a problem works on while it is open: two
# people who open the same one meet at its key, and the second is led to the first one's problem.
PROBLEMS = """
CREATE TABLE ks.problem (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    year smallint NOT NULL,
    number integer NOT NULL CHECK (number > 0),
    title text NOT NULL CHECK (length(title) BETWEEN 1 AND 120),
    description text NOT NULL DEFAULT '' CHECK (length(description) <= 1000),
    area_id uuid NOT NULL,
    category_id uuid NOT NULL,
    evidence jsonb NOT NULL,
    opened_by uuid NOT NULL,
    opened_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, year, number),
    FOREIGN KEY (tenant_id, area_id) REFERENCES ks.area (tenant_id, id),
    FOREIGN KEY (tenant_id, category_id) REFERENCES ks.category (tenant_id, id)
);
CREATE INDEX ON ks.problem (tenant_id, area_id, category_id);
CREATE TABLE ks.open_problem (
    tenant_id uuid NOT NULL,
    area_id uuid NOT NULL,
    category_id uuid NOT NULL,
    problem_id uuid NOT NULL,
    PRIMARY KEY (tenant_id, area_id, category_id),
    UNIQUE (tenant_id, problem_id),
    FOREIGN KEY (tenant_id, problem_id) REFERENCES ks.problem (tenant_id, id)
);
CREATE TABLE ks.problem_closure (
    tenant_id uuid NOT NULL,
    problem_id uuid NOT NULL,
    motive text NOT NULL CHECK (length(motive) BETWEEN 1 AND 1000),
    closed_by uuid NOT NULL,
    closed_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, problem_id),
    FOREIGN KEY (tenant_id, problem_id) REFERENCES ks.problem (tenant_id, id)
);
"""

# Who may see one problem without seeing all: the stage that invites people writes the row, and
# takes it away when they leave.
READERS = """
CREATE TABLE ks.problem_reader (
    tenant_id uuid NOT NULL,
    problem_id uuid NOT NULL,
    person_id uuid NOT NULL REFERENCES ks.person (id),
    admitted_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, problem_id, person_id),
    FOREIGN KEY (tenant_id, problem_id) REFERENCES ks.problem (tenant_id, id)
);
CREATE INDEX ON ks.problem_reader (tenant_id, person_id);
"""

ANALYSIS = """
CREATE TABLE ks.finding (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    problem_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('known', 'assumed')),
    text text NOT NULL CHECK (length(text) BETWEEN 1 AND 600),
    source text NOT NULL DEFAULT '' CHECK (length(source) <= 200),
    noted_by uuid NOT NULL,
    noted_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, problem_id) REFERENCES ks.problem (tenant_id, id)
);
CREATE INDEX ON ks.finding (tenant_id, problem_id);
CREATE TABLE ks.finding_retraction (
    tenant_id uuid NOT NULL,
    finding_id uuid NOT NULL,
    retracted_by uuid NOT NULL,
    retracted_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, finding_id),
    FOREIGN KEY (tenant_id, finding_id) REFERENCES ks.finding (tenant_id, id)
);
CREATE TABLE ks.cause (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    problem_id uuid NOT NULL,
    letter text NOT NULL CHECK (letter ~ '^[A-Z]$'),
    side text NOT NULL CHECK (side IN ('place', 'offender', 'target')),
    title text NOT NULL CHECK (length(title) BETWEEN 1 AND 120),
    description text NOT NULL DEFAULT '' CHECK (length(description) <= 600),
    named_by uuid NOT NULL,
    named_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, problem_id, letter),
    -- Lets a measure's key to its cause carry the problem along.
    UNIQUE (tenant_id, id, problem_id),
    FOREIGN KEY (tenant_id, problem_id) REFERENCES ks.problem (tenant_id, id)
);
CREATE TABLE ks.cause_assessment (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    cause_id uuid NOT NULL,
    support text NOT NULL CHECK (support IN ('several_sources', 'weak', 'rejected')),
    motive text NOT NULL DEFAULT '' CHECK (length(motive) <= 600),
    assessed_by uuid NOT NULL,
    assessed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, cause_id) REFERENCES ks.cause (tenant_id, id)
);
CREATE INDEX ON ks.cause_assessment (tenant_id, cause_id, assessed_at DESC);
CREATE TABLE ks.inquiry (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    problem_id uuid NOT NULL,
    question text NOT NULL CHECK (length(question) BETWEEN 1 AND 300),
    organisation_id uuid NOT NULL,
    due_on date NOT NULL,
    asked_by uuid NOT NULL,
    asked_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, problem_id) REFERENCES ks.problem (tenant_id, id),
    FOREIGN KEY (tenant_id, organisation_id) REFERENCES ks.organisation (tenant_id, id)
);
CREATE INDEX ON ks.inquiry (tenant_id, problem_id);
CREATE TABLE ks.inquiry_answer (
    tenant_id uuid NOT NULL,
    inquiry_id uuid NOT NULL,
    text text NOT NULL CHECK (length(text) BETWEEN 1 AND 1000),
    answered_by uuid NOT NULL,
    answered_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, inquiry_id),
    FOREIGN KEY (tenant_id, inquiry_id) REFERENCES ks.inquiry (tenant_id, id)
);
"""

# What was written down as a state stays as it was written; only the hold on a cell is let go.
APPEND_ONLY = (
    "problem",
    "problem_closure",
    "finding",
    "finding_retraction",
    "cause",
    "cause_assessment",
    "inquiry",
    "inquiry_answer",
)

forwards = migration(
    ID,
    DESCRIPTION,
    PROBLEMS,
    READERS,
    ANALYSIS,
    wall("open_problem", grants="SELECT, INSERT, DELETE"),
    wall("problem_reader", grants="SELECT, INSERT, DELETE"),
    *(wall(table, grants="SELECT, INSERT") for table in APPEND_ONLY),
)
