"""No municipality's jobs hold all of a worker: half of its threads are always for others.

A job whose municipality already holds its half goes back to the queue for a moment. The more that
have been put aside, the longer the moment, so that a flood costs no more than some messages a
second.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

SHORTEST_MILLISECONDS = 250
LONGEST_MILLISECONDS = 5_000
EACH_MILLISECONDS = 5


class Turns:
    """The jobs that this process does right now, by municipality; for one event loop."""

    def __init__(self) -> None:
        self._most: int | None = None
        self._held: Counter[UUID] = Counter()
        self._aside: Counter[UUID] = Counter()

    def share(self, threads: int) -> None:
        """From now on a municipality holds at most half of `threads`, and always one."""
        self._most = max(1, threads // 2)

    def full(self, tenant_id: UUID) -> bool:
        return self._most is not None and self._held[tenant_id] >= self._most

    @contextmanager
    def held(self, tenant_id: UUID) -> Iterator[None]:
        self._held[tenant_id] += 1
        self._aside[tenant_id] = max(0, self._aside[tenant_id] - 1)
        try:
            yield
        finally:
            self._held[tenant_id] -= 1
            if not self._held[tenant_id]:
                del self._held[tenant_id], self._aside[tenant_id]

    def put_aside(self, tenant_id: UUID) -> int:
        """Milliseconds until the job that found no turn should come again."""
        self._aside[tenant_id] += 1
        wait = SHORTEST_MILLISECONDS + EACH_MILLISECONDS * self._aside[tenant_id]
        return min(wait, LONGEST_MILLISECONDS)


turns = Turns()
