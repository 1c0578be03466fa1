"""An edition on paper, as a worker makes it, beside an empty document by the same typesetter."""

import statistics
import time
from datetime import UTC, datetime
from typing import Any

from service.cycle.picture.paper.make import make_pdf
from service.cycle.picture.paper.typeset import typeset
from tenants.roles import PictureView
from tenants.scope import fetch_value, tenant_scope
from tests.bench.figure import Figure
from tests.bench.stage import Stage

REPEATS = 20
PROMISED_MS = 1_000.0
EMPTY: dict[str, Any] = {
    "title": "Tom", "name": "Tom", "municipality": "Ingenstans", "number": "1", "frozen": "",
    "signatures": [], "replaced": "", "page_of": "Sida", "contents": "Innehåll", "blocks": [],
}  # fmt: skip


async def measure(stage: Stage) -> list[Figure]:
    async with tenant_scope(stage.tenant_id):
        edition = await fetch_value("SELECT id FROM edition ORDER BY frozen_at DESC LIMIT 1")
    times, empty = [], []
    for turn in range(REPEATS + 1):
        began = time.perf_counter()
        async with tenant_scope(stage.tenant_id):
            await make_pdf(edition, PictureView.ALL)
        taken = 1000 * (time.perf_counter() - began)
        began = time.perf_counter()
        typeset(EMPTY, datetime.now(UTC))
        if turn:
            times.append(taken)
            empty.append(1000 * (time.perf_counter() - began))
    async with tenant_scope(stage.tenant_id):
        pages = await fetch_value("SELECT pages FROM file")
    late = statistics.quantiles(times, n=20)[-1]
    return [
        Figure(
            "an edition on paper, 95th percentile",
            late,
            "ms",
            floor=PROMISED_MS,
            at_most=1.0,
            note=f"{pages} pages; median {statistics.median(times):.0f}",
        ),
        Figure(
            "the same, beside an empty document",
            statistics.median(times),
            "ms",
            floor=statistics.median(empty),
        ),
    ]
