"""A text as the rules read it: signs that look alike are one sign, and invisible ones are gone."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

_ALIKE = str.maketrans(
    dict.fromkeys("‐‑‒–—―−﹣－", "-")
    | dict.fromkeys("\xa0\u2007\u2009\u202f\t", " ")
    | dict.fromkeys("’‘´`", "'")
    | dict.fromkeys("”“„»«", '"')
    | {"＠": "@", "﹫": "@", "＋": "+", "．": ".", "／": "/", "：": ":"}
)
# What Swedish is typed with is read as it stands: most texts need no look at every character.
_AS_TYPED = re.compile(r"[\n\x20-\x7eåäöÅÄÖéÉ]*")


@dataclass(frozen=True)
class Plain:
    """`text` for the rules, and for each of its characters the place where it was typed."""

    text: str
    places: Sequence[int]

    def typed(self, start: int, end: int) -> tuple[int, int]:
        """The stretch [start, end) of `text` as it stands in what was typed."""
        return self.places[start], self.places[end - 1] + 1


def read_plainly(typed: str) -> Plain:
    """Character by character, so that every find can be shown where it stands."""
    if _AS_TYPED.fullmatch(typed):
        return Plain(typed, range(len(typed)))
    signs: list[str] = []
    places: list[int] = []
    for place, sign in enumerate(typed):
        if unicodedata.category(sign) == "Cf":
            continue
        alike = sign.translate(_ALIKE)
        wide = unicodedata.normalize("NFKC", alike)
        # A digit of any script is that digit; ligatures and the like are left as they are.
        if alike.isdigit():
            wide = str(unicodedata.digit(alike, 0))
        signs.append(wide if len(wide) == 1 else alike)
        places.append(place)
    return Plain("".join(signs), tuple(places))
