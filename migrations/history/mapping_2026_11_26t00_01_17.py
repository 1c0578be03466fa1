"""What a report may say beside what, where and when; texts that may point out somebody."""

from migrations.script import migration
from tenants.walls import wall

ID = "2026-11-26T00:01:17:000001"
VERSION = "1.38.0"
DESCRIPTION = "more of a report, and texts that are held"

REPORT = """
ALTER TABLE ks.report
    ADD COLUMN concern smallint CHECK (concern BETWEEN 1 AND 4),
    ADD COLUMN seen_before boolean,
    ADD COLUMN action_taken boolean,
    ADD COLUMN police_report text CHECK (police_report IN ('yes', 'no', 'unknown'));
"""

# A text that may point out somebody does not stand in the report until it has been read: what
# reads reports cannot show it by mistake.
HELD = """
CREATE TABLE ks.held_text (
    tenant_id uuid NOT NULL,
    report_id uuid NOT NULL,
    text text NOT NULL CHECK (length(text) <= 400),
    kinds text[] NOT NULL,
    held_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, report_id),
    FOREIGN KEY (tenant_id, report_id) REFERENCES ks.report (tenant_id, id)
);
"""

forwards = migration(
    ID, DESCRIPTION, REPORT, HELD, wall("held_text", grants="SELECT, INSERT, DELETE")
)
