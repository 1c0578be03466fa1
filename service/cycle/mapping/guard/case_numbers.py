"""Numbers of cases with the police, courts and authorities."""

import re
from collections.abc import Iterator

from service.cycle.mapping.guard.find import Find, Kind

_CERTAIN = (
    # The police: 5000-K123456-26, K123456-26
    r"\b(?:\d{4}\s?-\s?)?K\s?\d{4,7}\s?[\-/]\s?\d{2,4}\b",
    r"\bA\s?\d{3}\.\d{3}\s?/\s?\d{4}\b",
    # Courts: B 1234-26
    r"\b(?:mål(?:nr|nummer)?\.?:?\s)?[BTÖ]\s\d{1,5}\s?-\s?\d{2}\b",
    r"\b(?:dnr|diarien(?:r|ummer)|ärenden(?:r|ummer)|måln(?:r|ummer)|anmälningsn(?:r|ummer)|"
    r"k-?n(?:r|ummer))\b[.: #]{0,3}(?=[^\s]*\s?[^\s]*\d)[A-Za-zÅÄÖåäö]{0,6}\s?[\d][\w/\-.:]*\w",
)
_UNCERTAIN = (
    r"\b(?:ärende|anmälan|polisanmälan|mål|jobb)\s(?:nr\s|nummer\s)?[#]?\d[\d\-/]{3,}\b",
    # KS 2026/123
    r"\b[A-ZÅÄÖ]{2,5}[ \-](?:19|20)\d\d[/:\-]\d{2,6}\b",
)
_PATTERNS = [(re.compile(pattern, re.IGNORECASE), True) for pattern in _CERTAIN[3:]] + [
    (re.compile(pattern), True) for pattern in _CERTAIN[:3]
] + [(re.compile(pattern), False) for pattern in _UNCERTAIN]  # fmt: skip


def find_case_numbers(text: str) -> Iterator[Find]:
    for pattern, certain in _PATTERNS:
        for match in pattern.finditer(text):
            yield Find(*match.span(), Kind.CASE_NUMBER, certain)
