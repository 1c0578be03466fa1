"""The nouns of coverage."""

from piccolo.columns import UUID, Timestamptz

from service.cycle.mapping.week import now
from tenants.tables import TenantTable


class DeclinedReminder(TenantTable, tablename="declined_reminder"):
    """A person's word that reminders are not wanted."""

    person_id = UUID(primary_key=True)
    declined_at = Timestamptz(default=now)
