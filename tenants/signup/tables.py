"""Sign-ups and their steps, the platform's; agreements and beginnings, a municipality's."""

from piccolo.columns import UUID as UUIDColumn
from piccolo.columns import Bytea, ForeignKey, OnDelete, SmallInt, Text, Timestamptz
from piccolo.table import Table

from tenants.tables import TenantTable


class SignUp(Table, tablename="sign_up"):
    id = UUIDColumn(primary_key=True)
    token_hash = Bytea(secret=True)
    code = Text()
    contact = Text()
    title = Text()
    email = Text()
    asked_at = Timestamptz()
    expires_at = Timestamptz()


class SignUpStep(Table, tablename="sign_up_step"):
    sign_up_id = ForeignKey(SignUp, primary_key=True, null=False, on_delete=OnDelete.restrict)
    step = Text()
    version = Text(null=True, default=None)
    person_id = UUIDColumn(null=True, default=None)
    at = Timestamptz()


class ProcessingAgreement(TenantTable, tablename="processing_agreement"):
    version = Text(primary_key=True)
    text_hash = Bytea()
    accepted_by = Text()
    email = Text()
    accepted_at = Timestamptz()


class ReportingCycle(TenantTable, tablename="reporting_cycle"):
    id = UUIDColumn(primary_key=True)
    weeks = SmallInt()
    closes_on = SmallInt()
    set_by = UUIDColumn(null=True, default=None)
    set_at = Timestamptz()


class StartStep(TenantTable, tablename="start_step"):
    step = Text(primary_key=True)
    person_id = UUIDColumn(null=True, default=None)
    at = Timestamptz()
