"""The counts behind an edition, packed: no text, no point, no person, and nothing left to chance.

The same counts give the same bytes in whatever order the rows were read, so that an edition can be
worked out anew from what it froze when the reports themselves have been disposed of.
"""

import zlib
from datetime import date
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from service.cycle.picture.close_period import Closed
from service.cycle.picture.counts import (
    WEEKS,
    AreaRow,
    CategoryRow,
    Counts,
    OrganisationRow,
    Weights,
)

FORMAT = 1
_INDICES = ("at_week", "at_area", "at_category", "at_organisation", "arrived")


class Unreadable(ValueError):
    """The bytes are no frozen counts, or those of a format that this version does not know."""


class _Packed(msgspec.Struct):
    format: int
    week: date
    areas: list[AreaRow]
    categories: list[CategoryRow]
    organisations: list[OrganisationRow]
    weights: Weights
    indices: dict[str, bytes]  # little-endian int32, one a stored count
    number: bytes  # little-endian float64
    said_nothing: bytes  # flat indices of the marks, int32
    hours_at: bytes  # flat indices of what is not nought, int32
    hours: bytes
    closed: Closed | None = None  # The closed period that the sums are of.


def pack(counts: Counts) -> bytes:
    """The counts as bytes, some 4 for each stored count."""
    order = np.lexsort(tuple(getattr(counts, name) for name in _INDICES))
    hours = counts.hours.ravel()
    busy = np.flatnonzero(hours)
    packed = _Packed(
        format=FORMAT,
        week=counts.week,
        areas=counts.areas,
        categories=counts.categories,
        organisations=counts.organisations,
        weights=counts.weights,
        indices={name: _ints(getattr(counts, name)[order]) for name in _INDICES},
        number=_floats(counts.number[order]),
        said_nothing=_ints(np.flatnonzero(counts.said_nothing)),
        hours_at=_ints(busy),
        hours=_floats(hours[busy]),
        closed=counts.closed,
    )
    return zlib.compress(msgspec.msgpack.encode(packed), 6)


def unpack(stored: bytes) -> Counts:
    """The counts that were packed. Raises Unreadable."""
    try:
        packed = msgspec.msgpack.decode(zlib.decompress(stored), type=_Packed)
    except (zlib.error, msgspec.DecodeError) as error:
        raise Unreadable(str(error)) from error
    if packed.format != FORMAT:
        raise Unreadable(f"format {packed.format}")
    areas, categories = len(packed.areas), len(packed.categories)
    said_nothing = np.zeros((len(packed.organisations), WEEKS), dtype=bool)
    said_nothing.ravel()[_read(packed.said_nothing, "<i4").astype(np.intp)] = True
    hours = np.zeros(areas * categories * 168)
    hours[_read(packed.hours_at, "<i4").astype(np.intp)] = _read(packed.hours, "<f8")
    return Counts(
        week=packed.week,
        areas=packed.areas,
        categories=packed.categories,
        organisations=packed.organisations,
        number=_read(packed.number, "<f8").astype(float),
        said_nothing=said_nothing,
        hours=hours.reshape(areas, categories, 168),
        weights=packed.weights,
        closed=packed.closed,
        **{name: _read(packed.indices[name], "<i4").astype(np.intp) for name in _INDICES},
    )


def _ints(values: NDArray[Any]) -> bytes:
    return values.astype("<i4").tobytes()


def _floats(values: NDArray[Any]) -> bytes:
    return values.astype("<f8").tobytes()


def _read(packed: bytes, kind: str) -> NDArray[Any]:
    return np.frombuffer(packed, dtype=kind)
