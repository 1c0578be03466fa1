"""Files that a job made for somebody to fetch, each with an end."""

from migrations.script import migration
from tenants.walls import wall

ID = "2026-11-26T06:16:00:000001"
VERSION = "1.38.0"
DESCRIPTION = "files"

FILES = """
CREATE TABLE ks.file (
    tenant_id uuid NOT NULL REFERENCES ks.municipality (id),
    id uuid NOT NULL,
    kind text NOT NULL,
    about uuid NOT NULL,
    view text NOT NULL,
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 120),
    media_type text NOT NULL,
    content bytea NOT NULL CHECK (length(content) <= 26214400),
    sha256 text NOT NULL CHECK (length(sha256) = 64),
    pages smallint NOT NULL,
    made_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, kind, about, view)
);
CREATE INDEX ON ks.file (tenant_id, expires_at);
"""

forwards = migration(ID, DESCRIPTION, FILES, wall("file", grants="SELECT, INSERT, UPDATE, DELETE"))
