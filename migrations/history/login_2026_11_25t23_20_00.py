"""What a provider may vouch for in a municipality, how sure a log-in is, and our own keys."""

from migrations.script import migration
from tenants.walls import wall

ID = "2026-11-25T23:20:00:000001"
VERSION = "1.38.0"
DESCRIPTION = "login"

# A municipality may propose a provider; the columns that it may write leave out the approval, so
# that the running service cannot approve one whatever it is made to do.
PROVIDERS = """
ALTER TABLE ks.provider
    ADD COLUMN client_authentication text NOT NULL DEFAULT 'secret'
        CHECK (client_authentication IN ('secret', 'private_key')),
    ADD COLUMN methods jsonb NOT NULL DEFAULT '{}',
    ADD COLUMN least_assurance smallint NOT NULL DEFAULT 1 CHECK (least_assurance BETWEEN 1 AND 4),
    ADD COLUMN proposed_for uuid REFERENCES ks.municipality (id),
    ADD COLUMN approved_at timestamptz;
UPDATE ks.provider SET approved_at = created_at,
    least_assurance = CASE WHEN assurance = '{}' THEN 1 ELSE 2 END;
GRANT INSERT (id, name, label, issuer, client_id, client_secret, client_authentication,
              proposed_for) ON ks.provider TO ks_app;

CREATE TABLE ks.client_key (
    kid text PRIMARY KEY,
    published jsonb NOT NULL,
    sealed text NOT NULL,
    made_at timestamptz NOT NULL DEFAULT now(),
    withdrawn_at timestamptz
);
GRANT SELECT ON ks.client_key TO ks_app;
GRANT SELECT, INSERT, UPDATE ON ks.client_key TO ks_operator;
"""

# What was accepted before had no limits and was in use; the defaults then turn to the safe side.
ACCEPTED = """
ALTER TABLE ks.accepted_provider
    ADD COLUMN every_organisation boolean NOT NULL DEFAULT true,
    ADD COLUMN ceiling text NOT NULL DEFAULT 'running'
        CHECK (ceiling IN ('own_organisation', 'preparing', 'governing', 'running')),
    ADD COLUMN assurance jsonb,
    ADD COLUMN methods jsonb,
    ADD COLUMN version integer NOT NULL DEFAULT 1,
    ADD COLUMN enabled_at timestamptz DEFAULT now();
ALTER TABLE ks.accepted_provider
    ALTER COLUMN every_organisation SET DEFAULT false,
    ALTER COLUMN ceiling SET DEFAULT 'own_organisation',
    ALTER COLUMN enabled_at DROP DEFAULT;
CREATE TABLE ks.accepted_organisation (
    tenant_id uuid NOT NULL REFERENCES ks.municipality (id),
    provider_id uuid NOT NULL,
    organisation_id uuid NOT NULL,
    PRIMARY KEY (tenant_id, provider_id, organisation_id),
    FOREIGN KEY (tenant_id, provider_id) REFERENCES ks.accepted_provider (tenant_id, provider_id),
    FOREIGN KEY (tenant_id, organisation_id) REFERENCES ks.organisation (tenant_id, id)
);
"""

# What the provider said about the log-in is kept as it was said: each municipality reads it by
# its own table of levels, at every request.
SESSIONS = """
ALTER TABLE ks.session
    ADD COLUMN id uuid NOT NULL DEFAULT gen_random_uuid() UNIQUE,
    ADD COLUMN acr text,
    ADD COLUMN amr text[] NOT NULL DEFAULT '{}';
ALTER TABLE ks.login_attempt
    ADD COLUMN least_assurance smallint NOT NULL DEFAULT 1,
    ADD COLUMN max_age integer,
    ADD COLUMN link_to uuid;
"""

forwards = migration(
    ID,
    DESCRIPTION,
    PROVIDERS,
    ACCEPTED,
    wall("accepted_organisation", grants="SELECT, INSERT, DELETE"),
    SESSIONS,
)
