"""Letters that are to be sent, each as a row, so that none is sent for a commit that failed."""

from migrations.script import migration
from tenants.walls import wall

ID = "2026-11-25T22:50:00:000001"
VERSION = "1.38.0"
DESCRIPTION = "letters"

# One letter to a person about one thing: what asks twice, sends once.
LETTERS = """
CREATE TABLE ks.letter (
    tenant_id uuid NOT NULL REFERENCES ks.municipality (id),
    id uuid NOT NULL,
    person_id uuid NOT NULL REFERENCES ks.person (id),
    kind text NOT NULL,
    about uuid NOT NULL,
    subject text NOT NULL,
    text text NOT NULL,
    asked_at timestamptz NOT NULL DEFAULT now(),
    sent_at timestamptz,
    refused text,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, kind, about, person_id)
);
"""

forwards = migration(ID, DESCRIPTION, LETTERS, wall("letter", grants="SELECT, INSERT, UPDATE"))
