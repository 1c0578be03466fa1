"""Other areas in the place of those that reports lie in; the old ones stay, and say which."""

from migrations.script import migration
from tenants.walls import wall

ID = "2026-11-26T12:00:00:000001"
VERSION = "1.38.0"
DESCRIPTION = "areas"

# A retired area names the one that has taken over, so that what still points at it finds a place.
HEIRS = """
ALTER TABLE ks.area ADD COLUMN replaced_by uuid;
ALTER TABLE ks.area ADD FOREIGN KEY (tenant_id, replaced_by) REFERENCES ks.area (tenant_id, id);
GRANT UPDATE (area_id) ON ks.problem, ks.cell_assessment TO ks_app;
"""
PROPOSALS = """
CREATE TABLE ks.area_proposal (
    tenant_id uuid NOT NULL REFERENCES ks.municipality (id),
    id uuid NOT NULL,
    origin text NOT NULL CHECK (length(origin) BETWEEN 1 AND 200),
    areas jsonb NOT NULL,
    made_by uuid NOT NULL REFERENCES ks.person (id),
    made_at timestamptz NOT NULL DEFAULT now(),
    begun_at timestamptz,
    done_at timestamptz,
    dropped_at timestamptz,
    by_point integer NOT NULL DEFAULT 0,
    by_area integer NOT NULL DEFAULT 0,
    PRIMARY KEY (tenant_id, id)
);
"""

forwards = migration(
    ID,
    DESCRIPTION,
    HEIRS,
    PROPOSALS,
    wall("area_proposal", grants="SELECT, INSERT, UPDATE"),
)
