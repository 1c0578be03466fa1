"""What becomes of a report that came in: read, merged, corrected, set aside."""

from migrations.script import migration
from tenants.walls import wall

ID = "2026-11-26T00:02:17:000001"
VERSION = "1.38.0"
DESCRIPTION = "triage of reports"

# A review and a merge can be taken back, so they are rows that can go; a correction is a trace.
TRIAGE = """
CREATE TABLE ks.review (
    tenant_id uuid NOT NULL,
    report_id uuid NOT NULL,
    outcome text NOT NULL CHECK (outcome IN ('approved', 'rejected')),
    person_id uuid NOT NULL,
    reviewed_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, report_id),
    FOREIGN KEY (tenant_id, report_id) REFERENCES ks.report (tenant_id, id)
);
CREATE TABLE ks.report_merge (
    tenant_id uuid NOT NULL,
    report_id uuid NOT NULL,
    into_id uuid NOT NULL,
    person_id uuid NOT NULL,
    merged_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, report_id),
    FOREIGN KEY (tenant_id, report_id) REFERENCES ks.report (tenant_id, id),
    FOREIGN KEY (tenant_id, into_id) REFERENCES ks.report (tenant_id, id),
    CHECK (report_id <> into_id)
);
CREATE INDEX ON ks.report_merge (tenant_id, into_id);
CREATE TABLE ks.report_correction (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    report_id uuid NOT NULL,
    field text NOT NULL CHECK (field IN ('category', 'area', 'text')),
    was uuid,
    became uuid,
    person_id uuid NOT NULL,
    corrected_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, report_id) REFERENCES ks.report (tenant_id, id)
);
CREATE INDEX ON ks.report_correction (tenant_id, report_id);
CREATE INDEX ON ks.report (tenant_id, area_id, category_id, occurred_from);
"""

forwards = migration(
    ID,
    DESCRIPTION,
    TRIAGE,
    wall("review", grants="SELECT, INSERT, DELETE"),
    wall("report_merge", grants="SELECT, INSERT, DELETE"),
    wall("report_correction", grants="SELECT, INSERT"),
)
