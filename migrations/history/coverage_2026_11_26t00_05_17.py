"""Who wants no reminders."""

from migrations.script import migration
from tenants.walls import wall

ID = "2026-11-26T00:05:17:000001"
VERSION = "1.38.0"
DESCRIPTION = "reminders that are declined"

DECLINED = """
CREATE TABLE ks.declined_reminder (
    tenant_id uuid NOT NULL REFERENCES ks.municipality (id),
    person_id uuid NOT NULL,
    declined_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, person_id)
);
"""

forwards = migration(
    ID, DESCRIPTION, DECLINED, wall("declined_reminder", grants="SELECT, INSERT, DELETE")
)
