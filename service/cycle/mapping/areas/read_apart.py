"""Read a file of areas in a process of its own.

Borders that cross each other often ask for minutes and gigabytes, however small the file is.
"""

import asyncio
import json
from collections.abc import Sequence

from service.bounded import OutOfBounds, lines_of
from service.cycle.mapping.areas.read_file import WrongFile
from service.geography.areas import AreaShape
from service.web.language import _, language

# The 419 areas of Stockholm take a quarter of either.
MEGABYTES = 1024
SECONDS = 8
# Whoever sends several waits, and not those who ask for other pages.
_one = asyncio.Semaphore(1)


async def read_areas_apart(content: bytes, known: Sequence[AreaShape]) -> list[AreaShape]:
    """What `read_areas` reads. Raises WrongFile."""
    head = json.dumps([language(), known]).encode()
    areas: list[AreaShape] = []
    try:
        async with _one:
            async for line in lines_of(
                "service.cycle.mapping.areas.read_file",
                head + b"\n" + content,
                megabytes=MEGABYTES,
                seconds=SECONDS,
            ):
                said = json.loads(line)
                if "wrong" in said:
                    raise WrongFile(said["wrong"])
                areas.append(AreaShape(**said))
    except OutOfBounds:
        raise WrongFile(
            _("Gränserna korsar varandra för ofta för att läsas. Rätta dem i kartprogrammet.")
        ) from None
    return areas
