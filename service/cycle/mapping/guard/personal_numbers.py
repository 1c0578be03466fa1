"""Personnummer and samordningsnummer, told from other numbers by date and checksum.

The number is YYMMDD-NNNC or with the century; a samordningsnummer adds 60 to the day, and C is
the Luhn checksum of the nine digits before it (Skatteverket, SKV 704 and SKV 707).
"""

import re
from collections.abc import Iterator
from datetime import date

from service.cycle.mapping.guard.find import Find, Kind

_GAP = r"[ \-./]{0,3}"
_NUMBER = re.compile(
    rf"(?<!\d)(?:(?:18|19|20){_GAP})?(\d\d){_GAP}(\d\d){_GAP}(\d\d)(?:{_GAP}|\s?\+\s?)"
    r"(\d(?:[ \-.]?\d){3})(?!\d)"
)
# However its ten digits are parted: "1 9 8 5 …". Tried from every digit, since what stands before
# may be another number.
_PARTED = re.compile(
    rf"(?<!\d)(?=((?:(?:1{_GAP}[89]|2{_GAP}0){_GAP})?(\d(?:{_GAP}\d){{9}}))(?!\d))"
)
_DATE = r"(?:19|20)\d\d-\d\d-\d\d"
_DATES = re.compile(rf"(?<!\d){_DATE}[ \-]{{1,3}}{_DATE}(?! ?-? ?\d{{4}}(?!\d))(?!\d)")
# The end left out or blotted out is still a date of birth.
_BLOTTED = re.compile(
    r"(?<!\d)(?:18|19|20)?(\d\d)-?(\d\d)-?(\d\d)\s?[-+]\s?(?:[xX*#_?]{4}|\d{1,3}[xX*#_?]{1,3})(?!\w)"
)
_BORN = re.compile(
    r"\b(?:född|f\.|födelsedatum:?|personnummer:?|pnr:?|persnr:?)\s{0,2}(?:den\s)?"
    r"((?:(?:18|19|20)\d\d|\d\d)[ \-./]?\d\d[ \-./]?\d\d)(?!\d)",
    re.IGNORECASE,
)


def find_personal_numbers(text: str) -> Iterator[Find]:
    """Certain with date and checksum; uncertain with the date alone."""
    # Days below each other are no number, though some of their digits may look like one.
    without_days = _DATES.sub(lambda days: " " * len(days[0]), text)
    for match in _NUMBER.finditer(without_days):
        year, month, day, end = match.groups()
        if _is_day(year, month, day):
            digits = year + month + day + re.sub(r"\D", "", end)
            yield _find(match.span(), certain=has_checksum(digits))
    for match in _PARTED.finditer(without_days):
        digits = re.sub(r"\D", "", match[2])
        if _is_day(digits[:2], digits[2:4], digits[4:6]) and has_checksum(digits):
            yield _find(match.span(1), certain=True)
    for match in _BLOTTED.finditer(text):
        if _is_day(*match.groups()):
            yield _find(match.span(), certain=True)
    for match in _BORN.finditer(text):
        yield _find(match.span(1), certain=True)


def has_checksum(digits: str) -> bool:
    """Whether ten digits end with the Luhn checksum of the nine before."""
    doubled = (int(sign) * (2 - place % 2) for place, sign in enumerate(digits))
    return sum(number // 10 + number % 10 for number in doubled) % 10 == 0


def _is_day(year: str, month: str, day: str) -> bool:
    number = int(day)
    try:
        # Every second century has the leap years of 2000, which is the widest reading.
        date(2000 + int(year), int(month), number - 60 if number > 60 else number)
    except ValueError:
        return False
    return True


def _find(span: tuple[int, int], *, certain: bool) -> Find:
    return Find(*span, Kind.PERSONAL_NUMBER, certain)
