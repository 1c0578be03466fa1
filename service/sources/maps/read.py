"""Read a map on standard input and write it as lines of JSON, a tile a line.

Before the file stands a line with the municipality's window: ``[west, south, east, north]`` in
degrees. Each line but the last is ``{"tile": [level, x, y], "body": base64}``; the last one is
``{"kept": {kind: n}, "outside": n, "left": [layer, …]}``, or ``{"refused": reason, "about": …}``.
Run in a bounded process.
"""

import json
import sys
from base64 import b64encode
from collections.abc import Iterator
from typing import Any

import shapely

from service.sources.maps import archive, geopackage
from service.sources.maps.cut import cut
from service.sources.maps.layers import Layers
from service.sources.maps.plane import window_of
from service.sources.maps.refused import Refused
from service.web.clean import clean

MOST_LEFT = 30


def read(bounds: tuple[float, float, float, float], content: bytes) -> Iterator[dict[str, Any]]:
    """The lines, as they are written."""
    try:
        layers = Layers(window_of(bounds))
        if content.startswith(geopackage.MAGIC):
            geopackage.read_geopackage(content, layers)
        elif content.startswith(archive.MAGIC):
            archive.read_archive(content, layers)
        elif content.startswith(b"PK\x03\x04"):
            raise Refused("zip")
        else:
            raise Refused("no_map")
        if not layers.shapes:
            raise Refused("outside" if layers.outside else "empty")
        for tile in cut(layers.whole(), layers.window):
            yield {"tile": [tile.level, tile.x, tile.y], "body": b64encode(tile.body).decode()}
        yield {
            "kept": dict(layers.counted),
            "outside": layers.outside,
            "left": [clean(name)[:80] for name in layers.left[:MOST_LEFT]],
        }
    except Refused as why:
        yield {"refused": why.reason, "about": clean(why.about)}
    except shapely.GEOSException:
        yield {"refused": "broken", "about": ""}


if __name__ == "__main__":
    window = json.loads(sys.stdin.buffer.readline())
    for line in read(window, sys.stdin.buffer.read()):
        sys.stdout.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")
