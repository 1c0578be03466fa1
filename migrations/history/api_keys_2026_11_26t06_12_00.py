"""Keys with which an organisation's own systems hand in reports, and what each was answered."""

from migrations.script import migration
from tenants.walls import wall

ID = "2026-11-26T06:12:00:000001"
VERSION = "1.38.0"
DESCRIPTION = "api_keys"

KEYS = """
CREATE TABLE ks.api_key (
    tenant_id uuid NOT NULL REFERENCES ks.municipality (id),
    id uuid NOT NULL,
    organisation_id uuid NOT NULL,
    person_id uuid NOT NULL REFERENCES ks.person (id),
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 80),
    hash bytea NOT NULL CHECK (length(hash) = 32),
    hint text NOT NULL CHECK (length(hint) BETWEEN 1 AND 16),
    made_by uuid NOT NULL REFERENCES ks.person (id),
    made_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, organisation_id) REFERENCES ks.organisation (tenant_id, id),
    CHECK (expires_at > made_at)
);
CREATE UNIQUE INDEX ON ks.api_key (tenant_id, hash);
CREATE TABLE ks.api_key_end (
    tenant_id uuid NOT NULL,
    api_key_id uuid NOT NULL,
    revoked_by uuid NOT NULL REFERENCES ks.person (id),
    revoked_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, api_key_id),
    FOREIGN KEY (tenant_id, api_key_id) REFERENCES ks.api_key (tenant_id, id)
);
CREATE TABLE ks.api_answer (
    tenant_id uuid NOT NULL,
    key_id uuid NOT NULL,
    idempotency_key text NOT NULL CHECK (length(idempotency_key) BETWEEN 1 AND 128),
    request_hash bytea NOT NULL CHECK (length(request_hash) = 32),
    status smallint NOT NULL DEFAULT 0,
    body bytea NOT NULL DEFAULT '',
    answered_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, key_id, idempotency_key),
    FOREIGN KEY (tenant_id, key_id) REFERENCES ks.api_key (tenant_id, id)
);
CREATE INDEX ON ks.api_answer (tenant_id, answered_at);
"""

# A request opens the wall of the one municipality that the key in its header belongs to. The
# database asks that itself, before the application decides anything.
OPENING = """
GRANT SELECT ON ks.api_key, ks.api_key_end TO ks_definer;
CREATE FUNCTION ks.key_opens(wanted bytea, tenant uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ks, pg_temp
    AS $$
        SELECT EXISTS (
            SELECT FROM ks.api_key JOIN ks.municipality ON municipality.id = api_key.tenant_id
            WHERE hash = wanted AND api_key.tenant_id = tenant
              AND expires_at > now() AND suspended_at IS NULL
              AND NOT EXISTS (SELECT FROM ks.api_key_end AS ended
                              WHERE ended.tenant_id = tenant AND ended.api_key_id = api_key.id))
    $$;
REVOKE EXECUTE ON FUNCTION ks.key_opens(bytea, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ks.key_opens(bytea, uuid) TO ks_app;
GRANT CREATE ON SCHEMA ks TO ks_definer;
ALTER FUNCTION ks.key_opens(bytea, uuid) OWNER TO ks_definer;
REVOKE CREATE ON SCHEMA ks FROM ks_definer;
"""

forwards = migration(
    ID,
    DESCRIPTION,
    KEYS,
    wall("api_key", grants="SELECT, INSERT, UPDATE"),
    wall("api_key_end", grants="SELECT, INSERT"),
    wall("api_answer", grants="SELECT, INSERT, UPDATE, DELETE"),
    OPENING,
)
