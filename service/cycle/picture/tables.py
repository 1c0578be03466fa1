"""The noun of this stage: a picture, made from counts alone."""

from uuid import uuid4

from piccolo.columns import JSONB, UUID, Date, Text, Timestamptz

from service.cycle.mapping.week import now
from tenants.tables import TenantTable


class Picture(TenantTable, tablename="picture"):
    """The working picture of a municipality, of `week` (its Monday).

    `content` has one part for each view level (`wide`, `named`, `sums`), so that a page
    reads only what its reader may see. It holds numbers; the sentences are made when shown.
    """

    id = UUID(primary_key=True, default=uuid4)
    kind = Text()
    week = Date()
    compiled_at = Timestamptz(default=now)
    method = Text()
    content = JSONB()
