"""One reading for all who ask at the same moment: a hint sends fifty pages at once for the same."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import Any, Generic, TypeVar
from uuid import UUID

from tenants.scope import tenant_scope

T = TypeVar("T")


class Together(Generic[T]):
    """Readings of a municipality that are the same for everybody who may have them at all.

    Nothing is kept: whoever asks gets a reading that began after the asking, so that an answer is
    never older than the right that it was given on. Who asks while one is under way waits for the
    next one, together with all who asked meanwhile. Callers have checked the right, and ask with
    no scope open: a reading has a scope of its own, so that no transaction waits for another.
    """

    def __init__(self) -> None:
        self._running: dict[Hashable, asyncio.Task[T]] = {}
        self._next: dict[Hashable, asyncio.Task[T]] = {}

    async def read(self, tenant_id: UUID, kind: Hashable, make: Callable[[], Awaitable[T]]) -> T:
        """What `make` gives in the scope of `tenant_id`; `kind` tells readings apart in it."""
        key = (tenant_id, kind)
        task = self._next.get(key)
        if task is None:
            task = self._next[key] = asyncio.create_task(self._round(key, tenant_id, make))
        # Who goes away does not take the others' reading along.
        return await asyncio.shield(task)

    async def _round(self, key: Hashable, tenant_id: UUID, make: Callable[[], Awaitable[T]]) -> T:
        before = self._running.get(key)
        if before is not None:
            await asyncio.wait([before])
        # From here on who asks waits for the round after this one.
        own: Any = self._next.pop(key)
        self._running[key] = own
        try:
            async with tenant_scope(tenant_id):
                return await make()
        finally:
            if self._running.get(key) is own:
                del self._running[key]
