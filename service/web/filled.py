"""A form as somebody filled it in: what was typed, what it means, what is wrong beside a field."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID, uuid4, uuid5

from litestar.datastructures import FormMultiDict

from service.web.clean import clean
from service.web.language import _
from tenants.scope import current_tenant

# Longer than any field may be; what is beyond is no text that somebody typed.
LONGEST = 4000
_IDS = UUID("5b0f6f4e-3c0e-4f2b-8f59-5b6d1f4f2d11")


@dataclass
class Filled:
    """`typed` goes back into the fields as it came; `errors` maps a field to its message.

    Each reading method takes one field and answers an empty value where it notes an error.
    """

    typed: dict[str, str] = field(default_factory=dict)
    several: dict[str, list[str]] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def blank(cls, **typed: str) -> "Filled":
        """An unfilled form with an id of its own, so that sending it twice is sending it once."""
        return cls({"form_id": str(uuid4()), **typed})

    @classmethod
    def of(cls, posted: FormMultiDict) -> "Filled":
        """What was posted; of a field that came several times the last one counts."""
        form = cls()
        for name, value in posted.multi_items():
            # Tokens change from page to page and say nothing about what was meant.
            if isinstance(value, str) and name != "_csrf_token":
                text = clean(value[: LONGEST + 1])
                form.typed[name[:80]] = text
                form.several.setdefault(name[:80], []).append(text)
        return form

    def said(self, name: str) -> str:
        """What stands in a field."""
        return self.typed.get(name, "")

    def wrong(self, name: str) -> str:
        """The message beside a field; empty when there is none."""
        return self.errors.get(name, "")

    def refuse(self, name: str, message: str) -> None:
        self.errors.setdefault(name, message)

    def row_id(self, *about: object) -> UUID:
        """The id of the row that this form makes about `about`: the same when it is sent again.

        It follows from the form's id and what was typed, so that a form that was changed before
        it was sent again is another row and nothing typed is lost.
        """
        parts = [str(current_tenant()), *map(str, about)]
        parts += [f"{name}={values}" for name, values in sorted(self.several.items())]
        return uuid5(_IDS, "\n".join(parts))

    def text(self, name: str, *, longest: int, missing: str = "") -> str:
        """The text of a field; `missing` is the message when nothing was typed, if it must be."""
        text = self.said(name)
        if not text and missing:
            self.refuse(name, missing)
        if len(text) > longest:
            self.refuse(
                name,
                _(
                    "Texten är %(length)s tecken. Korta den till högst %(longest)s.",
                    length=len(text),
                    longest=longest,
                ),
            )
        return text

    def choice(self, name: str, allowed: Collection[str], missing: str) -> str:
        chosen = self.said(name)
        if chosen not in allowed:
            self.refuse(name, missing)
            return ""
        return chosen

    def key(self, name: str, missing: str) -> UUID | None:
        """An id that a list offered."""
        try:
            return UUID(self.said(name))
        except ValueError:
            self.refuse(name, missing)
            return None

    def keys(self, name: str, wrong: str) -> list[UUID]:
        """The ids of every box that was ticked."""
        try:
            return list(dict.fromkeys(UUID(one) for one in self.several.get(name, ()) if one))
        except ValueError:
            self.refuse(name, wrong)
            return []

    def day(self, name: str, missing: str) -> date | None:
        """A day as a date field sends it, ``2026-11-25``."""
        try:
            found = date.fromisoformat(self.said(name))
        except ValueError:
            self.refuse(name, missing)
            return None
        if not 2000 <= found.year <= 2100:
            self.refuse(name, missing)
            return None
        return found

    def whole(self, name: str, *, most: int, missing: str) -> int:
        """A whole number from 0; spaces between thousands are taken."""
        digits = "".join(self.said(name).split())
        # ``isdecimal`` takes digits of other scripts too, which nobody here means.
        if not (digits.isascii() and digits.isdecimal()) or len(digits) > 12 or int(digits) > most:
            self.refuse(name, missing)
            return 0
        return int(digits)
