"""`make simulate`: the table of power, time to detection and false signals; prints as it goes.

`python -m tests.simulate.run [--replicates N] [--quick]`; --quick leaves the rivals out.
"""

import argparse
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from functools import partial

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

from tests.simulate import detectors, silence
from tests.simulate.towns import FOLLOWED, HISTORY, SIZES, Size, found, with_rise

REPLICATES = 200
EXTRA = 2.0
BY_WEEKS = (1, 2, 4, 8)
NEVER = FOLLOWED + 1


def one(size: Size, extra: float, simple: bool, seed: int) -> dict[str, tuple[float, int]]:
    """False signals a week, and the week in which the rise was found (9: not), per detector."""
    random = np.random.default_rng([seed, SIZES.index(size), int(100 * extra)])
    town = found(size, random)
    risen, area, category = with_rise(town, extra, random)
    # Nothing happens: every fourth of the followed weeks, since windows overlap.
    quiet = [detectors.all_marks(town, week, simple) for week in (HISTORY + 3, HISTORY + 7)]
    first = dict.fromkeys(quiet[0], NEVER)
    for week in range(FOLLOWED):
        for name, marks in detectors.all_marks(risen, HISTORY + week, simple).items():
            if marks[area, category] and first[name] == NEVER:
                first[name] = week + 1
    return {
        name: (float(np.mean([marks[name].sum() for marks in quiet])), first[name])
        for name in quiet[0]
    }


def table(size: Size, extra: float, answers: list[dict[str, tuple[float, int]]]) -> str:
    lines = [
        f"{size.name}: {size.reports:g} reports a week, {size.areas} areas × {size.categories} "
        f"categories; +{extra:g} reports a week in one cell; {len(answers)} replicates",
        f"{'detector':28}{'false a week':>22}  {'found within 1/2/4/8 weeks':32}median week",
    ]
    for name in answers[0]:
        false = np.array([answer[name][0] for answer in answers])
        week = np.array([answer[name][1] for answer in answers])
        error = 1.96 * false.std(ddof=1) / np.sqrt(len(false))
        shares = " / ".join(f"{(week <= limit).mean():.3f}" for limit in BY_WEEKS)
        middle = float(np.median(week))
        when = f"{middle:g}" if middle < NEVER else "not in 8"
        lines.append(f"{name:28}{false.mean():12.2f} ± {error:.2f}      {shares:32}{when}")
    return "\n".join(lines)


def main() -> int:
    reader = argparse.ArgumentParser()
    reader.add_argument("--replicates", type=int, default=REPLICATES)
    reader.add_argument("--extra", type=float, default=EXTRA)
    reader.add_argument("--quick", action="store_true")
    reader.add_argument("--sizes", default="SML", help="none: only who falls silent")
    asked = reader.parse_args()
    with ProcessPoolExecutor(max_workers=os.cpu_count()) as pool:
        for size in (size for size in SIZES if size.name in asked.sizes):
            began = time.monotonic()
            act = partial(one, size, asked.extra, not asked.quick)
            answers = list(pool.map(act, range(asked.replicates)))
            print(table(size, asked.extra, answers))
            print(f"({time.monotonic() - began:.0f} s)\n", flush=True)
        print(silence.table(pool, asked.replicates), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
