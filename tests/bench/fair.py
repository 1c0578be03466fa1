"""How much one municipality's import delays another's report and picture."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tenants.scope import fetch_value, platform_scope
from tests.bench.figure import Figure
from tests.bench.live import hints
from tests.bench.police import write_archive
from tests.bench.stage import ROOT, Stage

SAMPLES = 40
ROWS = 500_000
PROMISED_MS = 1000


@asynccontextmanager
async def _importing(stage: Stage, archive: Path) -> AsyncIterator[None]:
    """The neighbour's import, over and over until the block ends, in a process of its own."""

    async def run() -> None:
        while True:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "service.cli", "import", "police", str(archive)),
                cwd=ROOT,
                env=stage.environment(1),
                stdout=asyncio.subprocess.DEVNULL,
            )
            try:
                await process.wait()
            finally:
                if process.returncode is None:
                    process.terminate()
                    await process.wait()

    task = asyncio.create_task(run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])


async def measure(stage: Stage, folder: Path) -> list[Figure]:
    async with platform_scope():
        neighbour = await fetch_value(
            "SELECT name FROM municipality WHERE id <> $1 ORDER BY name LIMIT 1", stage.tenant_id
        )
    archive = folder / "neighbour.csv.gz"
    await asyncio.to_thread(write_archive, archive, neighbour, ROWS)
    alone = sorted(await hints(stage, SAMPLES))
    beside = sorted(await hints(stage, SAMPLES, _importing(stage, archive)))
    at = int(SAMPLES * 0.95)
    return [
        Figure(
            "delay of a report's picture by a neighbour's import of 500,000 rows, p95",
            max(0.0, beside[at] - alone[at]), "ms", PROMISED_MS, at_most=1.0,
            note="floor: the second that is promised",
        ),
    ]  # fmt: skip
