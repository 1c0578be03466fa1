"""A text as the rules read it: signs that look alike are one sign, and invisible ones are gone.

A line end is a space: what is broken over two lines is as much of a number as on one.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

_ALIKE = str.maketrans(
    dict.fromkeys("‐‑‒–—―−﹣－", "-")
    | dict.fromkeys("’‘´`", "'")
    | dict.fromkeys("”“„»«", '"')
    | {"＠": "@", "﹫": "@", "＋": "+", "．": ".", "／": "/", "：": ":"}
)
_SPACES = ("Zs", "Zl", "Zp", "Cc")
# What Swedish is typed with is read as it stands: most texts need no look at every character.
_AS_TYPED = re.compile(r"[\n\x20-\x7eåäöÅÄÖéÉ]*")


@dataclass(frozen=True)
class Plain:
    """`text` for the rules, and for each of its characters where it was typed: [start, end)."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    def typed(self, start: int, end: int) -> tuple[int, int]:
        """The stretch [start, end) of `text` as it stands in what was typed."""
        return self.starts[start], self.ends[end - 1]


def read_plainly(typed: str) -> Plain:
    """Character by character, so that every find can be shown where it stands."""
    if _AS_TYPED.fullmatch(typed):
        return Plain(typed.replace("\n", " "), range(len(typed)), range(1, len(typed) + 1))
    signs: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for place, sign in enumerate(typed):
        category = unicodedata.category(sign)
        if category == "Cf":
            continue
        if category in ("Mn", "Me"):
            # An accent of its own belongs to the letter before it; what makes no letter of them
            # is as good as invisible.
            if signs:
                together = unicodedata.normalize("NFC", signs[-1] + sign)
                signs[-1] = together if len(together) == 1 else signs[-1]
                ends[-1] = place + 1
            continue
        alike = " " if category in _SPACES else sign.translate(_ALIKE)
        wide = unicodedata.normalize("NFKC", alike)
        # A digit of any script is that digit; ligatures and the like are left as they are.
        if alike.isdigit():
            wide = str(unicodedata.digit(alike, 0))
        signs.append(wide if len(wide) == 1 else alike)
        starts.append(place)
        ends.append(place + 1)
    return Plain("".join(signs), starts, ends)


def plainly_folded(text: str) -> str:
    """In small letters, an i for each of its kinds: what a rule that minds no case takes for one
    letter is one, so that it can be asked whether anything that the rule needs is there at all."""
    return text.casefold().replace("ı", "i").replace("\u0307", "")
