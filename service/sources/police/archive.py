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
    text_of,
    whole_text,
)
from service.sources.police.text import Text
from service.web.language import _

COLUMNS: Final = ("id", "published", "type", "place")
"""What a CSV must have; `occurred` and `api_area` are used when they are there."""
_NEW_RECORD = re.compile(r'"?\d+"?,"?\d{4}-\d\d-\d\d[T ]')


def read_archive(text: Text, now: datetime) -> Iterator[Event | Problem]:
    lines = enumerate(text.lines(), start=1)
    try:
        header = next(csv.reader([next(lines)[1]]))
    except csv.Error:
        header = []  # Not a line of names: nothing that we know stands in it.
    column = {name: index for index, name in enumerate(header)}
    missing = [name for name in COLUMNS if name not in column]
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
            event, title_clock = _event_of_row(line, column, record, now)
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
    line: int, column: dict[str, int], record: str, now: datetime
) -> tuple[Event, datetime | None]:
    values = _values(record)
    if len(values) != len(column):
        raise Malformed(
            "",
            _("raden har %(found)s fält, väntat %(wanted)s", found=len(values), wanted=len(column)),
        )
    place, area = (
        values[column["place"]],
        values[column["api_area"]] if "api_area" in column else "",
    )
    published = published_of(values[column["published"]], "published", now)
    title_clock = clock_of(values[column["occurred"]]) if "occurred" in column else None
    event = Event(
        line=line,
        id=id_of(values[column["id"]]),
        published_at=published,
        occurred_at=plausible(title_clock, published),
        type=text_of(values[column["type"]], "type"),
        place=whole_text(place, "place"),
        area=whole_text(area, "api_area"),
    )
    return event, title_clock


def _values(record: str) -> list[str]:
    record = record.rstrip("\r\n")
    if '"' not in record:
        return record.split(",")
    if record.count('"') % 2:
        raise Malformed("", _("raden är avbruten inne i ett citat"))
    try:
        return next(csv.reader([record]))
    except csv.Error as error:
        raise Malformed("", _("raden kan inte läsas (%(why)s)", why=error)) from error
