"""Signals that the picture has raised, and what people made of them."""

from migrations.script import migration
from tenants.walls import wall

ID = "2026-11-25T23:11:00:000001"
VERSION = "1.38.0"
DESCRIPTION = "signals and their marks"

# One row from the week in which a cell first stood out to the last; then it is another signal.
SIGNALS = """
CREATE TABLE ks.signal (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    area_id uuid NOT NULL,
    category_id uuid NOT NULL,
    first_week date NOT NULL CHECK (extract(isodow FROM first_week) = 1),
    last_week date NOT NULL CHECK (extract(isodow FROM last_week) = 1),
    method text NOT NULL,
    weeks smallint NOT NULL,
    counted double precision NOT NULL,
    expected double precision NOT NULL,
    raised_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, area_id, category_id, first_week),
    FOREIGN KEY (tenant_id, area_id) REFERENCES ks.area (tenant_id, id),
    FOREIGN KEY (tenant_id, category_id) REFERENCES ks.category (tenant_id, id)
);
CREATE INDEX ON ks.signal (tenant_id, last_week);
CREATE TABLE ks.signal_mark (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    signal_id uuid NOT NULL,
    verdict text NOT NULL CHECK (verdict IN ('relevant', 'known', 'wrong')),
    marked_by uuid NOT NULL,
    marked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, signal_id) REFERENCES ks.signal (tenant_id, id)
);
CREATE INDEX ON ks.signal_mark (tenant_id, signal_id, marked_at DESC);
"""

forwards = migration(
    ID,
    DESCRIPTION,
    SIGNALS,
    wall("signal", grants="SELECT, INSERT, UPDATE"),
    wall("signal_mark", grants="SELECT, INSERT"),
)
