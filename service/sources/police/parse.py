"""Reads police events one at a time, from the API's JSON or the archive's CSV.

Whatever cannot be read becomes a `Problem` that names its line and field, and reading goes on
with the next record: one half-written line never costs its neighbours.
"""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from service.sources.police.answer import read_answer
from service.sources.police.archive import read_archive
from service.sources.police.event import Event, Problem
from service.sources.police.text import first_character, opened


def read_events(path: Path, now: datetime) -> Iterator[Event | Problem]:
    """The file's events in its order, and its problems where they are met.

    Raises `BrokenFile` for a file that is missing, empty or of another kind; a file that
    breaks off midway gives all that is whole and then a problem. `now` tells the future.
    """
    with opened(path) as text:
        first = first_character(text)
        if first in "[{":
            yield from read_answer(text, now, is_list=first == "[")
        else:
            yield from read_archive(text, now)
