"""The nouns of an own map: the map, its file until it is read, and its tiles."""

from uuid import uuid4

from piccolo.columns import (
    JSONB,
    UUID,
    Bytea,
    ForeignKey,
    Integer,
    OnDelete,
    SmallInt,
    Text,
    Timestamptz,
)

from service.cycle.mapping.week import now
from tenants.tables import TenantTable


class GroundMap(TenantTable, tablename="ground_map"):
    """A map that somebody sent; the one that is kept and not removed lies under the points.

    `kept` is how many things of each kind are drawn, `outside` how many lie elsewhere, and
    `left_out` names the layers of which nothing is drawn.
    """

    id = UUID(primary_key=True, default=uuid4)
    file_name = Text()
    attribution = Text()
    size = Integer()
    sent_by = UUID()
    sent_at = Timestamptz(default=now)
    read_at = Timestamptz(null=True, default=None)
    refused = Text(null=True, default=None)
    about = Text()
    kept = JSONB(null=True, default=None)
    outside = Integer(default=0)
    left_out = JSONB(null=True, default=None)
    removed_at = Timestamptz(null=True, default=None)


class GroundFile(TenantTable, tablename="ground_file"):
    """The bytes, until they are read."""

    map_id = ForeignKey(GroundMap, primary_key=True, null=False, on_delete=OnDelete.restrict)
    content = Bytea()


class GroundTile(TenantTable, tablename="ground_tile"):
    """What is drawn of one tile; `body` is gzipped JSON as service.sources.maps.cut makes it."""

    map_id = ForeignKey(GroundMap, null=False, on_delete=OnDelete.restrict)
    level = SmallInt()
    x = Integer(primary_key=True)
    y = Integer()
    body = Bytea()
