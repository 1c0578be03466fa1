"""Feedback: the approved picture that everybody is told of, and what the public is shown."""

from migrations.script import migration
from tenants.walls import wall

ID = "2026-11-25T22:54:00:000001"
VERSION = "1.38.0"
DESCRIPTION = "editions and feedback"

# An edition is the working picture as it stood when somebody approved it.
EDITIONS = """
CREATE TABLE ks.edition (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('weekly')),
    week date NOT NULL CHECK (extract(isodow FROM week) = 1),
    compiled_at timestamptz NOT NULL,
    method text NOT NULL,
    content jsonb NOT NULL,
    frozen_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, kind, week)
);
CREATE TABLE ks.edition_approval (
    tenant_id uuid NOT NULL,
    edition_id uuid NOT NULL,
    capacity text NOT NULL CHECK (capacity IN ('safety_coordinator', 'municipal_police')),
    person_id uuid NOT NULL,
    approved_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, edition_id, capacity),
    FOREIGN KEY (tenant_id, edition_id) REFERENCES ks.edition (tenant_id, id)
);
"""

PUBLICATIONS = """
CREATE TABLE ks.publication (
    tenant_id uuid NOT NULL REFERENCES ks.municipality (id),
    id uuid NOT NULL,
    headline text NOT NULL CHECK (length(headline) BETWEEN 1 AND 120),
    text text NOT NULL CHECK (length(text) BETWEEN 1 AND 1500),
    content jsonb NOT NULL,
    published_by uuid NOT NULL,
    published_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX ON ks.publication (tenant_id, published_at DESC);
CREATE TABLE ks.publication_withdrawal (
    tenant_id uuid NOT NULL,
    publication_id uuid NOT NULL,
    withdrawn_by uuid NOT NULL,
    withdrawn_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, publication_id),
    FOREIGN KEY (tenant_id, publication_id) REFERENCES ks.publication (tenant_id, id)
);
"""

# Who does not want the digest; everything else is told on the page.
OPT_OUTS = """
CREATE TABLE ks.digest_opt_out (
    tenant_id uuid NOT NULL REFERENCES ks.municipality (id),
    person_id uuid NOT NULL REFERENCES ks.person (id),
    since timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, person_id)
);
"""

TABLES = ("edition", "edition_approval", "publication", "publication_withdrawal")

forwards = migration(
    ID,
    DESCRIPTION,
    EDITIONS,
    PUBLICATIONS,
    OPT_OUTS,
    wall("digest_opt_out", grants="SELECT, INSERT, DELETE"),
    *(wall(table, grants="SELECT, INSERT") for table in TABLES),
)
