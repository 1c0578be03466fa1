"""The nouns of feedback: what the public is shown."""

from uuid import uuid4

from piccolo.columns import JSONB, UUID, Text, Timestamptz

from tenants.tables import TenantTable


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
