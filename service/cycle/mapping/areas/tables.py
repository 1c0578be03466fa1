"""The noun of an exchange: what is proposed, and what became of it."""

from uuid import uuid4

from piccolo.columns import JSONB, UUID, Integer, Text, Timestamptz

from service.cycle.mapping.week import now
from tenants.tables import TenantTable


class AreaProposal(TenantTable, tablename="area_proposal"):
    """Other areas, until somebody has seen and confirmed them; empty once they are in force.

    `by_point` and `by_area` are how many reports were placed anew by their point, and by the area
    that has taken over where they lay.
    """

    id = UUID(primary_key=True, default=uuid4)
    origin = Text()
    areas = JSONB()
    made_by = UUID()
    made_at = Timestamptz(default=now)
    begun_at = Timestamptz(null=True, default=None)
    done_at = Timestamptz(null=True, default=None)
    dropped_at = Timestamptz(null=True, default=None)
    by_point = Integer(default=0)
    by_area = Integer(default=0)
