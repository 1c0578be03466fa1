"""Operators of the platform, and the glass that they break."""

from piccolo.columns import UUID as UUIDColumn
from piccolo.columns import ForeignKey, OnDelete, Text, Timestamptz
from piccolo.table import Table

from tenants.tables import Person, TenantTable


class PlatformOperator(Table, tablename="platform_operator"):
    person_id = ForeignKey(Person, primary_key=True, null=False, on_delete=OnDelete.restrict)
    appointed_at = Timestamptz()
    dismissed_at = Timestamptz(null=True, default=None)


class BrokenGlass(TenantTable, tablename="broken_glass"):
    id = UUIDColumn(primary_key=True)
    person_id = UUIDColumn()
    reason = Text()
    broken_at = Timestamptz()
    ends_at = Timestamptz()
    closed_at = Timestamptz(null=True, default=None)
