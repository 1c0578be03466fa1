"""Phone numbers: mobile, landline and abroad, as people group and part their digits."""

import re
from collections.abc import Iterator

from service.cycle.mapping.guard.find import Find, Kind

_GAP = r"[ \-./()]{0,3}"
_NEW = r"(?<!\d)(?<!\d[\-.,/:])"
_CERTAIN = (
    # +46 70 …, 0046 …, +47 …: eight to thirteen digits.
    rf"(?<!\d)(?:\+|\b00){_GAP}[1-9](?:{_GAP}\d){{7,12}}(?!\d)",
    # 07 and eight more, however they are parted.
    rf"{_NEW}\(?0{_GAP}7(?:{_GAP}\d){{8}}(?!\d)",
    # 0270-123 45, 08/123 456 78, (0270) 12345
    r"(?<!\d)(?<!\d[\-.,/: ])\(?0[1-9]\d{0,2}\)?(?:\s?[\-/]\s?|\)\s?)\d(?:[ \-.]{0,2}\d){4,7}"
    r"(?!\d)",
    # 0270 123 45, 08 123 45 67
    rf"{_NEW}(?<!\d )0[1-9]\d{{0,2}} \d{{2,3}}(?: ?\d{{2,3}}){{1,3}}(?!\d)",
)
_SAID = re.compile(
    r"\b(?:tel|tfn|telefon|telefonnummer|telnr|mobil|mobilnummer|mobilnr)\b[.: ]{0,3}(?:nr|nummer)?"
    r"[.: ]{0,3}(\+?\d(?:[ \-./()]{0,3}\d){4,12})(?!\d)",
    re.IGNORECASE,
)
_UNCERTAIN = (
    rf"{_NEW}0[1-9]\d{{6,8}}(?!\d)",
    r"\b(?:ring|sms:?a|nås på|sms:a till|ring på)\s(?:på\s)?(\d(?:[ \-]{0,2}\d){4,9})(?!\d)",
)
# Everybody's numbers: the police, the health line, the alarm.
_PUBLIC = frozenset({"112", "11414", "1177", "116117", "116000", "116111", "11313"})

_PATTERNS = [(re.compile(pattern), True) for pattern in _CERTAIN] + [
    (re.compile(pattern, re.IGNORECASE), False) for pattern in _UNCERTAIN
]


def find_phones(text: str) -> Iterator[Find]:
    for pattern, certain in [*_PATTERNS, (_SAID, True)]:
        for match in pattern.finditer(text):
            group = match.re.groups
            if re.sub(r"\D", "", match[group]) not in _PUBLIC:
                yield Find(*match.span(group), Kind.PHONE, certain)
