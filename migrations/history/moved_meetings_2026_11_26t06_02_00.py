"""A meeting that is called can be moved or cancelled, with who, when and why."""

from migrations.script import migration
from tenants.walls import wall

ID = "2026-11-26T06:02:00:000001"
VERSION = "1.38.0"
DESCRIPTION = "moved_meetings"

MOVED = """
ALTER TABLE ks.meeting ADD COLUMN cancelled_at timestamptz;
CREATE TABLE ks.meeting_change (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    meeting_id uuid NOT NULL,
    held_at timestamptz,
    place text CHECK (length(place) BETWEEN 1 AND 120),
    reason text NOT NULL CHECK (length(reason) BETWEEN 1 AND 300),
    changed_by uuid NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, meeting_id) REFERENCES ks.meeting (tenant_id, id),
    CHECK ((held_at IS NULL) = (place IS NULL))
);
CREATE INDEX ON ks.meeting_change (tenant_id, meeting_id, changed_at DESC);
"""

forwards = migration(ID, DESCRIPTION, MOVED, wall("meeting_change", grants="SELECT, INSERT"))
