"""Files with many reports: what each held, what its columns mean, and which reports came of it."""

from migrations.script import migration
from tenants.walls import wall

ID = "2026-11-26T11:00:00:000001"
VERSION = "1.38.0"
DESCRIPTION = "batches"

# A file goes away once it is unpacked, and a chunk's rows once its reports are stored: what
# strangers wrote is kept no longer than it takes to read it.
BATCHES = """
CREATE TABLE ks.report_batch (
    tenant_id uuid NOT NULL REFERENCES ks.municipality (id),
    id uuid NOT NULL,
    organisation_id uuid NOT NULL,
    file_name text NOT NULL CHECK (length(file_name) BETWEEN 1 AND 200),
    sheet text NOT NULL DEFAULT '',
    sha256 bytea NOT NULL CHECK (length(sha256) = 32),
    made_by uuid NOT NULL REFERENCES ks.person (id),
    made_at timestamptz NOT NULL DEFAULT now(),
    unpacked_at timestamptz,
    refused text,
    refused_row integer,
    columns jsonb,
    total integer,
    meaning jsonb,
    version integer NOT NULL DEFAULT 0,
    checked_at timestamptz,
    taken_up_at timestamptz,
    taken_in_at timestamptz,
    undo_at timestamptz,
    undone_at timestamptz,
    dropped_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, organisation_id) REFERENCES ks.organisation (tenant_id, id)
);
CREATE INDEX ON ks.report_batch (tenant_id, organisation_id, made_at);
CREATE TABLE ks.batch_file (
    tenant_id uuid NOT NULL,
    batch_id uuid NOT NULL,
    content bytea NOT NULL,
    PRIMARY KEY (tenant_id, batch_id),
    FOREIGN KEY (tenant_id, batch_id) REFERENCES ks.report_batch (tenant_id, id)
);
CREATE TABLE ks.batch_chunk (
    tenant_id uuid NOT NULL,
    batch_id uuid NOT NULL,
    number integer NOT NULL,
    size integer NOT NULL,
    rows jsonb,
    version integer NOT NULL DEFAULT 0,
    ready jsonb,
    good integer NOT NULL DEFAULT 0,
    wrong integer NOT NULL DEFAULT 0,
    skipped integer NOT NULL DEFAULT 0,
    cleaned integer NOT NULL DEFAULT 0,
    held integer NOT NULL DEFAULT 0,
    taken_in integer,
    PRIMARY KEY (tenant_id, batch_id, number),
    FOREIGN KEY (tenant_id, batch_id) REFERENCES ks.report_batch (tenant_id, id)
);
CREATE TABLE ks.batch_error (
    tenant_id uuid NOT NULL,
    batch_id uuid NOT NULL,
    chunk integer NOT NULL,
    row integer NOT NULL,
    place integer NOT NULL,
    columns text NOT NULL,
    value text NOT NULL,
    message text NOT NULL,
    PRIMARY KEY (tenant_id, batch_id, row, place),
    FOREIGN KEY (tenant_id, batch_id, chunk)
        REFERENCES ks.batch_chunk (tenant_id, batch_id, number)
);
"""
# An import that is undone takes its reports with it, as if they had never come.
REPORTS = """
ALTER TABLE ks.report ADD COLUMN batch_id uuid;
ALTER TABLE ks.report ADD FOREIGN KEY (tenant_id, batch_id)
    REFERENCES ks.report_batch (tenant_id, id);
CREATE INDEX ON ks.report (tenant_id, batch_id, id) WHERE batch_id IS NOT NULL;
GRANT DELETE ON ks.report, ks.report_correction TO ks_app;
"""

forwards = migration(
    ID,
    DESCRIPTION,
    BATCHES,
    wall("report_batch", grants="SELECT, INSERT, UPDATE"),
    wall("batch_file", grants="SELECT, INSERT, DELETE"),
    wall("batch_chunk"),
    wall("batch_error", grants="SELECT, INSERT, DELETE"),
    REPORTS,
)
