"""The seals over the audit log."""

from piccolo.columns import UUID as UUIDColumn
from piccolo.columns import BigInt, Bytea, Timestamptz

from tenants.tables import TenantTable


class AuditSeal(TenantTable, tablename="audit_seal"):
    number = BigInt(primary_key=True)
    event_id = UUIDColumn()
    hash = Bytea()
    sealed_at = Timestamptz()
