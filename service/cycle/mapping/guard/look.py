"""Look through a text by all rules: a pure function, the same while typing and at hand-in."""

import re
from collections.abc import Iterable

from service.cycle.mapping.guard.case_numbers import find_case_numbers
from service.cycle.mapping.guard.find import Find, Kind
from service.cycle.mapping.guard.homes import find_homes
from service.cycle.mapping.guard.links import find_links
from service.cycle.mapping.guard.mails import find_mails
from service.cycle.mapping.guard.names import find_names
from service.cycle.mapping.guard.personal_numbers import find_personal_numbers
from service.cycle.mapping.guard.phones import find_phones
from service.cycle.mapping.guard.plain import read_plainly
from service.cycle.mapping.guard.plates import find_plates

RULES = (
    find_personal_numbers,
    find_mails,
    find_case_numbers,
    find_phones,
    find_links,
    find_plates,
    find_homes,
    find_names,
)
"""In order of weight: of two certain finds in one place the first rule's is told."""

# What they find has a digit in it, whatever else it has: most texts have none.
OF_DIGITS = frozenset(
    {find_personal_numbers, find_case_numbers, find_phones, find_plates, find_homes}
)
_DIGIT = re.compile(r"\d")


def look_through(text: str, places: Iterable[str] = ()) -> list[Find]:
    """The finds in order, none over another. `places` are names that are no person's here."""
    plain = read_plainly(text)
    found: list[tuple[bool, int, Find]] = []
    digits = _DIGIT.search(plain.text) is not None
    for weight, rule in enumerate(RULES):
        if rule in OF_DIGITS and not digits:
            continue
        for find in rule(plain.text):
            said = plain.text[find.start : find.end].lower()
            if find.kind is Kind.NAME and any(said in name.lower() for name in places):
                continue
            start, end = plain.typed(find.start, find.end)
            found.append((not find.certain, weight, Find(start, end, find.kind, find.certain)))
    kept: list[Find] = []
    # Certain before uncertain, long before short.
    for _doubt, _weight, find in sorted(
        found, key=lambda one: (one[0], one[1], one[2].start - one[2].end)
    ):
        if all(find.end <= other.start or find.start >= other.end for other in kept):
            kept.append(find)
    return sorted(kept)
