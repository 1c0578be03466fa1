"""What is to be sent to a broker outside, and which processes of the service are alive."""

from migrations.script import migration

ID = "2026-11-25T23:00:00:000001"
VERSION = "1.38.0"
DESCRIPTION = "engines"

# A row names a job and nothing else, as the embedded queue's messages do, and so needs no wall.
# It stays until the job is done: what a broker forgot is sent again.
ENGINES = """
CREATE TABLE ks.outbox (
    job_id uuid PRIMARY KEY,
    asked_at timestamptz NOT NULL DEFAULT now(),
    claimed_at timestamptz,
    sent_at timestamptz,
    sends smallint NOT NULL DEFAULT 0
);
CREATE INDEX outbox_waiting ON ks.outbox (asked_at) WHERE sent_at IS NULL;
CREATE INDEX outbox_sent ON ks.outbox (sent_at) WHERE sent_at IS NOT NULL;
GRANT SELECT, INSERT, UPDATE, DELETE ON ks.outbox TO ks_app;

CREATE UNLOGGED TABLE ks.process (
    id uuid PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('worker', 'scheduler')),
    host text NOT NULL,
    started_at timestamptz NOT NULL DEFAULT now(),
    beat_at timestamptz NOT NULL DEFAULT now()
);
-- One scheduler at a time, whatever is started; the others stand by.
CREATE UNIQUE INDEX one_scheduler ON ks.process (kind) WHERE kind = 'scheduler';
GRANT SELECT, INSERT, UPDATE, DELETE ON ks.process TO ks_app;
GRANT SELECT ON ks.process TO ks_operator;
"""

forwards = migration(ID, DESCRIPTION, ENGINES)
