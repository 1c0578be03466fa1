"""Ask the guard about a text, with the municipality's own place names as names of no person."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from service.cycle.mapping.guard.find import EXPLANATIONS, LABELS, Find, Kind
from service.cycle.mapping.guard.look import look_through
from service.web.language import _
from tenants.scope import fetch

LONGEST = 2000
"""More than a report may hold; what is typed beyond it is refused for its length."""


@dataclass(frozen=True)
class Checked:
    """A text and what was found in it."""

    text: str
    finds: tuple[Find, ...]

    @property
    def certain(self) -> bool:
        return any(find.certain for find in self.finds)

    @property
    def kinds(self) -> list[str]:
        return sorted({find.kind.value for find in self.finds})

    @property
    def pieces(self) -> list[tuple[str, Find | None]]:
        """The whole text in order, cut where finds begin and end."""
        edges = sorted(
            {0, len(self.text), *(edge for f in self.finds for edge in (f.start, f.end))}
        )
        at = {find.start: find for find in self.finds}
        return [(self.text[start:end], at.get(start)) for start, end in pairwise(edges)]

    @property
    def reasons(self) -> list[tuple[str, str, str]]:
        """(what stands there, what it is, why it matters) for each find."""
        return [
            (self.text[find.start : find.end], _(LABELS[find.kind]), _(EXPLANATIONS[find.kind]))
            for find in self.finds
        ]

    def without_finds(self) -> str:
        """The text with every find taken out, and the gap closed."""
        kept = [piece for piece, find in self.pieces if find is None]
        closed = re.sub(r" {2,}", " ", "".join(kept))
        return re.sub(r"[\s,;:]+(?=[.,;:!?])", "", closed).strip()


async def check_text(text: str | None) -> Checked:
    """What the guard finds, in the open scope's municipality."""
    checked = check_among(text or "", ())
    # Most texts hold no name, and need no look at the places.
    if any(find.kind is Kind.NAME for find in checked.finds):
        return check_among(text or "", await names_of_places())
    return checked


async def points_out(text: str) -> str:
    """What to say beside a field whose text certainly points out a person; empty for no such."""
    checked = await check_text(text)
    if not checked.certain:
        return ""
    found = ", ".join(what for what, _label, _why in checked.reasons)
    return _("Ta bort det som kan peka ut någon: %(found)s.", found=found)


def check_among(text: str, places: Sequence[str]) -> Checked:
    """What the guard finds in one of many texts; `places` as `names_of_places` gives them."""
    typed = text[:LONGEST]
    return Checked(typed, tuple(look_through(typed, places)))


async def names_of_places() -> list[str]:
    """Names that are of no person here, also those of areas that are there no more."""
    rows = await fetch("SELECT name FROM area UNION SELECT locality FROM area")
    return [row["name"] for row in rows]
