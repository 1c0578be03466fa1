"""One event as published, and what can be wrong with it."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

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


@dataclass(frozen=True, slots=True)
class Event:
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
    text = str(value).strip() if isinstance(value, int | str) else ""
    if isinstance(value, bool) or not re.fullmatch(r"[0-9]{1,18}", text):
        raise Malformed("id", _("id ska vara ett heltal, är %(value)s", value=_shown(value)))
    return int(text)


def text_of(value: Any, field: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise Malformed(field, _("%(field)s saknas", field=field))
    return " ".join(value.split())


def refuse_broken_text(row: dict[str, Any], fields: tuple[str, ...]) -> None:
    for field in fields:
        if "\ufffd" in str(row[field]):
            raise Malformed(
                field,
                _("%(field)s är inte UTF-8: %(value)s", field=field, value=_shown(row[field])),
            )


def published_of(value: Any, field: str, now: datetime) -> datetime:
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
