"""A checked file says how many of its rows tell of a case that another row or report tells of."""

from migrations.script import migration

ID = "2026-11-26T18:00:00:000001"
VERSION = "1.38.0"
DESCRIPTION = "repeats"

REPEATS = """
ALTER TABLE ks.report_batch ADD COLUMN repeats integer CHECK (repeats >= 0);
"""

forwards = migration(ID, DESCRIPTION, REPEATS)
