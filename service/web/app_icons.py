"""The icons of the installed app, drawn from the mark: no picture lies in the repository.

Only what the mark is made of is understood: a path of M, L, l, H, h, V and v, and circles.
"""

import re
import struct
import zlib
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import LineString, Point
from shapely.geometry.base import BaseGeometry

SIZES = {
    "icons/app-192.png": (192, 0.12),
    "icons/app-512.png": (512, 0.12),
    # Phones cut a maskable icon to a circle or a leaf: the mark keeps to the middle.
    "icons/app-maskable-512.png": (512, 0.24),
    "icons/app-180.png": (180, 0.16),
}
"""Served path → (pixels a side, share of the side that stays empty round the mark)."""

_BACK, _FRONT = (10, 90, 84), (255, 255, 255)
_FINER = 4


def draw_app_icons(mark: Path) -> dict[str, bytes]:
    """Every icon as PNG by its served path."""
    shape = read_mark(mark.read_text(encoding="utf-8"))
    return {path: write_png(_raster(shape, size, empty)) for path, (size, empty) in SIZES.items()}


def read_mark(svg: str) -> BaseGeometry:
    """The inked surface of the mark, in the units of its view box."""
    width = float(re.findall(r'stroke-width="([\d.]+)"', svg)[0])
    parts: list[BaseGeometry] = [
        LineString(line).buffer(width / 2, cap_style="flat")
        for line in _lines(re.findall(r'\sd="([^"]+)"', svg)[0])
    ]
    for x, y, r in re.findall(r'<circle cx="([\d.]+)" cy="([\d.]+)" r="([\d.]+)"', svg):
        parts.append(Point(float(x), float(y)).buffer(float(r)))
    return shapely.union_all(parts)


def write_png(pixels: NDArray[np.uint8]) -> bytes:
    """An RGB picture (height, width, 3) as a PNG file."""
    height, width, _ = pixels.shape
    rows = b"".join(b"\0" + row.tobytes() for row in pixels)
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in chunks
    )


def _lines(path: str) -> list[list[tuple[float, float]]]:
    lines: list[list[tuple[float, float]]] = []
    x = y = 0.0
    for command, numbers in re.findall(r"([MLlHhVv])([^MLlHhVv]*)", path):
        values = [float(one) for one in re.findall(r"-?\d*\.?\d+", numbers)]
        match command:
            case "H":
                x = values[0]
            case "h":
                x += values[0]
            case "V":
                y = values[0]
            case "v":
                y += values[0]
            case "l":
                x, y = x + values[0], y + values[1]
            case _:
                x, y = values[0], values[1]
        # A pair after M that has no letter of its own is a line to there.
        if command == "M":
            lines.append([(x, y)])
            for place in range(2, len(values), 2):
                x, y = values[place], values[place + 1]
                lines[-1].append((x, y))
        else:
            lines[-1].append((x, y))
    return lines


def _raster(shape: BaseGeometry, size: int, empty: float) -> NDArray[np.uint8]:
    west, south, east, north = shape.bounds
    scale = max(east - west, north - south) / (1 - 2 * empty)
    steps = (np.arange(size * _FINER) + 0.5) / (size * _FINER) - 0.5
    x, y = np.meshgrid((west + east) / 2 + steps * scale, (south + north) / 2 + steps * scale)
    inked = shapely.contains_xy(shape, x.ravel(), y.ravel()).reshape(x.shape)
    share = inked.reshape(size, _FINER, size, _FINER).mean(axis=(1, 3))[..., None]
    return np.round(share * np.array(_FRONT) + (1 - share) * np.array(_BACK)).astype(np.uint8)
