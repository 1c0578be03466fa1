"""Compile the working picture: one reading of the counts, one working out, one row."""

from uuid import uuid4

import msgspec

from service.cycle.mapping.week import now, week_of
from service.cycle.picture.close_period import close_period
from service.cycle.picture.counts import read_counts
from service.cycle.picture.raise_signals import raise_signals
from service.cycle.picture.work_out import METHOD, work_out
from service.web.live import announce
from tenants.scope import current_tenant, execute

_STORE = """
INSERT INTO picture (tenant_id, id, kind, week, compiled_at, method, content)
VALUES (ks.current_tenant(), $1, 'working', $2, $3, $4, $5::jsonb)
ON CONFLICT (tenant_id, kind) DO UPDATE
SET week = excluded.week, compiled_at = excluded.compiled_at, method = excluded.method,
    content = excluded.content
"""


async def compile_picture() -> None:
    """Rebuild the open scope's working picture from its counts, and tell the open pages.

    Running it again changes nothing but the time of compilation.
    """
    at = now()
    counts = await read_counts(week_of(at), await close_period(week_of(at)))
    content = work_out(counts, current_tenant(), at)
    text = msgspec.json.encode(content).decode()
    await execute(_STORE, uuid4(), counts.week, at, METHOD, text)
    await raise_signals(counts.week, content["wide"])
    await announce("picture")
