"""Where an act came from and why; seals over the log; the platform's operators and their looks."""

from migrations.script import migration
from tenants.walls import wall

ID = "2026-11-25T23:01:00:000001"
VERSION = "1.38.0"
DESCRIPTION = "traces"

TRACES = """
ALTER TABLE ks.audit_event ADD address text, ADD client text, ADD reason text;
CREATE TABLE ks.audit_seal (
    tenant_id uuid NOT NULL REFERENCES ks.municipality (id),
    number bigint NOT NULL CHECK (number > 0),
    event_id uuid NOT NULL,
    hash bytea NOT NULL CHECK (length(hash) = 32),
    sealed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (tenant_id, number),
    UNIQUE (tenant_id, event_id),
    FOREIGN KEY (tenant_id, event_id) REFERENCES ks.audit_event (tenant_id, id)
);
CREATE INDEX ON ks.audit_seal (tenant_id, sealed_at);
"""

# Who runs the platform is said on its own command line and nowhere else: no page makes an operator.
GLASS = """
CREATE TABLE ks.platform_operator (
    person_id uuid PRIMARY KEY REFERENCES ks.person (id),
    appointed_at timestamptz NOT NULL DEFAULT now(),
    dismissed_at timestamptz
);
GRANT SELECT ON ks.platform_operator TO ks_app;
GRANT SELECT, INSERT, UPDATE ON ks.platform_operator TO ks_operator;
CREATE TABLE ks.broken_glass (
    tenant_id uuid NOT NULL REFERENCES ks.municipality (id),
    id uuid NOT NULL,
    person_id uuid NOT NULL REFERENCES ks.platform_operator (person_id),
    reason text NOT NULL CHECK (length(reason) BETWEEN 10 AND 500),
    broken_at timestamptz NOT NULL DEFAULT now(),
    ends_at timestamptz NOT NULL,
    closed_at timestamptz,
    PRIMARY KEY (tenant_id, id),
    CHECK (ends_at > broken_at AND ends_at <= broken_at + interval '4 hours')
);
"""

# While an operator looks in, that municipality is one that they may enter: what asks the database
# who may enter asks this function.
ENTERING = """
GRANT SELECT ON ks.broken_glass, ks.platform_operator TO ks_definer;
CREATE OR REPLACE FUNCTION ks.memberships_of(person uuid)
    RETURNS TABLE (tenant_id uuid, slug text, name text, role text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ks, pg_temp
    AS $$
        SELECT membership.tenant_id, municipality.slug, municipality.name, membership.role
        FROM ks.membership JOIN ks.municipality ON municipality.id = membership.tenant_id
        WHERE membership.person_id = person
          AND municipality.suspended_at IS NULL
          AND membership.valid_from <= now()
          AND (membership.valid_to IS NULL OR membership.valid_to > now())
        UNION ALL
        SELECT broken_glass.tenant_id, municipality.slug, municipality.name, 'platform_operator'
        FROM ks.broken_glass
        JOIN ks.platform_operator ON platform_operator.person_id = broken_glass.person_id
        JOIN ks.municipality ON municipality.id = broken_glass.tenant_id
        WHERE broken_glass.person_id = person
          AND platform_operator.dismissed_at IS NULL
          AND municipality.suspended_at IS NULL
          AND broken_glass.closed_at IS NULL AND broken_glass.ends_at > now()
    $$;
"""

forwards = migration(
    ID,
    DESCRIPTION,
    TRACES,
    GLASS,
    wall("audit_seal", grants="SELECT, INSERT"),
    wall("broken_glass", grants="SELECT, INSERT, UPDATE (closed_at)"),
    ENTERING,
)
