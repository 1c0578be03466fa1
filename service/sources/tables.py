"""The nouns of this room: a source, each call to it, and whether a municipality takes it."""

from uuid import uuid4

from piccolo.columns import UUID, Boolean, ForeignKey, OnDelete, SmallInt, Text, Timestamptz
from piccolo.table import Table

from tenants.tables import Person, TenantTable


class SourceChoice(TenantTable, tablename="source_choice"):
    """Somebody turned a source on or off; the newest choice counts, and without one it is on."""

    id = UUID(primary_key=True, default=uuid4)
    source = Text()
    taken = Boolean()
    chosen_by = ForeignKey(Person, null=False, on_delete=OnDelete.restrict)
    chosen_at = Timestamptz()


class SourceFeed(Table, tablename="source_feed"):
    """A source that is asked once for all municipalities; callers take turns by its row."""

    source = Text(primary_key=True)
    etag = Text(null=True)
    last_modified = Text(null=True)
    recipients = Text(null=True)
    asked_at = Timestamptz(null=True)
    answered_at = Timestamptz(null=True)
    failed_at = Timestamptz(null=True)
    failure = Text(null=True)
    failures = SmallInt()
    next_at = Timestamptz()


class SourceCall(Table, tablename="source_call"):
    """One call to a source, counted against its bounds from when it was over."""

    id = UUID(primary_key=True)
    source = ForeignKey(SourceFeed, null=False, on_delete=OnDelete.restrict)
    called_at = Timestamptz()
    ended_at = Timestamptz(null=True)
    status = SmallInt(null=True)
