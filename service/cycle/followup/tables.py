"""The noun of follow-up."""

from uuid import uuid4

from piccolo.columns import JSONB, UUID, Date, ForeignKey, Integer, OnDelete, Text, Timestamptz

from service.cycle.measures.tables import Measure
from tenants.tables import TenantTable


class FollowUp(TenantTable, tablename="follow_up"):
    """Whether a measure was done, by when and with what; `comparison` is the counts of then."""

    id = UUID(primary_key=True, default=uuid4)
    measure_id = ForeignKey(Measure, null=False, on_delete=OnDelete.restrict)
    outcome = Text()
    done_on = Date(null=True, default=None)
    text = Text()
    used_kr = Integer()
    used_hours = Integer()
    comparison = JSONB()
    followed_up_by = UUID()
    followed_up_at = Timestamptz()
