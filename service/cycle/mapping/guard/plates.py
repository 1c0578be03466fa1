"""Registration plates: three letters, two digits, and a digit or a letter (Transportstyrelsen).

I, Q, V, Å, Ä and Ö are not used, nor O in the last place.
"""

import re
from collections.abc import Iterator

from service.cycle.mapping.guard.find import Find, Kind

_LETTER, _LAST = "A-HJ-PR-UW-Z", "0-9A-HJ-NPR-UW-Z"
_UPPER = re.compile(rf"(?<![\w\-])([{_LETTER}]{{3}})[ \-.]?\d\d[{_LAST}](?![\w])")
_JOINED = re.compile(rf"(?<![\w\-])([{_LETTER}]{{3}})-?\d\d[{_LAST}](?![\w\-])", re.IGNORECASE)
_SAID = re.compile(
    r"\b(?:reg(?:istrerings)?\.?\s?(?:nr|nummer|skylt)?|skylt(?:en)?|nummerplåt(?:en)?|plåt(?:en)?)"
    rf"\b[.: ]{{0,3}}(?:är\s|med\s|nr\s|som\sär\s)?([{_LETTER}]{{3}}[ \-.]{{0,2}}\d ?\d ?[{_LAST}])"
    r"(?!\w)",
    re.IGNORECASE,
)
_ABROAD = re.compile(r"(?<![\w\-])[A-Z]{2}[ \-]?\d{5}(?![\w\-])")
# Words in capitals before a number that people do write.
_WORDS = frozenset(
    {"RUM", "SAL", "HUS", "BUS", "LGH", "TEL", "SMS", "SOS", "DNR", "RUN", "HAR", "DEN", "MED",
     "OCH", "KLA", "KLB", "SFS", "DEL", "PLA", "TOT", "CAF", "TPL"}
)  # fmt: skip


def find_plates(text: str) -> Iterator[Find]:
    """Certain in capitals or after "reg.nr"; uncertain in small letters."""
    for match in _UPPER.finditer(text):
        if match[1] not in _WORDS:
            yield Find(*match.span(), Kind.PLATE, True)
    for match in _SAID.finditer(text):
        yield Find(*match.span(1), Kind.PLATE, True)
    for match in _JOINED.finditer(text):
        if match[1].upper() not in _WORDS:
            yield Find(*match.span(), Kind.PLATE, False)
    for match in _ABROAD.finditer(text):
        yield Find(*match.span(), Kind.PLATE, False)
