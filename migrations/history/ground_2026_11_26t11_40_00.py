"""A municipality's own map: the file until it is read, and the tiles that were cut of it."""

from migrations.script import migration
from tenants.walls import wall

ID = "2026-11-26T11:40:00:000001"
VERSION = "1.38.0"
DESCRIPTION = "ground"

GROUND = """
CREATE TABLE ks.ground_map (
    tenant_id uuid NOT NULL REFERENCES ks.municipality (id),
    id uuid NOT NULL,
    file_name text NOT NULL CHECK (length(file_name) BETWEEN 1 AND 200),
    attribution text NOT NULL CHECK (length(attribution) BETWEEN 1 AND 120),
    size integer NOT NULL,
    sent_by uuid NOT NULL REFERENCES ks.person (id),
    sent_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    read_at timestamptz,
    refused text,
    about text NOT NULL DEFAULT '',
    kept jsonb,
    outside integer NOT NULL DEFAULT 0,
    left_out jsonb,
    removed_at timestamptz,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX ON ks.ground_map (tenant_id, sent_at);
-- One map lies under the points, whoever sends and takes back at once.
CREATE UNIQUE INDEX ON ks.ground_map (tenant_id)
    WHERE kept IS NOT NULL AND removed_at IS NULL;
CREATE TABLE ks.ground_file (
    tenant_id uuid NOT NULL,
    map_id uuid NOT NULL,
    content bytea NOT NULL CHECK (length(content) <= 26214400),
    PRIMARY KEY (tenant_id, map_id),
    FOREIGN KEY (tenant_id, map_id) REFERENCES ks.ground_map (tenant_id, id)
);
CREATE TABLE ks.ground_tile (
    tenant_id uuid NOT NULL,
    map_id uuid NOT NULL,
    level smallint NOT NULL,
    x integer NOT NULL,
    y integer NOT NULL,
    body bytea NOT NULL,
    PRIMARY KEY (tenant_id, map_id, level, x, y),
    FOREIGN KEY (tenant_id, map_id) REFERENCES ks.ground_map (tenant_id, id)
);
-- Packed already; looking whether it could be packed once more is waste.
ALTER TABLE ks.ground_tile ALTER COLUMN body SET STORAGE EXTERNAL;
ALTER TABLE ks.ground_file ALTER COLUMN content SET STORAGE EXTERNAL;
"""

forwards = migration(
    ID,
    DESCRIPTION,
    GROUND,
    wall("ground_map", grants="SELECT, INSERT, UPDATE"),
    wall("ground_file", grants="SELECT, INSERT, DELETE"),
    wall("ground_tile", grants="SELECT, INSERT, DELETE"),
)
