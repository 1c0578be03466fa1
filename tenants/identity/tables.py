"""Passkeys, and what was asked of a browser that has one."""

from piccolo.columns import UUID as UUIDColumn
from piccolo.columns import BigInt, Bytea, ForeignKey, OnDelete, SmallInt, Text, Timestamptz
from piccolo.table import Table

from tenants.tables import Organisation, Person, TenantTable


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


class ApiKeyRow(TenantTable, tablename="api_key"):
    """A key of an organisation's own system, as its hash; `person_id` is who it hands in as."""

    id = UUIDColumn(primary_key=True)
    organisation_id = ForeignKey(Organisation, null=False, on_delete=OnDelete.restrict)
    person_id = ForeignKey(Person, null=False, on_delete=OnDelete.restrict)
    name = Text()
    hash = Bytea()
    hint = Text()
    made_by = UUIDColumn()
    made_at = Timestamptz()
    expires_at = Timestamptz()
    used_at = Timestamptz(null=True, default=None)


class ApiKeyEnd(TenantTable, tablename="api_key_end"):
    """A key that was revoked."""

    api_key_id = ForeignKey(ApiKeyRow, primary_key=True, null=False, on_delete=OnDelete.restrict)
    revoked_by = UUIDColumn()
    revoked_at = Timestamptz()


class ApiAnswer(TenantTable, tablename="api_answer"):
    """What a request of a key was answered, for a day, so that it is done once."""

    key_id = ForeignKey(ApiKeyRow, primary_key=True, null=False, on_delete=OnDelete.restrict)
    idempotency_key = Text()
    request_hash = Bytea()
    status = SmallInt()
    body = Bytea()
    answered_at = Timestamptz()
