"""The map at a glance, as one drawing: for a page without a map script."""

import gzip
import json
from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from service.sources.maps.plane import EXTENT
from service.web.language import _


def draw_tiles(tiles: Sequence[Any]) -> Markup | None:
    """Tiles of one level beside each other; None where there are none."""
    if not tiles:
        return None
    west, north = min(one["x"] for one in tiles), min(one["y"] for one in tiles)
    across = max(one["x"] for one in tiles) - west + 1
    down = max(one["y"] for one in tiles) - north + 1
    drawn = Markup().join(
        Markup('<svg x="{}" y="{}" width="{n}" height="{n}" viewBox="0 0 {n} {n}">{}</svg>').format(
            (one["x"] - west) * EXTENT,
            (one["y"] - north) * EXTENT,
            _paths(one["body"]),
            n=EXTENT,
        )
        for one in tiles
    )
    return Markup(
        '<svg class="own-map" role="img" aria-label="{}" viewBox="0 0 {} {}">{}</svg>'
    ).format(_("Kartan som den läggs under punkterna"), across * EXTENT, down * EXTENT, drawn)


def _paths(body: bytes) -> Markup:
    return Markup().join(
        Markup('<path class="{}" d="{}"/>').format(kind, path)
        for kind, path in json.loads(gzip.decompress(body)).items()
    )
