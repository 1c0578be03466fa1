"""A filled-in form: the same one sent again is the same row, a changed one is another."""

from collections.abc import Sequence
from uuid import uuid4

import pytest
from litestar.datastructures import FormMultiDict

from service.web.filled import Filled
from tenants.scope import tenant_scope


def form(*fields: tuple[str, str]) -> Filled:
    return Filled.of(FormMultiDict(list(fields)))


async def test_sent_again_it_is_the_same_row_and_changed_another() -> None:
    one, other = uuid4(), uuid4()
    sent: Sequence[tuple[str, str]] = (("form_id", "1"), ("text", "Hej"), ("_csrf_token", "a"))
    async with tenant_scope(one):
        first = form(*sent).row_id("finding", 1)
        assert form(*sent[:2], ("_csrf_token", "b")).row_id("finding", 1) == first
        for changed in (
            form(sent[0], ("text", "Hej då")),
            form(("form_id", "2"), sent[1]),
            form(*sent, ("text", "Hej")),
        ):
            assert changed.row_id("finding", 1) != first
        assert form(*sent).row_id("finding", 2) != first
    async with tenant_scope(other):
        assert form(*sent).row_id("finding", 1) != first


@pytest.mark.parametrize(
    ("typed", "read"),
    [("140 000", 140000), ("0", 0), ("140\xa0000", 140000), ("007", 7)],
)
def test_whole_numbers_as_people_write_them(typed: str, read: int) -> None:
    filled = form(("n", typed))
    assert filled.whole("n", most=200_000, missing="Skriv ett tal.") == read
    assert not filled.errors


@pytest.mark.parametrize("typed", ["", "-1", "1,5", "1e3", "٣", "200001", "9" * 30, "³"])
def test_what_is_no_whole_number_is_told(typed: str) -> None:
    filled = form(("n", typed))
    assert filled.whole("n", most=200_000, missing="Skriv ett tal.") == 0
    assert filled.wrong("n") == "Skriv ett tal."


def test_several_boxes_are_kept_in_their_order_once() -> None:
    one, two = uuid4(), uuid4()
    filled = form(("box", str(two)), ("box", str(one)), ("box", str(two)), ("box", ""))
    assert filled.keys("box", "Fel.") == [two, one]
