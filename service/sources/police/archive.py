"""The archive's CSV: one event a line, with names of columns first."""

import csv
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Final

from service.sources.police.clock import CLOCK_SKEW, clock_of, plausible
from service.sources.police.event import (
    BrokenFile,
    Event,
    Malformed,
    Problem,
    id_of,
    published_of,
    refuse_broken_text,
    text_of,
)
from service.sources.police.text import Text
from service.web.language import _

COLUMNS: Final = ("id", "published", "type", "place")
"""What a CSV must have; `occurred` and `api_area` are used when they are there."""
_NEW_RECORD = re.compile(r'"?\d+"?,"?\d{4}-\d\d-\d\d[T ]')


def read_archive(text: Text, now: datetime) -> Iterator[Event | Problem]:
    lines = enumerate(text.lines(), start=1)
    header = next(csv.reader([next(lines)[1]]))
    missing = [column for column in COLUMNS if column not in header]
    if missing:
        raise BrokenFile(
            _(
                "Rad 1: varken polisens JSON eller arkivets CSV; kolumn saknas: %(names)s.",
                names=", ".join(missing),
            )
        )
    last = 1
    for line, record in _records(lines):
        last = line
        if not record.strip():
            continue
        try:
            event, title_clock = _event_of_row(line, header, record, now)
            if title_clock and title_clock > now + CLOCK_SKEW:
                message = _("occurred ligger i framtiden; tiden för publicering används")
                yield Problem(line, "occurred", message, lost=False)
            yield event
        except Malformed as error:
            yield Problem(line, error.field, str(error))
    if text.cut_short:
        yield Problem(last, "", _("den packade filen tar slut mitt i; resten saknas"), lost=False)


def _records(lines: Iterator[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """Lines joined while a quotation is open, but never across the start of a new record.

    A line cut off inside a quotation would otherwise swallow the whole rest of the file.
    """
    start, record = 0, ""
    for line, text in lines:
        if record and _NEW_RECORD.match(text):
            yield start, record
            record = ""
        if not record:
            start = line
        record += text
        if record.count('"') % 2 == 0:
            yield start, record
            record = ""
    if record:
        yield start, record


def _event_of_row(
    line: int, header: list[str], record: str, now: datetime
) -> tuple[Event, datetime | None]:
    if record.count('"') % 2:
        raise Malformed("", _("raden är avbruten inne i ett citat"))
    try:
        values = next(csv.reader([record.rstrip("\r\n")]))
    except csv.Error as error:
        raise Malformed("", _("raden kan inte läsas (%(why)s)", why=error)) from error
    if len(values) != len(header):
        raise Malformed(
            "",
            _("raden har %(found)s fält, väntat %(wanted)s", found=len(values), wanted=len(header)),
        )
    row = dict(zip(header, values, strict=True))
    refuse_broken_text(row, ("type", "place"))
    published = published_of(row["published"], "published", now)
    title_clock = clock_of(row.get("occurred", ""))
    event = Event(
        line=line,
        id=id_of(row["id"]),
        published_at=published,
        occurred_at=plausible(title_clock, published),
        type=text_of(row["type"], "type"),
        place=" ".join(row["place"].split()),
        area=" ".join(row.get("api_area", "").split()),
    )
    return event, title_clock
