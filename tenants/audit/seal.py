"""Sealing: each line of a municipality's log is chained to the one before it.

A seal's hash covers the hash before it and every column of its line, so that a line that is
removed, changed or slipped in makes every later seal wrong. Lines are sealed in batches and not
where they are written, so that requests of one municipality do not wait for each other.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from tenants.scope import execute_many, fetch, fetch_row, fetch_value

START = b"\0" * 32
"""What the first line of a municipality is chained to."""
BATCH = 5000

LINE = "event.id, at, person_id, verb, object_kind, object_id, detail, address, client, reason"
COLUMNS = tuple(name.removeprefix("event.") for name in LINE.split(", "))

# A transaction may commit a line that was written before lines that are sealed already, but none
# lasts for a day: what lies further back need not be looked through at every sealing.
_UNSEALED = f"""
SELECT {LINE} FROM audit_event AS event
WHERE at > (SELECT coalesce(max(sealed_at), '-infinity') FROM audit_seal) - interval '1 day'
  AND NOT EXISTS (SELECT 1 FROM audit_seal WHERE audit_seal.event_id = event.id)
ORDER BY at, event.id LIMIT {BATCH}
"""


def chained(before: bytes, number: int, line: Mapping[str, Any]) -> bytes:
    """The hash of seal `number` over `line`, which holds the log's columns by name."""
    content = [number, *(_plain(name, line[name]) for name in COLUMNS)]
    return sha256(before + json.dumps(content).encode()).digest()


async def seal() -> int:
    """Seal what waits in the open scope's municipality; how many lines that were.

    Two at once wait for each other, or the chain would fork.
    """
    await fetch_value(
        "SELECT pg_advisory_xact_lock(hashtextextended(ks.current_tenant()::text, 4))"
    )
    lines = await fetch(_UNSEALED)
    if not lines:
        return 0
    last = await fetch_row("SELECT number, hash FROM audit_seal ORDER BY number DESC LIMIT 1")
    number, before = (last["number"], last["hash"]) if last else (0, START)
    sealed = []
    for line in lines:
        number += 1
        before = chained(before, number, line)
        sealed.append((number, line["id"], before))
    await execute_many(
        """INSERT INTO audit_seal (tenant_id, number, event_id, hash)
           VALUES (ks.current_tenant(), $1, $2, $3)""",
        sealed,
    )
    return len(sealed)


def _plain(name: str, value: Any) -> Any:
    """A column as JSON holds it, in one way only."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if name == "detail":
        # Numbers as they are written: a float would not survive every reader.
        read = json.loads(value, parse_float=str)
        return json.dumps(read, sort_keys=True, separators=(",", ":"))
    return None if value is None else str(value)
