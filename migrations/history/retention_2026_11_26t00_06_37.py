"""How long a municipality keeps what reports say of people."""

from migrations.script import migration
from tenants.walls import wall

ID = "2026-11-26T00:06:37:000001"
VERSION = "1.38.0"
DESCRIPTION = "rules of retention"

RULE = """
CREATE TABLE ks.retention_rule (
    tenant_id uuid NOT NULL REFERENCES ks.municipality (id),
    id uuid NOT NULL,
    record text NOT NULL CHECK (record IN ('report.words', 'report.point', 'report.reporter')),
    months smallint NOT NULL CHECK (months BETWEEN 1 AND 120),
    set_by uuid NOT NULL REFERENCES ks.person (id),
    set_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX ON ks.retention_rule (tenant_id, record, set_at);
"""

forwards = migration(ID, DESCRIPTION, RULE, wall("retention_rule", grants="SELECT, INSERT"))
