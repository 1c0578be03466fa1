"""Passkeys, and what was asked of a browser that has one."""

from piccolo.columns import UUID as UUIDColumn
from piccolo.columns import BigInt, Bytea, ForeignKey, OnDelete, Text, Timestamptz
from piccolo.table import Table

from tenants.tables import Person


class PasskeyRow(Table, tablename="passkey"):
    credential_id = Bytea(primary_key=True)
    id = UUIDColumn()
    person_id = ForeignKey(Person, null=False, on_delete=OnDelete.restrict)
    subject = Text()
    public_key = Bytea()
    sign_count = BigInt()
    label = Text()
    added_at = Timestamptz()
    used_at = Timestamptz(null=True, default=None)


class PasskeyChallenge(Table, tablename="passkey_challenge"):
    challenge_hash = Bytea(primary_key=True)
    browser_hash = Bytea()
    purpose = Text()
    subject = Text()
    asked_at = Timestamptz()
