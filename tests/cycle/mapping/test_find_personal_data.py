"""What can point out a person is found in all usual spellings, and little else is marked."""

import pytest

from service.cycle.mapping.guard.find import Kind
from service.cycle.mapping.guard.look import look_through
from service.cycle.mapping.guard.personal_numbers import has_checksum
from tests.cycle.mapping.guard_set import measure
from tests.reference import reference

FOUND = 0.98
MARKED = 0.02


@pytest.mark.parametrize("row", measure.found(), ids=lambda row: row.name)
def test_nearly_every_spelling_is_found(row: measure.Row) -> None:
    assert row.share >= FOUND, f"{row.marked} of {row.asked}"


def test_few_innocent_sentences_are_marked() -> None:
    row = measure.innocent()
    assert row.asked >= 140
    assert row.share <= MARKED, f"{row.marked} of {row.asked}"


def test_few_of_the_polices_summaries_are_marked() -> None:
    row = measure.police(reference("data/police-events.csv.gz"))
    assert row.asked > 10_000
    assert row.share <= MARKED, f"{row.marked} of {row.asked}"


def test_a_find_stands_where_it_was_typed() -> None:
    # Signs that nobody sees, and signs outside the basic plane, move nothing.
    text = "🚲🚲 hos \u200bnamn\u200b@exempel.se\u202e, ring 070\u2011174 06 05"
    said = [text[find.start : find.end] for find in look_through(text)]
    assert said == ["namn\u200b@exempel.se", "070\u2011174 06 05"]


def test_the_checksum_tells_a_number_from_a_likeness() -> None:
    assert has_checksum("8112189876") and not has_checksum("8112189871")
    assert look_through("811218-9876")[0].certain
    assert not look_through("811218-9871")[0].certain
    # Month 13 and day 32 are no day, and this is no phone either.
    assert look_through("811332-9876") == []


def test_a_stretch_is_told_once_and_by_the_surest_rule() -> None:
    finds = look_through("Skriv till anna.lindberg@exempel.se eller 811218-9876")
    assert [find.kind for find in finds] == [Kind.MAIL, Kind.PERSONAL_NUMBER]


def test_a_place_of_the_municipality_is_no_person() -> None:
    assert look_through("Klotter i Fredrik hela veckan")
    assert not look_through("Klotter i Fredrik hela veckan", ["Kvarteret Fredrik"])
    # Only a name: a number is a number whatever the place is called.
    assert look_through("Ring 070-174 06 05", ["070-174 06 05"])


@pytest.mark.parametrize(
    "text",
    ["", " ", "\n", "0" * 2000, "-" * 2000, "a@" * 1000, "ABC " * 500, "1 " * 1000],
)
def test_no_text_keeps_the_guard_busy(text: str) -> None:
    for find in look_through(text):
        assert 0 <= find.start < find.end <= len(text)
