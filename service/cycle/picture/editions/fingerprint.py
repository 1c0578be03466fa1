"""The hash of an edition: over its numbers at ten significant digits and the text as written."""

import hashlib
import json
from typing import Any

DIGITS = 10


def fingerprint(edition: dict[str, Any]) -> str:
    """SHA-256, 64 hexadecimal digits, over the canonical form of `edition`.

    Numbers are written with ten significant digits, so that the last bits, in which two machines
    may differ, say nothing; keys are sorted.
    """
    text = json.dumps(canonical(edition), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def canonical(value: Any) -> Any:
    """`value` with each number as text at ten significant digits."""
    if isinstance(value, dict):
        return {str(key): canonical(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [canonical(one) for one in value]
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | float):
        return format(float(value) + 0.0, f".{DIGITS}g")
    return str(value)
