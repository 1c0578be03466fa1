"""Receipts of the operation itself."""

from uuid import uuid4

from piccolo.columns import UUID, Integer, Text, Timestamptz

from tenants.tables import TenantTable


class Disposal(TenantTable, tablename="disposal"):
    """So many of a kind of record, older than a date, were disposed of."""

    id = UUID(primary_key=True, default=uuid4)
    record = Text()
    older_than = Timestamptz()
    removed = Integer()
    disposed_at = Timestamptz()
