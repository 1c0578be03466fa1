"""JSON from strangers: one object or list, no member named twice, only finite numbers."""

import json
from math import isfinite
from typing import Any


def read_object(data: bytes | str) -> dict[str, Any]:
    """The object in `data`; ValueError for anything else."""
    value = _read(data)
    if not isinstance(value, dict):
        raise ValueError("not a JSON object")
    return value


def read_list(data: bytes | str) -> list[Any]:
    """The list in `data`; ValueError for anything else."""
    value = _read(data)
    if not isinstance(value, list):
        raise ValueError("not a JSON list")
    return value


def _read(data: bytes | str) -> Any:
    try:
        return json.loads(
            data,
            object_pairs_hook=_unique,
            parse_constant=_refuse,
            parse_int=_bounded,
            parse_float=_finite,
        )
    except (RecursionError, UnicodeDecodeError) as error:
        raise ValueError("not readable JSON") from error


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a JSON member is named twice")
    return members


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is not JSON")


def _bounded(digits: str) -> int:
    if len(digits) > 20:
        raise ValueError("a number is too long")
    return int(digits)


def _finite(digits: str) -> float:
    value = float(digits)
    if not isfinite(value):
        raise ValueError("a number is too large")
    return value
