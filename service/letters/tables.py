"""The noun of this room: a letter to one person about one thing."""

from uuid import uuid4

from piccolo.columns import UUID, ForeignKey, OnDelete, Text, Timestamptz

from tenants.tables import Person, TenantTable


class Letter(TenantTable, tablename="letter"):
    """A letter of a `kind` about the row `about`; its text is emptied once it is sent."""

    id = UUID(primary_key=True, default=uuid4)
    person_id = ForeignKey(Person, null=False, on_delete=OnDelete.restrict)
    kind = Text()
    about = UUID()
    subject = Text()
    text = Text()
    asked_at = Timestamptz()
    sent_at = Timestamptz(null=True, default=None)
    refused = Text(null=True, default=None)
