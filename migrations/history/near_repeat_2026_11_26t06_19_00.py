"""Whether an event is soon followed by another close by, category by category and week by week."""

from migrations.script import migration
from tenants.walls import wall

ID = "2026-11-26T06:19:00:000001"
VERSION = "1.38.0"
DESCRIPTION = "near_repeat"

NEAR_REPEAT = """
CREATE TABLE ks.near_repeat (
    tenant_id uuid NOT NULL,
    week date NOT NULL CHECK (extract(isodow FROM week) = 1),
    category_id uuid NOT NULL,
    events integer NOT NULL CHECK (events > 0),
    observed double precision NOT NULL,
    expected double precision NOT NULL,
    p double precision NOT NULL CHECK (p BETWEEN 0 AND 1),
    worked_out_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, week, category_id),
    FOREIGN KEY (tenant_id, category_id) REFERENCES ks.category (tenant_id, id)
);
"""

forwards = migration(
    ID,
    DESCRIPTION,
    NEAR_REPEAT,
    wall("near_repeat", grants="SELECT, INSERT, UPDATE, DELETE"),
)
