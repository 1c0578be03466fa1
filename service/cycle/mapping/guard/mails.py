"""Mail addresses, also those that are written to be missed by machines."""

import re
from collections.abc import Iterator

from service.cycle.mapping.guard.find import Find, Kind
from service.cycle.mapping.guard.plain import plainly_folded

# Begins where a word begins, or a long row of signs would be read anew from each of them.
_OWNER = r"(?<![\w.+\-])[\w.+\-]+"
_AT = r"(?:@|\s@\s|\s?[(\[{<]\s?(?:at|a|@|snabel-?a)\s?[)\]}>]\s?|\ssnabel-?a\s)"
_DOT = r"(?:\.|\s?[(\[{<]\s?(?:dot|punkt|\.)\s?[)\]}>]\s?|\s(?:dot|punkt)\s)"
_MAIL = re.compile(rf"{_OWNER}{_AT}[\w\-]+(?:{_DOT}[\w\-]+)+", re.IGNORECASE)
# "at" alone is a word; with a spoken dot after it, it is an address.
_SPOKEN = re.compile(
    rf"{_OWNER}\s(?:at|a)\s[\w\-]+(?:(?:\s(?:dot|punkt)\s|\.)[\w\-]+)*(?:\s(?:dot|punkt)\s|\.)"
    r"(?:se|com|nu|net|org|eu)\b",
    re.IGNORECASE,
)
# Without any of these there is nothing to find, and most texts have none.
_SIGNS = ("@", "(", "[", "{", "<", "snabel")
_WORDS = frozenset({"at", "a"})


def find_mails(text: str) -> Iterator[Find]:
    folded = plainly_folded(text)
    if not (any(sign in folded for sign in _SIGNS) or not _WORDS.isdisjoint(folded.split())):
        return
    for pattern in (_MAIL, _SPOKEN):
        for match in pattern.finditer(text):
            yield Find(*match.span(), Kind.MAIL, True)
