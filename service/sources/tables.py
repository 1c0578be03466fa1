"""The noun of this room: whether a municipality takes what a source gives."""

from uuid import uuid4

from piccolo.columns import UUID, Boolean, ForeignKey, OnDelete, Text, Timestamptz

from tenants.tables import Person, TenantTable


class SourceChoice(TenantTable, tablename="source_choice"):
    """Somebody turned a source on or off; the newest choice counts, and without one it is on."""

    id = UUID(primary_key=True, default=uuid4)
    source = Text()
    taken = Boolean()
    chosen_by = ForeignKey(Person, null=False, on_delete=OnDelete.restrict)
    chosen_at = Timestamptz()
