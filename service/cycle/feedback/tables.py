"""The nouns of feedback: what the public is shown, and who does not want the digest."""

from uuid import uuid4

from piccolo.columns import JSONB, UUID, ForeignKey, OnDelete, Text, Timestamptz

from tenants.tables import Person, TenantTable


class Publication(TenantTable, tablename="publication"):
    """What the coordinator approved for the public; `content` is shown as it stands there."""

    id = UUID(primary_key=True, default=uuid4)
    headline = Text()
    text = Text()
    content = JSONB()
    published_by = UUID()
    published_at = Timestamptz()


class PublicationWithdrawal(TenantTable, tablename="publication_withdrawal"):
    publication_id = UUID(primary_key=True)
    withdrawn_by = UUID()
    withdrawn_at = Timestamptz()


class DigestOptOut(TenantTable, tablename="digest_opt_out"):
    person_id = ForeignKey(Person, primary_key=True, null=False, on_delete=OnDelete.restrict)
    since = Timestamptz()
