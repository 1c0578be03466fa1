"""What there is of own maps, in the open scope."""

import gzip
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from tenants.scope import fetch, fetch_row, fetch_value

_MAPS = """
SELECT ground_map.id, file_name, attribution, size, person.name AS sender, sent_at, read_at,
       refused, about, kept, outside, left_out, removed_at,
       CASE WHEN refused IS NOT NULL THEN 'refused'
            WHEN removed_at IS NOT NULL THEN 'removed'
            WHEN kept IS NOT NULL THEN 'shown' ELSE 'reading' END AS state
FROM ground_map JOIN person ON person.id = sent_by
"""


@dataclass(frozen=True)
class OwnMap:
    """A map and how far it has come: reading, refused, shown or removed."""

    id: UUID
    file_name: str
    attribution: str
    size: int
    sender: str
    sent_at: datetime
    read_at: datetime | None
    refused: str | None
    about: str
    kept: dict[str, int]
    outside: int
    left_out: list[str]
    removed_at: datetime | None
    state: str


@dataclass(frozen=True)
class OwnMaps:
    """`shown` lies under the points, `latest` is the last that was sent where that is another and
    says something, and `former` can be brought back."""

    shown: OwnMap | None
    latest: OwnMap | None
    former: OwnMap | None


async def read_maps() -> OwnMaps:
    shown = await _one("WHERE kept IS NOT NULL AND removed_at IS NULL")
    latest = await _one("ORDER BY sent_at DESC LIMIT 1")
    former = await _one(
        """WHERE removed_at IS NOT NULL AND EXISTS (
               SELECT 1 FROM ground_tile WHERE map_id = ground_map.id)
           ORDER BY removed_at DESC LIMIT 1"""
    )
    says = latest is not None and latest.state in ("reading", "refused")
    return OwnMaps(shown, latest if says else None, former)


async def _one(which: str) -> OwnMap | None:
    row = await fetch_row(_MAPS + which)
    if row is None:
        return None
    kept, left_out = json.loads(row["kept"] or "{}"), json.loads(row["left_out"] or "[]")
    return OwnMap(**{**dict(row), "kept": kept, "left_out": left_out})


async def shown_map() -> tuple[UUID, str] | None:
    """The id of the map under the points, and whose it is."""
    row = await fetch_row(
        "SELECT id, attribution FROM ground_map WHERE kept IS NOT NULL AND removed_at IS NULL"
    )
    return (row["id"], row["attribution"]) if row else None


async def tile_of(map_id: UUID, level: int, x: int, y: int) -> bytes | None:
    """The gzipped paths of a tile; `{}` for one with nothing in it, None for a map that is not
    shown."""
    shown = await fetch_value(
        "SELECT true FROM ground_map WHERE id = $1 AND kept IS NOT NULL AND removed_at IS NULL",
        map_id,
    )
    if not shown:
        return None
    body: bytes | None = await fetch_value(
        "SELECT body FROM ground_tile WHERE map_id = $1 AND level = $2 AND x = $3 AND y = $4",
        map_id, level, x, y,
    )  # fmt: skip
    return body if body is not None else gzip.compress(b"{}", mtime=0)


async def tiles_to_preview(map_id: UUID, *, most: int, bytes_at_most: int) -> list[Any]:
    """All tiles of the finest level that are few and light enough for one drawing."""
    return await fetch(
        """SELECT level, x, y, body FROM ground_tile WHERE map_id = $1 AND level = (
               SELECT level FROM ground_tile WHERE map_id = $1 GROUP BY level
               HAVING count(*) <= $2 AND sum(length(body)) <= $3 ORDER BY level DESC LIMIT 1)""",
        map_id, most, bytes_at_most,
    )  # fmt: skip
