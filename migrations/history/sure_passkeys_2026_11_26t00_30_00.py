"""A passkey, always with the device's check of its owner, is as sure as the strictest act asks."""

from migrations.script import migration

ID = "2026-11-26T00:30:00:000001"
VERSION = "1.38.0"
DESCRIPTION = "sure_passkeys"

SURE = """
UPDATE ks.provider SET assurance = '{"passkey": 3}'
WHERE id = '00000000-0000-4000-8000-000000000001' AND assurance = '{"passkey": 2}';
"""

forwards = migration(ID, DESCRIPTION, SURE)
