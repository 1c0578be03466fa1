"""One event as published, and what can be wrong with it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from service.sources.police.clock import CLOCK_SKEW, clock_of
from service.web.language import _

EARLIEST: Final = datetime(2000, 1, 1, tzinfo=UTC)


class BrokenFile(ValueError):
    """The file is neither of the two formats; nothing of it was taken. The text is for people."""


@dataclass(frozen=True)
class Problem:
    """What is wrong where; `line` counts from 1, `field` is as the file spells it.

    `lost` tells whether a record could not be taken for it.
    """

    line: int
    field: str
    message: str
    lost: bool = True


class Event(NamedTuple):
    """One event as published. `place` is the title's last part, `area` the API's own location."""

    line: int
    id: int
    published_at: datetime
    occurred_at: datetime
    type: str
    place: str
    area: str


class Malformed(ValueError):
    """A field that cannot be taken; the text is for people."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


def id_of(value: Any) -> int:
    """The police's id: a whole number that a bigint holds."""
    text = str(value).strip() if isinstance(value, int | str) else ""
    if isinstance(value, bool) or not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise Malformed("id", _("id ska vara ett heltal, är %(value)s", value=_shown(value)))
    return int(text)


def text_of(value: Any, field: str) -> str:
    """A text that must be there."""
    text = whole_text(value, field) if isinstance(value, str) else ""
    if not text:
        raise Malformed(field, _("%(field)s saknas", field=field))
    return text


def whole_text(text: str, field: str) -> str:
    """The text with single blanks; refuses what was no UTF-8."""
    if "\ufffd" in text:
        raise Malformed(
            field, _("%(field)s är inte UTF-8: %(value)s", field=field, value=_shown(text))
        )
    return " ".join(text.split())


def published_of(value: Any, field: str, now: datetime) -> datetime:
    """When it was published; refuses the future, seen from `now`."""
    found = clock_of(value) if isinstance(value, str) else None
    if found is None or found < EARLIEST:
        raise Malformed(
            field, _("%(field)s är ingen tid: %(value)s", field=field, value=_shown(value))
        )
    if found > now + CLOCK_SKEW:
        raise Malformed(
            field, _("%(field)s ligger i framtiden: %(value)s", field=field, value=_shown(value))
        )
    return found


def _shown(value: Any) -> str:
    text = _("tomt") if value in (None, "") else repr(value)
    return text if len(text) <= 60 else text[:57] + "…"
