"""The base: platform tables, the municipality's own tables behind their wall, jobs and queue."""

from dramatiq_postgres.schema import generate_init_sql

from migrations.script import migration
from tenants.walls import wall

ID = "2026-11-22T10:00:00:000001"
VERSION = "1.38.0"
DESCRIPTION = "foundation"

PLATFORM = """
CREATE FUNCTION ks.current_tenant() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT nullif(current_setting('ks.tenant_id', true), '')::uuid $$;
GRANT EXECUTE ON FUNCTION ks.current_tenant() TO ks_app, ks_operator, ks_definer;

-- Platform tables know municipalities and people, never what a municipality reports.
CREATE TABLE ks.municipality (
    id uuid PRIMARY KEY,
    code text NOT NULL UNIQUE CHECK (code ~ '^[0-9]{4}$'),
    slug text NOT NULL UNIQUE CHECK (slug ~ '^[a-z0-9-]{2,40}$'),
    name text NOT NULL,
    demonstration boolean NOT NULL DEFAULT false,
    founded_at timestamptz NOT NULL DEFAULT now(),
    suspended_at timestamptz
);
CREATE TABLE ks.provider (
    id uuid PRIMARY KEY,
    name text NOT NULL UNIQUE CHECK (name ~ '^[a-z0-9-]{2,40}$'),
    label text NOT NULL,
    issuer text NOT NULL,
    client_id text NOT NULL,
    client_secret text NOT NULL,
    signing_algorithms text[] NOT NULL DEFAULT '{RS256,ES256,PS256,EdDSA}',
    assurance jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    withdrawn_at timestamptz
);
CREATE TABLE ks.person (
    id uuid PRIMARY KEY,
    name text NOT NULL,
    email text,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE ks.identity (
    issuer text NOT NULL,
    subject text NOT NULL,
    person_id uuid NOT NULL REFERENCES ks.person (id),
    linked_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (issuer, subject)
);
CREATE INDEX ON ks.identity (person_id);
CREATE TABLE ks.session (
    token_hash bytea PRIMARY KEY,
    person_id uuid NOT NULL REFERENCES ks.person (id),
    provider_id uuid NOT NULL REFERENCES ks.provider (id),
    issuer text NOT NULL,
    subject text NOT NULL,
    provider_session text,
    id_token text,
    assurance smallint NOT NULL DEFAULT 1 CHECK (assurance BETWEEN 1 AND 4),
    authenticated_at timestamptz NOT NULL DEFAULT now(),
    created_at timestamptz NOT NULL DEFAULT now(),
    seen_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ON ks.session (person_id);
CREATE INDEX ON ks.session (seen_at);
CREATE INDEX ON ks.session (issuer, provider_session);
CREATE UNLOGGED TABLE ks.login_attempt (
    state_hash bytea PRIMARY KEY,
    browser_hash bytea NOT NULL,
    provider_id uuid NOT NULL,
    nonce text NOT NULL,
    verifier text NOT NULL,
    next text NOT NULL,
    started_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNLOGGED TABLE ks.rate_bucket (
    key text PRIMARY KEY,
    tokens double precision NOT NULL,
    filled_at timestamptz NOT NULL DEFAULT now()
);
GRANT SELECT, INSERT, UPDATE ON ks.municipality, ks.provider TO ks_operator;
GRANT SELECT ON ks.municipality, ks.provider TO ks_app;
GRANT SELECT, INSERT, UPDATE ON ks.person, ks.identity TO ks_app, ks_operator;
GRANT SELECT, INSERT, UPDATE, DELETE ON ks.session, ks.login_attempt, ks.rate_bucket TO ks_app;
GRANT SELECT (token_hash, person_id, provider_id), DELETE ON ks.session TO ks_operator;
"""

MEMBERS = """
CREATE TABLE ks.accepted_provider (
    tenant_id uuid NOT NULL REFERENCES ks.municipality (id),
    provider_id uuid NOT NULL REFERENCES ks.provider (id),
    join_role text,
    accepted_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, provider_id)
);
CREATE TABLE ks.organisation (
    tenant_id uuid NOT NULL REFERENCES ks.municipality (id),
    id uuid NOT NULL,
    name text NOT NULL,
    actor_type text NOT NULL,
    is_authority text NOT NULL CHECK (is_authority IN ('yes', 'equated', 'no')),
    joined_on date NOT NULL,
    left_on date,
    PRIMARY KEY (tenant_id, id)
);
CREATE TABLE ks.membership (
    tenant_id uuid NOT NULL REFERENCES ks.municipality (id),
    id uuid NOT NULL,
    person_id uuid NOT NULL REFERENCES ks.person (id),
    organisation_id uuid NOT NULL,
    role text NOT NULL,
    seat text,
    valid_from timestamptz NOT NULL DEFAULT now(),
    valid_to timestamptz,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, organisation_id) REFERENCES ks.organisation (tenant_id, id),
    CHECK (valid_to IS NULL OR valid_to > valid_from)
);
CREATE INDEX ON ks.membership (tenant_id, person_id);
CREATE INDEX membership_of_person ON ks.membership (person_id);
CREATE TABLE ks.audit_event (
    tenant_id uuid NOT NULL REFERENCES ks.municipality (id),
    id uuid NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    person_id uuid,
    verb text NOT NULL,
    object_kind text NOT NULL,
    object_id text,
    detail jsonb NOT NULL DEFAULT '{}',
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX ON ks.audit_event (tenant_id, at);
CREATE TABLE ks.job (
    tenant_id uuid NOT NULL REFERENCES ks.municipality (id),
    id uuid NOT NULL,
    verb text NOT NULL,
    arguments jsonb NOT NULL DEFAULT '{}',
    person_id uuid,
    asked_at timestamptz NOT NULL DEFAULT now(),
    started_at timestamptz,
    finished_at timestamptz,
    refused text,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX job_waiting ON ks.job (tenant_id, verb) WHERE finished_at IS NULL;
"""

# Reports first, then the counts that are kept current in the reporting transaction: every picture
# is computed from counts, so that it can be reproduced after raw reports are gone. Where many rows
# come, the keys to area and organisation already carry the municipality.
MAPPING = """
CREATE TABLE ks.area (
    tenant_id uuid NOT NULL REFERENCES ks.municipality (id),
    id uuid NOT NULL,
    key text NOT NULL,
    name text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('locality', 'hexagon', 'district', 'rest')),
    locality text NOT NULL,
    latitude double precision NOT NULL,
    longitude double precision NOT NULL,
    boundary jsonb NOT NULL,
    retired_on date,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, key)
);
CREATE TABLE ks.category (
    tenant_id uuid NOT NULL REFERENCES ks.municipality (id),
    id uuid NOT NULL,
    key text NOT NULL,
    label text NOT NULL,
    group_key text NOT NULL,
    kind text NOT NULL,
    severity smallint NOT NULL CHECK (severity BETWEEN 1 AND 3),
    position smallint NOT NULL,
    hidden_on date,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, key)
);
CREATE TABLE ks.report (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    organisation_id uuid NOT NULL,
    person_id uuid,
    category_id uuid NOT NULL,
    area_id uuid NOT NULL,
    latitude double precision,
    longitude double precision,
    place_type text,
    time_kind text NOT NULL CHECK (time_kind IN ('now', 'bucket', 'exact', 'interval')),
    occurred_from timestamptz NOT NULL,
    occurred_to timestamptz NOT NULL,
    text text CHECK (length(text) <= 400),
    source text NOT NULL DEFAULT 'form',
    received_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, organisation_id) REFERENCES ks.organisation (tenant_id, id),
    FOREIGN KEY (tenant_id, category_id) REFERENCES ks.category (tenant_id, id),
    FOREIGN KEY (tenant_id, area_id) REFERENCES ks.area (tenant_id, id),
    CHECK (occurred_to >= occurred_from),
    CHECK ((latitude IS NULL) = (longitude IS NULL))
);
CREATE INDEX ON ks.report (tenant_id, received_at DESC);
CREATE INDEX ON ks.report (tenant_id, organisation_id, received_at DESC);
CREATE TABLE ks.zero_report (
    tenant_id uuid NOT NULL,
    organisation_id uuid NOT NULL,
    week date NOT NULL CHECK (extract(isodow FROM week) = 1),
    person_id uuid,
    received_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, organisation_id, week),
    FOREIGN KEY (tenant_id, organisation_id) REFERENCES ks.organisation (tenant_id, id)
);
CREATE TABLE ks.weekly_count (
    tenant_id uuid NOT NULL,
    week date NOT NULL CHECK (extract(isodow FROM week) = 1),
    area_id uuid NOT NULL,
    category_id uuid NOT NULL,
    organisation_id uuid NOT NULL,
    source text NOT NULL,
    arrival_week date NOT NULL CHECK (extract(isodow FROM arrival_week) = 1),
    count double precision NOT NULL,
    PRIMARY KEY (tenant_id, week, area_id, category_id, organisation_id, source, arrival_week),
    FOREIGN KEY (tenant_id, organisation_id) REFERENCES ks.organisation (tenant_id, id),
    FOREIGN KEY (tenant_id, category_id) REFERENCES ks.category (tenant_id, id),
    FOREIGN KEY (tenant_id, area_id) REFERENCES ks.area (tenant_id, id)
);
CREATE TABLE ks.hourly_count (
    tenant_id uuid NOT NULL,
    week date NOT NULL CHECK (extract(isodow FROM week) = 1),
    area_id uuid NOT NULL,
    category_id uuid NOT NULL,
    hour_of_week smallint NOT NULL CHECK (hour_of_week BETWEEN 0 AND 167),
    count double precision NOT NULL,
    PRIMARY KEY (tenant_id, week, area_id, category_id, hour_of_week),
    FOREIGN KEY (tenant_id, category_id) REFERENCES ks.category (tenant_id, id),
    FOREIGN KEY (tenant_id, area_id) REFERENCES ks.area (tenant_id, id)
);
"""

PICTURE = """
CREATE TABLE ks.picture (
    tenant_id uuid NOT NULL REFERENCES ks.municipality (id),
    id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('working')),
    week date NOT NULL,
    compiled_at timestamptz NOT NULL,
    method text NOT NULL,
    content jsonb NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, kind)
);
"""

SOURCES = """
CREATE TABLE ks.police_event (
    tenant_id uuid NOT NULL REFERENCES ks.municipality (id),
    id bigint NOT NULL,
    published_at timestamptz NOT NULL,
    occurred_at timestamptz NOT NULL,
    type text NOT NULL,
    category_key text NOT NULL,
    imported_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX ON ks.police_event (tenant_id, occurred_at);
"""

# The only two doors past the wall, each as narrow as its name: what a person belongs to, and
# which municipality a job is for. Their owner can log in nowhere and may read two tables.
DEFINERS = """
GRANT SELECT ON ks.membership, ks.job TO ks_definer;
GRANT SELECT ON ks.municipality TO ks_definer;
CREATE FUNCTION ks.memberships_of(person uuid)
    RETURNS TABLE (tenant_id uuid, slug text, name text, role text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ks, pg_temp
    AS $$
        SELECT membership.tenant_id, municipality.slug, municipality.name, membership.role
        FROM ks.membership JOIN ks.municipality ON municipality.id = membership.tenant_id
        WHERE membership.person_id = person
          AND municipality.suspended_at IS NULL
          AND membership.valid_from <= now()
          AND (membership.valid_to IS NULL OR membership.valid_to > now())
    $$;
CREATE FUNCTION ks.tenant_of_job(wanted uuid) RETURNS uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ks, pg_temp
    AS $$ SELECT tenant_id FROM ks.job WHERE id = wanted $$;
REVOKE EXECUTE ON FUNCTION ks.memberships_of(uuid), ks.tenant_of_job(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ks.memberships_of(uuid), ks.tenant_of_job(uuid) TO ks_app;
GRANT CREATE ON SCHEMA ks TO ks_definer;
ALTER FUNCTION ks.memberships_of(uuid) OWNER TO ks_definer;
ALTER FUNCTION ks.tenant_of_job(uuid) OWNER TO ks_definer;
REVOKE CREATE ON SCHEMA ks FROM ks_definer;
CREATE INDEX job_by_id ON ks.job (id);
"""

# The embedded broker's queue lies beside the data, so that a job and its message are stored
# together. A message holds the id of a job and nothing else, and so needs no wall.
QUEUE = (
    generate_init_sql()
    + """
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA dramatiq TO ks_app;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA dramatiq TO ks_app;
"""
)

TENANT_TABLES = (
    "accepted_provider",
    "organisation",
    "membership",
    "job",
    "area",
    "category",
    "report",
    "zero_report",
    "weekly_count",
    "hourly_count",
    "picture",
    "police_event",
)

forwards = migration(
    ID,
    DESCRIPTION,
    PLATFORM,
    MEMBERS,
    MAPPING,
    PICTURE,
    SOURCES,
    *(wall(table) for table in TENANT_TABLES),
    wall("audit_event", grants="SELECT, INSERT"),
    DEFINERS,
    QUEUE,
)
