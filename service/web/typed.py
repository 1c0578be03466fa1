"""A posted form: what was typed goes back into the fields, what is wrong stands beside each."""

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any
from uuid import UUID, uuid4

from litestar import Request

from service.web.forms import clean
from service.web.language import _

LONGEST_WORD = 200


class Typed:
    """The first value of each field. Reading a field gives None when `errors` got a message."""

    def __init__(self, items: Iterable[tuple[str, object]] = ()) -> None:
        self.values: dict[str, str] = {}
        self.errors: dict[str, str] = {}
        for name, value in items:
            if isinstance(value, str):
                self.values.setdefault(name, clean(value))

    def said(self, name: str, otherwise: str = "") -> str:
        """What stands in a field."""
        return self.values.get(name, otherwise)

    def wrong(self, name: str) -> str:
        """The message beside a field; empty when there is none."""
        return self.errors.get(name, "")

    def refuse(self, name: str, message: str) -> None:
        self.errors.setdefault(name, message)

    def _refused(self, name: str, message: str) -> Any:
        """None, which is what a field holds that was refused."""
        self.refuse(name, message)
        return None

    def text(self, name: str, *, longest: int, missing: str = "") -> str | None:
        """A text of at most `longest` characters; with `missing` it may not be empty."""
        text = self.said(name)
        if not text and missing:
            return self._refused(name, missing)
        if len(text) > longest:
            message = _(
                "Texten är %(length)s tecken. Den får vara högst %(limit)s.",
                length=len(text),
                limit=longest,
            )
            return self._refused(name, message)
        return text

    def day(self, name: str, *, missing: str) -> date | None:
        try:
            day = date.fromisoformat(self.said(name))
        except ValueError:
            return self._refused(name, missing)
        return day if 2000 <= day.year <= 2100 else self._refused(name, missing)

    def clock(self, name: str, *, missing: str) -> time | None:
        """A wall-clock time, ``14:30``."""
        try:
            return datetime.strptime(self.said(name), "%H:%M").time()
        except ValueError:
            return self._refused(name, missing)

    def number(self, name: str, *, most: int, wrong: str) -> int | None:
        """A whole number 0 to `most`; an empty field is 0, blanks between thousands are fine."""
        digits = "".join(self.said(name, "0").split()) or "0"
        if not (digits.isascii() and digits.isdecimal()) or len(digits) > 12 or int(digits) > most:
            return self._refused(name, wrong)
        return int(digits)

    def one_of(self, name: str, choices: Iterable[str], *, missing: str) -> str | None:
        chosen = self.said(name)
        return chosen if chosen in set(choices) else self._refused(name, missing)

    def id(self, name: str, *, missing: str) -> UUID | None:
        try:
            return UUID(self.said(name)[:LONGEST_WORD])
        except ValueError:
            return self._refused(name, missing)

    def own_id(self) -> UUID:
        """The id that the form was drawn with, so that sending it twice is sending it once."""
        try:
            return UUID(self.said("id")[:LONGEST_WORD])
        except ValueError:
            self.values["id"] = str(uuid4())
            return UUID(self.values["id"])


def blank(**values: Any) -> Typed:
    """An unfilled form with an id of its own, and `values` in its fields."""
    return Typed([("id", str(uuid4())), *((name, str(value)) for name, value in values.items())])


async def read_form(request: Request[Any, Any, Any]) -> Typed:
    return Typed((await request.form()).multi_items())
