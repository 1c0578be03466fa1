"""Sweden's 290 municipalities: code, name and the word that stands for them in an address."""

import unicodedata
from functools import cache
from typing import NamedTuple

from service.geography.built import read


class MunicipalityName(NamedTuple):
    """A municipality's four-digit code, its name and its slug."""

    code: str
    name: str
    slug: str


@cache
def municipalities() -> list[MunicipalityName]:
    """All 290, ordered by code."""
    return [MunicipalityName(*row) for row in read("municipalities.json")]


def slugs(names: dict[str, str]) -> dict[str, str]:
    """Code -> slug for code -> name.

    Håbo and Habo would share one: the name that already is plain ASCII keeps the bare word, the
    other gets its county's number after it.
    """
    by_code: dict[str, str] = {}
    taken: set[str] = set()
    for code, name in sorted(names.items(), key=lambda item: (not item[1].isascii(), item[0])):
        word = slug(name)
        if word in taken:
            word = f"{word}-{code[:2]}"
        taken.add(word)
        by_code[code] = word
    return by_code


def slug(name: str) -> str:
    """`Örebro` -> `orebro`, `Upplands Väsby` -> `upplands-vasby`."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return "-".join("".join(c if c.isalnum() else " " for c in plain.lower()).split())
