"""The guard's table: shares found and marked beside what is promised."""

import time

from service.cycle.mapping.guard.look import look_through
from tests.bench.figure import Figure
from tests.cycle.mapping.guard_set import measure
from tests.reference import reference

FOUND, MARKED = 0.98, 0.02


def measure_guard() -> list[Figure]:
    """A figure for each kind, for innocent sentences, and for the time of one text."""
    rows = measure.found()
    innocent = [measure.innocent(), measure.police(reference("data/police-events.csv.gz"))]
    texts = [said for _kind, said in measure.spellings()]
    began = time.perf_counter()
    for said in texts:
        look_through(f"Ett tiotal vid ingången, {said}, högljutt och flera gick runt. " * 5)
    each = (time.perf_counter() - began) / len(texts)
    return [
        *(
            Figure(f"guard: {row.name} found", row.share, "share", FOUND, at_least=1,
                   note=f"{row.marked} of {row.asked}, {row.certain} certain")
            for row in rows
        ),
        *(
            Figure(f"guard: {row.name} sentences marked", row.share, "share", MARKED, at_most=1,
                   note=f"{row.marked} of {row.asked}, {row.certain} certain")
            for row in innocent
        ),
        Figure("guard: a text of 300 to 400 characters", each * 1000, "ms"),
    ]  # fmt: skip
