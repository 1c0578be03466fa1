"""GeoPackage (OGC 12-128r19): an SQLite database with tables of shapes.

A stranger's database is only ever read: no view, trigger, virtual table or function of its own
runs, and it is opened from memory, so that nothing of it lies on a disk.
"""

import sqlite3
from typing import Any

import numpy as np
import shapely
from pyproj import Transformer
from pyproj.exceptions import ProjError

from service.sources.maps.kinds import CLASS_COLUMNS, is_cover, kind_of
from service.sources.maps.layers import Layers
from service.sources.maps.plane import Shapes, from_metres
from service.sources.maps.refused import Refused

MAGIC = b"SQLite format 3\0"
LONGEST_VALUE = 30_000_000
AT_A_TIME = 5_000
MOST_LAYERS = 200
# Swedish systems (SWEREF 99 and its zones, RT 90), the ones of its neighbours and of the web.
KNOWN_SYSTEMS = frozenset(
    {3006, *range(3007, 3019), *range(3019, 3025), 3857, 4258, 4326, 4619, *range(25832, 25836)}
    | set(range(32632, 32636))
)
_ENVELOPES = (0, 32, 48, 48, 64)
_READING = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ}
_TABLES = """
SELECT c.table_name, g.column_name, s.organization, s.organization_coordsys_id
FROM gpkg_contents AS c
JOIN gpkg_geometry_columns AS g ON g.table_name = c.table_name
JOIN gpkg_spatial_ref_sys AS s ON s.srs_id = g.srs_id
JOIN sqlite_master AS m ON m.name = c.table_name AND m.type = 'table' AND m.rootpage > 0
WHERE c.data_type = 'features' LIMIT 201
"""


def read_geopackage(content: bytes, layers: Layers) -> None:
    """Put its things into `layers`. Raises Refused."""
    base = _opened(content)
    try:
        tables = base.execute(_TABLES).fetchall()
        if not tables:
            raise Refused("no_layers")
        if len(tables) > MOST_LAYERS:
            raise Refused("layers")
        for name, column, organization, code in tables:
            _read_table(base, str(name), str(column), _system(organization, code), layers)
    # Also the names of columns, which are read as text whatever they hold.
    except (sqlite3.Error, UnicodeDecodeError):
        raise Refused("broken") from None
    finally:
        base.close()


def _opened(content: bytes) -> sqlite3.Connection:
    # Programs often leave the file in write-ahead mode, which needs a second file beside it.
    content = content[:18] + b"\1\1" + content[20:]
    base = sqlite3.connect(":memory:")
    try:
        base.deserialize(content)
        base.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST_VALUE)
        base.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
        base.execute("PRAGMA trusted_schema = OFF")
        base.execute("PRAGMA query_only = ON")
        base.execute("PRAGMA cell_size_check = ON")
        base.text_factory = lambda text: text.decode("utf-8", "replace")
        base.set_authorizer(_only_reading)
    except sqlite3.Error:
        raise Refused("broken") from None
    return base


def _only_reading(action: int, *_about: Any) -> int:
    return sqlite3.SQLITE_OK if action in _READING else sqlite3.SQLITE_DENY


def _system(organization: Any, code: Any) -> int | str:
    """The code of a system that we know, or what it calls itself."""
    if str(organization).upper() == "EPSG" and code in KNOWN_SYSTEMS:
        return int(code)
    return f"{organization}:{code}"


def _read_table(
    base: sqlite3.Connection, name: str, column: str, system: int | str, layers: Layers
) -> None:
    if not is_cover(name) and kind_of(name, "") is None:
        layers.left.append(name)
        return
    if isinstance(system, str):
        raise Refused("system", f"{name}, {system}")
    into = Transformer.from_crs(f"EPSG:{system}", "EPSG:3857", always_xy=True)
    # A stranger's own database, where the name of a table is no value that could be passed.
    rows = base.execute(f"SELECT * FROM {_q(name)}")  # wall: made of constants
    headings = [one[0].lower() for one in rows.description]
    if column.lower() not in headings:
        raise Refused("broken")
    drawn_at = headings.index(column.lower())
    said_at = next((headings.index(one) for one in CLASS_COLUMNS if one in headings), None)
    drawn = 0
    while some := rows.fetchmany(AT_A_TIME):
        shapes = _shapes([row[drawn_at] for row in some])
        layers.count(shapes)
        said = ["" if said_at is None else str(row[said_at] or "")[:80] for row in some]
        kinds = [kind_of(name, one) for one in said]
        shapes = _into_the_plane(shapes, into)
        for kind in {kind for kind in kinds if kind is not None}:
            drawn += layers.add(kind, shapes[[one is kind for one in kinds]])
    if not drawn:
        layers.left.append(name)


def _q(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _shapes(blobs: list[Any]) -> Shapes:
    return np.asarray(
        shapely.force_2d(shapely.from_wkb([_wkb(blob) for blob in blobs], on_invalid="ignore"))
    )


def _wkb(blob: Any) -> bytes | None:
    """The well-known bytes behind a shape's heading; None for an empty or a foreign one."""
    if not isinstance(blob, bytes) or len(blob) < 13 or blob[:2] != b"GP":
        return None
    flags = blob[3]
    envelope = flags >> 1 & 7
    if envelope >= len(_ENVELOPES) or flags & 0b110000:
        return None
    return blob[8 + _ENVELOPES[envelope] :]


def _into_the_plane(shapes: Shapes, into: Transformer) -> Shapes:
    def moved(points: Any) -> Any:
        return np.column_stack(into.transform(points[:, 0], points[:, 1]))

    try:
        return from_metres(shapely.transform(shapes, moved))
    except ProjError:
        raise Refused("broken") from None
