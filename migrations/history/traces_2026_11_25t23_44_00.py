"""A job remembers which request asked for it, so that a trace goes on in the worker."""

from migrations.script import migration

ID = "2026-11-25T23:44:00:000001"
VERSION = "1.38.0"
DESCRIPTION = "traces"

# Code of before this step names its columns and leaves this one empty.
TRACES = """
ALTER TABLE ks.job ADD COLUMN trace text
    CHECK (trace ~ '^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$');
"""

forwards = migration(ID, DESCRIPTION, TRACES)
