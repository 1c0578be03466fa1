"""Invitations and what became of them; passkeys, and the provider that vouches for them: ours."""

from migrations.script import migration
from tenants.walls import wall

ID = "2026-11-25T23:10:00:000001"
VERSION = "1.38.0"
DESCRIPTION = "people"

# A passkey's person has an issuer and a subject like every other: the issuer is this service. Its
# row stands among the providers so that sessions and municipalities' acceptance work alike, and is
# marked so that nobody is ever sent there.
PASSKEYS = """
ALTER TABLE ks.provider ADD built_in boolean NOT NULL DEFAULT false;
INSERT INTO ks.provider (id, name, label, issuer, client_id, client_secret, assurance, built_in)
VALUES ('00000000-0000-4000-8000-000000000001', 'passernyckel', 'Passernyckel',
        'urn:kraftsamling:passkey', '', '', '{"passkey": 2}', true);
CREATE TABLE ks.passkey (
    credential_id bytea PRIMARY KEY CHECK (length(credential_id) BETWEEN 1 AND 1023),
    id uuid NOT NULL UNIQUE,
    person_id uuid NOT NULL REFERENCES ks.person (id),
    subject text NOT NULL,
    public_key bytea NOT NULL,
    sign_count bigint NOT NULL,
    label text NOT NULL,
    added_at timestamptz NOT NULL DEFAULT now(),
    used_at timestamptz
);
CREATE INDEX ON ks.passkey (person_id);
CREATE UNLOGGED TABLE ks.passkey_challenge (
    challenge_hash bytea PRIMARY KEY,
    browser_hash bytea NOT NULL,
    purpose text NOT NULL,
    subject text NOT NULL,
    asked_at timestamptz NOT NULL DEFAULT now()
);
GRANT SELECT, INSERT, DELETE, UPDATE (sign_count, used_at) ON ks.passkey TO ks_app;
GRANT SELECT, INSERT, DELETE ON ks.passkey_challenge TO ks_app;
"""

# An invitation ends once, by its primary key: accepted or revoked, never both and never twice.
INVITATIONS = """
CREATE TABLE ks.invitation (
    tenant_id uuid NOT NULL REFERENCES ks.municipality (id),
    id uuid NOT NULL,
    token_hash bytea NOT NULL CHECK (length(token_hash) = 32),
    email text NOT NULL,
    organisation_id uuid NOT NULL,
    roles text[] NOT NULL CHECK (cardinality(roles) BETWEEN 1 AND 3),
    seat text,
    invited_by uuid REFERENCES ks.person (id),
    invited_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, token_hash),
    FOREIGN KEY (tenant_id, organisation_id) REFERENCES ks.organisation (tenant_id, id),
    CHECK (expires_at > invited_at)
);
CREATE INDEX ON ks.invitation (tenant_id, email);
CREATE TABLE ks.invitation_end (
    tenant_id uuid NOT NULL REFERENCES ks.municipality (id),
    invitation_id uuid NOT NULL,
    how text NOT NULL CHECK (how IN ('accepted', 'revoked')),
    person_id uuid REFERENCES ks.person (id),
    at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, invitation_id),
    FOREIGN KEY (tenant_id, invitation_id) REFERENCES ks.invitation (tenant_id, id)
);
"""

forwards = migration(
    ID,
    DESCRIPTION,
    PASSKEYS,
    INVITATIONS,
    wall("invitation", grants="SELECT, INSERT"),
    wall("invitation_end", grants="SELECT, INSERT"),
)
