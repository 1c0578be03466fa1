"""Municipalities, the people in them, and what they did.

The classes describe tables that hand-written migrations make; keys and walls stand there.
"""

from datetime import UTC, datetime
from uuid import UUID, uuid4

from piccolo.columns import (
    JSONB,
    Array,
    Boolean,
    Bytea,
    Date,
    DoublePrecision,
    ForeignKey,
    Integer,
    OnDelete,
    SmallInt,
    Text,
    Timestamptz,
)
from piccolo.columns import (
    UUID as UUIDColumn,
)
from piccolo.table import Table

from tenants.scope import OutsideScope, current_tenant


def _tenant() -> UUID:
    # Piccolo calls a default once at import, where no scope is open: the nil id is then refused
    # by the wall, should it ever reach the database.
    try:
        return current_tenant()
    except OutsideScope:
        return UUID(int=0)


def _now() -> datetime:
    return datetime.now(UTC)


class TenantTable(Table):
    """A table of one municipality: its wall compares `tenant_id`, which the scope supplies."""

    tenant_id = UUIDColumn(default=_tenant, null=False)


class Municipality(Table, tablename="municipality"):
    id = UUIDColumn(primary_key=True, default=uuid4)
    code = Text()
    slug = Text()
    name = Text()
    demonstration = Boolean(default=False)
    founded_at = Timestamptz(default=_now)
    suspended_at = Timestamptz(null=True, default=None)


class Provider(Table, tablename="provider"):
    id = UUIDColumn(primary_key=True, default=uuid4)
    name = Text()
    label = Text()
    issuer = Text()
    client_id = Text()
    client_secret = Text(secret=True)
    signing_algorithms = Array(base_column=Text())
    client_authentication = Text(default="secret")
    assurance = JSONB()
    methods = JSONB()
    least_assurance = SmallInt(default=1)
    proposed_for = UUIDColumn(null=True, default=None)
    created_at = Timestamptz(default=_now)
    approved_at = Timestamptz(null=True, default=None)
    withdrawn_at = Timestamptz(null=True, default=None)
    built_in = Boolean(default=False)


class ClientKey(Table, tablename="client_key"):
    kid = Text(primary_key=True)
    published = JSONB()
    sealed = Text(secret=True)
    made_at = Timestamptz(default=_now)
    withdrawn_at = Timestamptz(null=True, default=None)


class Person(Table, tablename="person"):
    id = UUIDColumn(primary_key=True, default=uuid4)
    name = Text()
    email = Text(null=True, default=None)
    created_at = Timestamptz(default=_now)


class Identity(Table, tablename="identity"):
    issuer = Text(primary_key=True)
    subject = Text()
    person_id = ForeignKey(Person, null=False, on_delete=OnDelete.restrict)
    linked_at = Timestamptz(default=_now)


class Session(Table, tablename="session"):
    token_hash = Bytea(primary_key=True, secret=True)
    id = UUIDColumn(default=uuid4)
    person_id = ForeignKey(Person, null=False, on_delete=OnDelete.restrict)
    provider_id = ForeignKey(Provider, null=False, on_delete=OnDelete.restrict)
    issuer = Text()
    subject = Text()
    provider_session = Text(null=True, default=None)
    id_token = Text(null=True, default=None, secret=True)
    assurance = SmallInt(default=1)
    acr = Text(null=True, default=None)
    amr = Array(base_column=Text())
    authenticated_at = Timestamptz(default=_now)
    created_at = Timestamptz(default=_now)
    seen_at = Timestamptz(default=_now)


class LoginAttempt(Table, tablename="login_attempt"):
    state_hash = Bytea(primary_key=True)
    browser_hash = Bytea()
    provider_id = UUIDColumn()
    nonce = Text()
    verifier = Text(secret=True)
    next = Text()
    least_assurance = SmallInt(default=1)
    max_age = Integer(null=True, default=None)
    link_to = UUIDColumn(null=True, default=None)
    started_at = Timestamptz(default=_now)


class RateBucket(Table, tablename="rate_bucket"):
    key = Text(primary_key=True)
    tokens = DoublePrecision()
    filled_at = Timestamptz(default=_now)


class AcceptedProvider(TenantTable, tablename="accepted_provider"):
    provider_id = ForeignKey(Provider, primary_key=True, null=False, on_delete=OnDelete.restrict)
    join_role = Text(null=True, default=None)
    every_organisation = Boolean(default=False)
    ceiling = Text(default="own_organisation")
    assurance = JSONB(null=True, default=None)
    methods = JSONB(null=True, default=None)
    version = Integer(default=1)
    accepted_at = Timestamptz(default=_now)
    enabled_at = Timestamptz(null=True, default=None)


class Organisation(TenantTable, tablename="organisation"):
    id = UUIDColumn(primary_key=True, default=uuid4)
    name = Text()
    actor_type = Text()
    is_authority = Text()
    joined_on = Date()
    left_on = Date(null=True, default=None)


class AcceptedOrganisation(TenantTable, tablename="accepted_organisation"):
    provider_id = ForeignKey(Provider, primary_key=True, null=False, on_delete=OnDelete.restrict)
    organisation_id = ForeignKey(Organisation, null=False, on_delete=OnDelete.restrict)


class Membership(TenantTable, tablename="membership"):
    id = UUIDColumn(primary_key=True, default=uuid4)
    person_id = ForeignKey(Person, null=False, on_delete=OnDelete.restrict)
    organisation_id = ForeignKey(Organisation, null=False, on_delete=OnDelete.restrict)
    role = Text()
    seat = Text(null=True, default=None)
    valid_from = Timestamptz(default=_now)
    valid_to = Timestamptz(null=True, default=None)


class AuditEvent(TenantTable, tablename="audit_event"):
    id = UUIDColumn(primary_key=True, default=uuid4)
    at = Timestamptz(default=_now)
    person_id = UUIDColumn(null=True, default=None)
    verb = Text()
    object_kind = Text()
    object_id = Text(null=True, default=None)
    detail = JSONB()
    address = Text(null=True, default=None)
    client = Text(null=True, default=None)
    reason = Text(null=True, default=None)


class RecordSecret(TenantTable, tablename="record_secret"):
    """From which the keys of a municipality's records are made; see record_secrets.py."""

    version = SmallInt(primary_key=True)
    sealed = Text(secret=True)
    made_at = Timestamptz(default=_now)


class Job(TenantTable, tablename="job"):
    id = UUIDColumn(primary_key=True, default=uuid4)
    verb = Text()
    arguments = JSONB()
    person_id = UUIDColumn(null=True, default=None)
    asked_at = Timestamptz(default=_now)
    started_at = Timestamptz(null=True, default=None)
    finished_at = Timestamptz(null=True, default=None)
    refused = Text(null=True, default=None)
    trace = Text(null=True, default=None)


class Outbox(Table, tablename="outbox"):
    """A job that a broker outside is to be told of; a platform table, as the queue is."""

    job_id = UUIDColumn(primary_key=True)
    asked_at = Timestamptz(default=_now)
    claimed_at = Timestamptz(null=True, default=None)
    sent_at = Timestamptz(null=True, default=None)
    sends = SmallInt(default=0)


class Process(Table, tablename="process"):
    """A worker or scheduler that was alive a moment ago."""

    id = UUIDColumn(primary_key=True, default=uuid4)
    kind = Text()
    host = Text()
    started_at = Timestamptz(default=_now)
    beat_at = Timestamptz(default=_now)
