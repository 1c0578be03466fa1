"""What can point out a person is found in all usual spellings, and little else is marked."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("811218\n9876", Kind.PERSONAL_NUMBER),
        ("811218-\r\n9876", Kind.PERSONAL_NUMBER),
        ("8 1 1 2 1 8 9 8 7 6", Kind.PERSONAL_NUMBER),
        ("1 9 8 1 1 2 1 8 9 8 7 6", Kind.PERSONAL_NUMBER),
        ("1 9 8 1 - 1 2 - 1 8 - 9 8 7 6", Kind.PERSONAL_NUMBER),
        ("198 112 189 876", Kind.PERSONAL_NUMBER),
        ("070\n1740605", Kind.PHONE),
        ("070-174\n06 05", Kind.PHONE),
        ("031\n390 06 00", Kind.PHONE),
        ("+46\n70 174 06 05", Kind.PHONE),
        ("0\ufe0f\u20e37\ufe0f\u20e30\ufe0f\u20e3 174 06 05", Kind.PHONE),
        ("ABC\n123", Kind.PLATE),
        ("Go\u0308ran Lindstro\u0308m", Kind.NAME),
        ("A\u030asa Lindberg", Kind.NAME),
    ],
)
def test_a_line_end_a_space_and_an_accent_hide_nothing(said: str, kind: Kind) -> None:
    for before, after in (
        ("", ""),
        ("Två rutor. ", ", vid porten"),
        ("😀 ide\u0301 ", "\nPorten"),
    ):
        text = before + said + after
        finds = [(text[one.start : one.end], one.kind) for one in look_through(text)]
        assert finds == [(said, kind)]


@pytest.mark.parametrize(
    "text",
    [
        "Klotter 2026-11-01\n2026-11-02\n2026-11-08",
        "Mellan 2026-11-01 - 2026-11-15 varje kväll",
        "Antal:\n12 i skolan\n8 på torget\n1 i parken",
        "Kl 19\n20 personer\n21 borta",
        "Vi var 5\n6 stod kvar vid 22\n7 gick",
    ],
)
def test_lines_of_days_and_of_counts_are_innocent(text: str) -> None:
    assert look_through(text) == []


def test_a_day_of_birth_is_found_also_before_another_day() -> None:
    text = "Född 1981-12-18 - 2026-11-01 sågs hen"
    assert [text[one.start : one.end] for one in look_through(text)] == ["1981-12-18"]


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
    [
        "",
        " ",
        "\n",
        "\u0308",
        "0" * 2000,
        "-" * 2000,
        "a@" * 1000,
        "ABC " * 500,
        "1 " * 1000,
        "1\n\n\n" * 500,
        "o\u0308" * 1000,
    ],
)
def test_no_text_keeps_the_guard_busy(text: str) -> None:
    for find in look_through(text):
        assert 0 <= find.start < find.end <= len(text)


PIECES = [
    *("ig", "IG: kalle", "ınsta: abcd", "ſnap: abcd", "TİKTOK: abcd", "fB: abcd", "Kik namn x.y1"),
    *("a@b.se", "kalle at gmail punkt com", "kalle a gmail.com", "x (at) y.se", "snabel-a"),
    *("www.x.se", "http://a.b", "bo.se", "@kalle", "hej", "Två rutor.", "\t", ".", " "),
]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=5), st.sampled_from(["", " "]))
def test_a_text_without_signs_is_not_passed_over_for_that(pieces: list[str], between: str) -> None:
    """Most texts are only asked for the signs of a link or a mail address. Behind one that has
    them they are looked through by every rule, and hold the same."""
    text = between.join(pieces)
    alone = look_through(text)
    with_signs = look_through(f"{text} ; < ; snap")
    assert alone == [find for find in with_signs if find.end <= len(text)]
