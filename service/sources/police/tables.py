"""The police's events of one municipality: when, what kind, and how we count it.

No summary, address or position is kept: the series needs none, and summaries tell of people.
"""

from piccolo.columns import BigInt, Text, Timestamptz

from tenants.tables import TenantTable


class PoliceEvent(TenantTable, tablename="police_event"):
    """One published event; `id` is the police's own."""

    id = BigInt(primary_key=True)
    published_at = Timestamptz()
    occurred_at = Timestamptz()
    type = Text()
    category_key = Text()
    imported_at = Timestamptz()
