"""Follow-up: whether a measure was done, by when, with what, and the counts before and after."""

from migrations.script import migration
from tenants.walls import wall

ID = "2026-11-25T22:53:00:000001"
VERSION = "1.38.0"
DESCRIPTION = "follow-up"

# `comparison` holds the counts as they were known at the follow-up.
FOLLOW_UPS = """
CREATE TABLE ks.follow_up (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    measure_id uuid NOT NULL,
    outcome text NOT NULL CHECK (outcome IN ('done', 'partly', 'not_done')),
    done_on date,
    text text NOT NULL CHECK (length(text) BETWEEN 1 AND 1000),
    used_kr integer NOT NULL CHECK (used_kr BETWEEN 0 AND 1000000000),
    used_hours integer NOT NULL CHECK (used_hours BETWEEN 0 AND 1000000),
    comparison jsonb NOT NULL,
    followed_up_by uuid NOT NULL,
    followed_up_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, measure_id) REFERENCES ks.measure (tenant_id, id),
    CHECK ((outcome = 'not_done') = (done_on IS NULL))
);
CREATE INDEX ON ks.follow_up (tenant_id, measure_id, followed_up_at DESC);
"""

forwards = migration(ID, DESCRIPTION, FOLLOW_UPS, wall("follow_up", grants="SELECT, INSERT"))
