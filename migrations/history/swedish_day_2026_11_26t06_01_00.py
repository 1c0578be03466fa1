"""The day that it is in Sweden, for every statement that asks what day it is.

The sessions' own zone is UTC, whose day lags behind for an hour or two after each midnight.
"""

from migrations.script import migration

ID = "2026-11-26T06:01:00:000001"
VERSION = "1.38.0"
DESCRIPTION = "swedish_day"

TODAY = """
CREATE FUNCTION ks.today() RETURNS date LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT (now() AT TIME ZONE 'Europe/Stockholm')::date $$;
GRANT EXECUTE ON FUNCTION ks.today() TO ks_app, ks_operator, ks_definer;
"""

forwards = migration(ID, DESCRIPTION, TODAY)
