"""Receipts of what was disposed of."""

from migrations.script import migration
from tenants.walls import wall

ID = "2026-11-25T23:45:00:000001"
VERSION = "1.38.0"
DESCRIPTION = "disposal"

DISPOSAL = """
CREATE TABLE ks.disposal (
    tenant_id uuid NOT NULL REFERENCES ks.municipality (id),
    id uuid NOT NULL,
    record text NOT NULL,
    older_than timestamptz NOT NULL,
    removed integer NOT NULL CHECK (removed > 0),
    disposed_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, id)
);
"""

forwards = migration(ID, DESCRIPTION, DISPOSAL, wall("disposal", grants="SELECT, INSERT"))
