"""Flats and addresses that somebody is said to live at."""

import re
from collections.abc import Iterator

from service.cycle.mapping.guard.find import Find, Kind

# A flat's number in the register has four digits (Lantmäteriet, lägenhetsregistret).
_FLAT = re.compile(
    r"\b(?:lgh|läg|lägenhet(?:en)?|lägenhetsn(?:r|ummer)|lghnr|lght)(?![a-zåäö])[.:]?\s?(?:nr|nummer|#)?"
    r"[.: #\-]{0,3}(\d{1,4}[A-Za-z]?)(?![\w:]|\s?(?:trappor|tr\b|st\b|rum|kvadrat|kvm))",
    re.IGNORECASE,
)
_LIVES = re.compile(
    r"\b(?:bor|bodde|boende|hemma|hemadress(?:en)?:?)\s(?:på\s|i\s|hos\s)?"
    r"((?:[A-ZÅÄÖ][\w\-]*\s){1,3}\d{1,3}\s?[A-Za-z]?(?:,?\s\d\s?(?:tr|trappor))?)(?!\w)"
)


def find_homes(text: str) -> Iterator[Find]:
    for match in _FLAT.finditer(text):
        yield Find(*match.span(), Kind.HOME, len(match[1]) >= 4)
    for match in _LIVES.finditer(text):
        yield Find(*match.span(1), Kind.HOME, False)
