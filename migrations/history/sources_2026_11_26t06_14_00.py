"""Foreign sources that are asked at certain times, each call that was made, and who takes them."""

from migrations.script import migration
from tenants.walls import wall

ID = "2026-11-26T06:14:00:000001"
VERSION = "1.38.0"
DESCRIPTION = "sources"

# A source is asked once for all municipalities, so that its rows name none and need no wall. The
# feed's row is what callers take turns by, on whatever machine they are.
FEEDS = """
CREATE TABLE ks.source_feed (
    source text PRIMARY KEY CHECK (source IN ('police')),
    etag text,
    last_modified text,
    recipients text,
    asked_at timestamptz,
    answered_at timestamptz,
    failed_at timestamptz,
    failure text,
    failures smallint NOT NULL DEFAULT 0,
    next_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
INSERT INTO ks.source_feed (source) VALUES ('police');
CREATE TABLE ks.source_call (
    id uuid PRIMARY KEY,
    source text NOT NULL REFERENCES ks.source_feed (source),
    called_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    ended_at timestamptz,
    status smallint
);
CREATE INDEX ON ks.source_call (source, called_at);
GRANT SELECT, UPDATE ON ks.source_feed TO ks_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON ks.source_call TO ks_app;
"""
CHOICE = """
CREATE TABLE ks.source_choice (
    tenant_id uuid NOT NULL REFERENCES ks.municipality (id),
    id uuid NOT NULL,
    source text NOT NULL CHECK (source IN ('police')),
    taken boolean NOT NULL,
    chosen_by uuid NOT NULL REFERENCES ks.person (id),
    chosen_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX ON ks.source_choice (tenant_id, source, chosen_at);
CREATE INDEX ON ks.police_event (tenant_id, imported_at);
"""

forwards = migration(ID, DESCRIPTION, FEEDS, CHOICE, wall("source_choice", grants="SELECT, INSERT"))
