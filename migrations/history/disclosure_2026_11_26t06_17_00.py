"""Closed periods: what was counted when they ended, with the keys that the public's noise is of."""

from migrations.script import migration
from tenants.walls import wall

ID = "2026-11-26T06:17:00:000001"
VERSION = "1.38.0"
DESCRIPTION = "disclosure control"

# Opened by the installation's secret alone; a later version is for periods that close after it.
SECRET = """
CREATE TABLE ks.record_secret (
    tenant_id uuid NOT NULL REFERENCES ks.municipality (id),
    version smallint NOT NULL CHECK (version > 0),
    sealed text NOT NULL,
    made_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (tenant_id, version)
);
"""
# Counts and sums of keys: no text, point, person or report. What is told of a period once it has
# closed comes from here, whatever is corrected later.
CLOSED = """
CREATE TABLE ks.closed_period (
    tenant_id uuid NOT NULL,
    first date NOT NULL CHECK (extract(isodow FROM first) = 1),
    last date NOT NULL CHECK (extract(isodow FROM last) = 1 AND last >= first),
    secret_version smallint NOT NULL,
    organisations smallint NOT NULL CHECK (organisations >= 0),
    closed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (tenant_id, first),
    FOREIGN KEY (tenant_id, secret_version) REFERENCES ks.record_secret (tenant_id, version)
);
CREATE TABLE ks.closed_count (
    tenant_id uuid NOT NULL,
    first date NOT NULL,
    area_id uuid NOT NULL,
    category_id uuid NOT NULL,
    organisation_id uuid NOT NULL,
    count double precision NOT NULL CHECK (count >= 0),
    cell_key smallint NOT NULL CHECK (cell_key BETWEEN 0 AND 255),
    PRIMARY KEY (tenant_id, first, area_id, category_id, organisation_id),
    FOREIGN KEY (tenant_id, first) REFERENCES ks.closed_period (tenant_id, first),
    FOREIGN KEY (tenant_id, area_id) REFERENCES ks.area (tenant_id, id),
    FOREIGN KEY (tenant_id, category_id) REFERENCES ks.category (tenant_id, id),
    FOREIGN KEY (tenant_id, organisation_id) REFERENCES ks.organisation (tenant_id, id)
);
"""

forwards = migration(
    ID,
    DESCRIPTION,
    SECRET,
    CLOSED,
    wall("record_secret", grants="SELECT, INSERT, UPDATE"),
    wall("closed_period", grants="SELECT, INSERT"),
    wall("closed_count", grants="SELECT, INSERT"),
)
