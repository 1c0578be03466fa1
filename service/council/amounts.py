"""Whole amounts as people write them: ``180 000``, ``180000``, with any kind of space."""

import re

from service.web.formats import number
from service.web.language import _


class WrongAmount(ValueError):
    """What was typed is no amount that can be kept; says why, for the one who typed it."""


def read_amount(typed: str, most: int) -> int:
    """The whole number that was typed, at most `most`. Raises WrongAmount."""
    text = re.sub(r"\s", "", typed)
    if not text:
        raise WrongAmount(_("Skriv ett tal. Noll går bra."))
    if not re.fullmatch(r"[0-9]{1,15}", text):
        raise WrongAmount(_("Skriv ett helt tal med siffror, till exempel 180 000."))
    if int(text) > most:
        raise WrongAmount(_("Talet är för stort; högst %(most)s.", most=number(most, 0)))
    return int(text)
