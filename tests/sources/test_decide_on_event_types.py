"""Every type that the police use is counted as one of our categories, or left out with a reason."""

from service.cycle.mapping.categories import DEFAULT_CATEGORIES
from service.sources.police.event_types import EVENT_TYPES, LeftOut, meaning_of
from service.sources.police.parse import read_events
from tests.reference import reference
from tests.sources.files import ARCHIVE
from tests.sources.test_read_police_events import NOW


def test_every_type_of_the_real_archive_is_decided_on() -> None:
    types = {event.type for event in read_events(reference(ARCHIVE), NOW)}
    assert {one for one in types if meaning_of(one) is None} == set()


def test_every_decision_is_a_category_of_ours_or_a_reason() -> None:
    keys = {category.key for category in DEFAULT_CATEGORIES}
    for name, meaning in EVENT_TYPES.items():
        if isinstance(meaning, LeftOut):
            assert meaning.reason, name
        else:
            assert meaning in keys, name


def test_summaries_notices_and_traffic_are_left_out() -> None:
    words = ("Sammanfattning", "Trafik", "Övrigt", "Uppdatering", "Rattfylleri")
    for name, meaning in EVENT_TYPES.items():
        if name.startswith(words):
            assert isinstance(meaning, LeftOut), name


def test_an_unknown_type_has_no_meaning_and_blanks_do_not_matter() -> None:
    assert meaning_of("Meteoritnedslag") is None
    assert meaning_of("Lagen om hundar och katter ") == meaning_of("lagen om hundar och katter")
