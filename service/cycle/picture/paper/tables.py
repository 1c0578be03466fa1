"""The noun of this slice: a file that was made once and can be made again."""

from datetime import datetime, timedelta
from uuid import uuid4

from piccolo.columns import UUID, Bytea, SmallInt, Text, Timestamptz

from service.cycle.mapping.week import now
from tenants.tables import TenantTable

KEPT = timedelta(days=30)


def _later() -> datetime:
    return now() + KEPT


class File(TenantTable, tablename="file"):
    """Bytes of `kind` about the row `about`, as `view` may see it; gone after `expires_at`."""

    id = UUID(primary_key=True, default=uuid4)
    kind = Text()
    about = UUID()
    view = Text()
    name = Text()
    media_type = Text()
    content = Bytea()
    sha256 = Text()
    pages = SmallInt()
    made_at = Timestamptz(default=now)
    expires_at = Timestamptz(default=_later)
