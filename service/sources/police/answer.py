"""The API's answer: a list of objects in JSON, read one object at a time."""

import json
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from service.sources.police.clock import plausible, title_clock
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
from tenants.identity.strict_json import read_list

_NEW_OBJECT = re.compile(r'\{\s*"id"\s*:')


def read_answer(text: Text, now: datetime, *, is_list: bool) -> Iterator[Event | Problem]:
    for line, found in _objects(text, is_list=is_list):
        if isinstance(found, Problem):
            yield found
            continue
        try:
            yield _event_of_object(line, found, now)
        except Malformed as error:
            yield Problem(line, error.field, str(error))


def read_whole_answer(body: bytes, now: datetime) -> list[Event | Problem]:
    """All of an answer that came over the net just now, where `line` is the place in the list.

    Raises `BrokenFile` for what is no list in strict JSON, or an empty one, which the newest events
    never are: unlike a file that somebody saved, half an answer is fetched anew.
    """
    try:
        objects = read_list(body)
    except ValueError as error:
        raise BrokenFile(_("Svaret är ingen lista i JSON.")) from error
    if not objects:
        raise BrokenFile(_("Svaret är en tom lista."))
    found: list[Event | Problem] = []
    for place, one in enumerate(objects, start=1):
        try:
            found.append(_event_of_object(place, one, now))
        except Malformed as error:
            found.append(Problem(place, error.field, str(error)))
    return found


def _objects(text: Text, *, is_list: bool, largest: int = 1 << 18) -> Iterator[tuple[int, Any]]:
    """The list's objects one at a time, each with its line; memory holds one block.

    What cannot be read is skipped to the next `{"id":`, so that it costs itself alone.
    """
    decode = json.JSONDecoder().raw_decode
    kept, line, more = "", 1, True
    closed = not is_list
    while True:
        if more and len(kept) < largest:
            block = text.read(1 << 16)
            more = bool(block)
            kept += block
        at = 0
        while True:
            start = _after_separators(kept, at)
            line += kept.count("\n", at, start)
            at = start
            if at >= len(kept):
                break
            if kept[at] == "]":
                closed = True
                at += 1
                continue
            try:
                found, end = decode(kept, at)
            except (ValueError, RecursionError) as error:
                if more and len(kept) - at < largest:
                    break
                next_object = _NEW_OBJECT.search(kept, at + 1)
                end = next_object.start() if next_object else len(kept)
                wrong = line + kept.count("\n", at, min(getattr(error, "pos", at), end))
                why = getattr(error, "msg", error)
                yield wrong, Problem(wrong, "", _("objektet kan inte läsas (%(why)s)", why=why))
            else:
                yield line, found
            line += kept.count("\n", at, end)
            at = end
        kept = kept[at:]
        if not more and not kept:
            break
    if not closed:
        yield line, Problem(line, "", _("filen tar slut mitt i listan; resten saknas"), lost=False)


def _after_separators(text: str, at: int) -> int:
    while at < len(text) and text[at] in " \t\r\n,[":
        at += 1
    return at


def _event_of_object(line: int, found: Any, now: datetime) -> Event:
    if not isinstance(found, dict):
        raise Malformed("", _("är inte ett objekt"))
    location = found.get("location")
    area = location.get("name") if isinstance(location, dict) else None
    title = text_of(found.get("name"), "name")
    published = published_of(found.get("datetime"), "datetime", now)
    return Event(
        line=line,
        id=id_of(found.get("id")),
        published_at=published,
        occurred_at=plausible(title_clock(title, published), published),
        type=text_of(found.get("type"), "type"),
        place=title.rpartition(", ")[2].strip(),
        area=whole_text(area, "location") if isinstance(area, str) else "",
    )
