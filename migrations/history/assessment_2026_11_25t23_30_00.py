"""What the group adds to the calculated picture: ability to influence, order, weights, level."""

from migrations.script import migration
from tenants.walls import wall

ID = "2026-11-25T23:30:00:000001"
VERSION = "1.38.0"
DESCRIPTION = "assessments of the picture"

ASSESSMENTS = """
CREATE TABLE ks.cell_assessment (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    area_id uuid NOT NULL,
    category_id uuid NOT NULL,
    influence smallint CHECK (influence BETWEEN 1 AND 3),
    position text NOT NULL CHECK (position IN ('calculated', 'first', 'last')),
    motive text NOT NULL CHECK (length(motive) <= 600),
    assessed_by uuid NOT NULL,
    assessed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (tenant_id, id),
    CHECK (position = 'calculated' OR motive <> ''),
    FOREIGN KEY (tenant_id, area_id) REFERENCES ks.area (tenant_id, id),
    FOREIGN KEY (tenant_id, category_id) REFERENCES ks.category (tenant_id, id)
);
CREATE INDEX ON ks.cell_assessment (tenant_id, area_id, category_id, assessed_at DESC);
CREATE TABLE ks.severity_weighting (
    tenant_id uuid NOT NULL REFERENCES ks.municipality (id),
    version integer NOT NULL CHECK (version > 0),
    light double precision NOT NULL CHECK (light >= 1),
    medium double precision NOT NULL CHECK (medium >= light),
    severe double precision NOT NULL CHECK (severe BETWEEN medium AND 50),
    motive text NOT NULL CHECK (length(motive) BETWEEN 1 AND 600),
    set_by uuid NOT NULL,
    set_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (tenant_id, version)
);
CREATE TABLE ks.situation_level (
    tenant_id uuid NOT NULL REFERENCES ks.municipality (id),
    id uuid NOT NULL,
    level text NOT NULL CHECK (level IN ('green', 'yellow', 'orange', 'red')),
    indicators text NOT NULL CHECK (length(indicators) BETWEEN 1 AND 1000),
    settled_by uuid NOT NULL,
    settled_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX ON ks.situation_level (tenant_id, settled_at DESC);
"""

TABLES = ("cell_assessment", "severity_weighting", "situation_level")

forwards = migration(
    ID,
    DESCRIPTION,
    ASSESSMENTS,
    *(wall(table, grants="SELECT, INSERT") for table in TABLES),
)
