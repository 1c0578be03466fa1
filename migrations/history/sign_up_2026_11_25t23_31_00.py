"""A municipality signs itself up; what it agreed to; how it begins."""

from migrations.script import migration
from tenants.walls import wall

ID = "2026-11-25T23:31:00:000001"
VERSION = "1.38.0"
DESCRIPTION = "sign_up"

# Who asks is not a municipality yet, so that these two belong to the platform. How far a sign-up
# has come follows from its steps: each is taken once and none is taken back; what came to nothing
# is forgotten as a whole.
SIGN_UPS = """
CREATE TABLE ks.sign_up (
    id uuid PRIMARY KEY,
    token_hash bytea NOT NULL UNIQUE CHECK (length(token_hash) = 32),
    code text NOT NULL CHECK (code ~ '^[0-9]{4}$'),
    contact text NOT NULL,
    title text NOT NULL,
    email text NOT NULL,
    asked_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL
);
CREATE INDEX ON ks.sign_up (code);
CREATE TABLE ks.sign_up_step (
    sign_up_id uuid NOT NULL REFERENCES ks.sign_up (id),
    step text NOT NULL CHECK (step IN (
        'written', 'verified', 'agreed', 'approved', 'refused', 'furnished')),
    version text,
    person_id uuid REFERENCES ks.person (id),
    at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (sign_up_id, step),
    CHECK ((step = 'agreed') = (version IS NOT NULL))
);
-- Approved or refused, never both.
CREATE UNIQUE INDEX ON ks.sign_up_step (sign_up_id) WHERE step IN ('approved', 'refused');
GRANT SELECT, INSERT, DELETE ON ks.sign_up, ks.sign_up_step TO ks_app;
GRANT SELECT ON ks.sign_up TO ks_operator;
GRANT SELECT, INSERT ON ks.sign_up_step TO ks_operator;
"""

BEGINNINGS = """
CREATE TABLE ks.processing_agreement (
    tenant_id uuid NOT NULL REFERENCES ks.municipality (id),
    version text NOT NULL,
    text_hash bytea NOT NULL CHECK (length(text_hash) = 32),
    accepted_by text NOT NULL,
    email text NOT NULL,
    accepted_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, version)
);
CREATE TABLE ks.reporting_cycle (
    tenant_id uuid NOT NULL REFERENCES ks.municipality (id),
    id uuid NOT NULL,
    weeks smallint NOT NULL CHECK (weeks IN (1, 2)),
    closes_on smallint NOT NULL CHECK (closes_on BETWEEN 1 AND 7),
    set_by uuid REFERENCES ks.person (id),
    set_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (tenant_id, id)
);
CREATE TABLE ks.start_step (
    tenant_id uuid NOT NULL REFERENCES ks.municipality (id),
    step text NOT NULL CHECK (step IN ('log_in', 'areas', 'categories')),
    person_id uuid REFERENCES ks.person (id),
    at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, step)
);
"""

forwards = migration(
    ID,
    DESCRIPTION,
    SIGN_UPS,
    BEGINNINGS,
    wall("processing_agreement", grants="SELECT, INSERT"),
    wall("reporting_cycle", grants="SELECT, INSERT"),
    wall("start_step", grants="SELECT, INSERT"),
)
