"""`make bench`: figures as ratios to a floor that is measured in the same run, a line of JSON each.

`python -m tests.bench.run [guard|picture|live|police|submit]…` measures some of them only. Ends
with 1 when a promised ratio is not kept.
"""

import asyncio
import sys
import tempfile
import time
from pathlib import Path

from tests.bench import guard, live, picture, police, submit
from tests.bench.figure import Figure
from tests.bench.stage import set_up

PARTS = ("guard", "picture", "live", "police", "submit")


async def main(parts: tuple[str, ...]) -> int:
    kept = True

    def show(figures: list[Figure]) -> None:
        nonlocal kept
        for figure in figures:
            kept = kept and figure.kept
            sys.stdout.write(f"{figure.line()}\n")
            sys.stdout.flush()

    if "guard" in parts:
        show(guard.measure_guard())
    if set(parts) == {"guard"}:
        return 0 if kept else 1
    with tempfile.TemporaryDirectory(dir="/var/tmp", prefix="ks-bench-") as name:
        folder = Path(name)
        began = time.perf_counter()
        async with set_up(folder) as stage:
            show([Figure("start and seed the world", time.perf_counter() - began, "s")])
            # In this order, so that none pays for another's rows: the picture of what was
            # seeded, live pages on an empty queue, and the flood of submissions last.
            if "picture" in parts:
                show(await picture.measure(stage))
            if "live" in parts:
                show(await live.measure(stage))
            if "police" in parts:
                show(await police.measure(stage, folder))
            if "submit" in parts:
                show(await submit.measure(stage, folder))
    return 0 if kept else 1


if __name__ == "__main__":
    chosen = tuple(part for part in sys.argv[1:] if part in PARTS) or PARTS
    raise SystemExit(asyncio.run(main(chosen)))
