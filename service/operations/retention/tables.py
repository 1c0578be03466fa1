"""The noun of this room: a decision on how long a kind of record is kept."""

from uuid import uuid4

from piccolo.columns import UUID, ForeignKey, OnDelete, SmallInt, Text, Timestamptz

from tenants.tables import Person, TenantTable


class RetentionRule(TenantTable, tablename="retention_rule"):
    """So many months from reception, from `set_at` until the next rule for the same record."""

    id = UUID(primary_key=True, default=uuid4)
    record = Text()
    months = SmallInt()
    set_by = ForeignKey(Person, null=False, on_delete=OnDelete.restrict)
    set_at = Timestamptz()
