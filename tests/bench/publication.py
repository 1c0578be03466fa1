"""What asking costs before anything is published: can anybody work out what is hidden?"""

import time

from service.cycle.feedback.disclosure import audit_publications
from service.cycle.feedback.public_counts import public_counts
from tenants.scope import tenant_scope
from tests.bench.figure import Figure
from tests.bench.stage import Stage

# The half of what a request may take.
PROMISED_SECONDS = 10.0


async def measure(stage: Stage) -> list[Figure]:
    async with tenant_scope(stage.tenant_id):
        counts = await public_counts()
        began = time.perf_counter()
        found = await audit_publications(also=counts.as_content())
        taken = time.perf_counter() - began
    return [
        Figure(
            "whether a publication gives something away",
            taken,
            "s",
            floor=PROMISED_SECONDS,
            at_most=1.0,
            note=f"{found.hidden} hidden counts against {found.told} numbers of "
            f"{found.publications} publications",
        )
    ]
