"""Editions of every length, drafted and commented before they are frozen with their counts."""

from migrations.script import migration
from tenants.walls import wall

ID = "2026-11-26T06:15:00:000001"
VERSION = "1.38.0"
DESCRIPTION = "edition_kinds"

KINDS = "('weekly', 'monthly', 'tertial', 'yearly', 'statutory')"

# Editions that stand since before have no counts of their own: their numbers stand, unproved.
EDITIONS = f"""
ALTER TABLE ks.edition DROP CONSTRAINT edition_kind_check;
ALTER TABLE ks.edition ADD CONSTRAINT edition_kind_check CHECK (kind IN {KINDS});
ALTER TABLE ks.edition ADD COLUMN last_week date CHECK (extract(isodow FROM last_week) = 1);
ALTER TABLE ks.edition ADD COLUMN version smallint NOT NULL DEFAULT 1 CHECK (version > 0);
ALTER TABLE ks.edition ADD COLUMN supersedes uuid;
ALTER TABLE ks.edition ADD COLUMN reason text CHECK (length(reason) BETWEEN 1 AND 500);
ALTER TABLE ks.edition ADD COLUMN sections jsonb NOT NULL DEFAULT '{{}}';
ALTER TABLE ks.edition ADD COLUMN counts bytea;
ALTER TABLE ks.edition ADD COLUMN code text NOT NULL DEFAULT '';
ALTER TABLE ks.edition ADD COLUMN hash text CHECK (length(hash) = 64);
ALTER TABLE ks.edition DROP CONSTRAINT edition_tenant_id_kind_week_key;
ALTER TABLE ks.edition ADD CONSTRAINT edition_of_a_period UNIQUE (tenant_id, kind, week, version);
ALTER TABLE ks.edition ADD FOREIGN KEY (tenant_id, supersedes)
    REFERENCES ks.edition (tenant_id, id);
"""

DRAFTS = f"""
CREATE TABLE ks.edition_draft (
    tenant_id uuid NOT NULL REFERENCES ks.municipality (id),
    id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN {KINDS}),
    week date NOT NULL CHECK (extract(isodow FROM week) = 1),
    last_week date NOT NULL CHECK (extract(isodow FROM last_week) = 1),
    supersedes uuid,
    reason text CHECK (length(reason) BETWEEN 1 AND 500),
    drawn_at timestamptz NOT NULL,
    method text NOT NULL,
    content jsonb NOT NULL,
    counts bytea NOT NULL,
    sections jsonb NOT NULL DEFAULT '{{}}',
    revision integer NOT NULL DEFAULT 1,
    begun_by uuid NOT NULL,
    begun_at timestamptz NOT NULL DEFAULT now(),
    changed_by uuid NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT now(),
    outcome text CHECK (outcome IN ('approved', 'discarded')),
    ended_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, supersedes) REFERENCES ks.edition (tenant_id, id),
    CHECK (last_week >= week),
    CHECK ((outcome IS NULL) = (ended_at IS NULL))
);
CREATE UNIQUE INDEX one_open_draft_of_a_period ON ks.edition_draft (tenant_id, kind, week)
    WHERE ended_at IS NULL;
CREATE TABLE ks.edition_comment (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    draft_id uuid NOT NULL,
    text text NOT NULL CHECK (length(text) BETWEEN 1 AND 1000),
    person_id uuid NOT NULL,
    written_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    resolved_by uuid,
    resolved_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, draft_id) REFERENCES ks.edition_draft (tenant_id, id),
    CHECK ((resolved_by IS NULL) = (resolved_at IS NULL))
);
CREATE INDEX ON ks.edition_comment (tenant_id, draft_id, written_at);
"""

forwards = migration(
    ID,
    DESCRIPTION,
    EDITIONS,
    DRAFTS,
    wall("edition_draft", grants="SELECT, INSERT, UPDATE"),
    wall("edition_comment", grants="SELECT, INSERT, UPDATE"),
)
