"""`make bench`: figures as ratios to a floor that is measured in the same run, a line of JSON each.

`python -m tests.bench.run PART…` measures some parts only, by the names below. Ends with 1 when a
promised ratio is not kept.
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from tests.bench import (
    areas,
    batches,
    council,
    fair,
    guard,
    isolation,
    live,
    log_in,
    paper,
    picture,
    picture_page,
    police,
    publication,
    signals,
    submit,
    working_out,
)
from tests.bench.figure import Figure
from tests.bench.stage import Stage, set_up

# What needs no seeded world, given a folder of its own.
ALONE: dict[str, Callable[[Path], Awaitable[list[Figure]]]] = {
    "signals": lambda _: asyncio.to_thread(signals.measure),
    "working_out": lambda _: asyncio.to_thread(working_out.measured),
    "isolation": isolation.measure,
    "guard": lambda _: asyncio.to_thread(guard.measure_guard),
}
# In this order, so that none pays for another's rows: log-ins and the picture of what was seeded,
# live pages on an empty queue, three years of decisions, and the flood of submissions last.
ON_STAGE: dict[str, Callable[[Stage, Path], Awaitable[list[Figure]]]] = {
    "log_in": lambda stage, _: log_in.measure(stage),
    "picture": lambda stage, _: picture.measure(stage),
    "picture_page": lambda stage, _: picture_page.measure(stage),
    "paper": lambda stage, _: paper.measure(stage),
    "publication": lambda stage, _: publication.measure(stage),
    "live": lambda stage, _: live.measure(stage),
    "council": lambda stage, _: council.measure(stage),
    "police": police.measure,
    "fair": fair.measure,
    "submit": submit.measure,
    "areas": lambda stage, _: areas.measure(stage),
    "batches": lambda stage, _: batches.measure(stage),
}


async def main(parts: set[str]) -> int:
    kept = True

    def show(figures: list[Figure]) -> None:
        nonlocal kept
        for figure in figures:
            kept = kept and figure.kept
            sys.stdout.write(f"{figure.line()}\n")
            sys.stdout.flush()

    with tempfile.TemporaryDirectory(dir="/var/tmp", prefix="ks-bench-") as name:
        folder = Path(name)
        for part, measure in ALONE.items():
            if part in parts:
                show(await measure(folder))
        if parts & ON_STAGE.keys():
            began = time.perf_counter()
            async with set_up(folder) as stage:
                show([Figure("start and seed the world", time.perf_counter() - began, "s")])
                for part, measured in ON_STAGE.items():
                    if part in parts:
                        show(await measured(stage, folder))
    return 0 if kept else 1


if __name__ == "__main__":
    known = ALONE.keys() | ON_STAGE.keys()
    raise SystemExit(asyncio.run(main(set(sys.argv[1:]) & known or set(known))))
