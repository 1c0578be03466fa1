"""A process that cannot do its work refuses to start, with one clear line."""

import asyncio

from service.operations.doctor import BEFORE_STARTING, examine
from service.settings import Settings


class CannotStart(RuntimeError):
    """The line for the one who starts it: what is wrong and how to mend it."""


def require_startable(settings: Settings) -> None:
    """Raise CannotStart when the installation is such that no process should serve it."""
    for one in asyncio.run(examine(settings, BEFORE_STARTING)):
        if one.refuses:
            raise CannotStart(f"{one.check}: {one.says} {one.mend}".strip())
