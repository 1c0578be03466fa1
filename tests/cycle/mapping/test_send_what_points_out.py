"""A text that points out a person is not received; one that may is read before others see it."""

import re

import pytest

from service.cycle.mapping.check_text import check_text
from tenants.scope import fetch_row, fetch_value
from tests.cycle.mapping.test_hand_in import counted, report

CERTAIN = "Bil ABC 12D vid porten"
UNCERTAIN = "Kim A satt på bänken"


@pytest.fixture
async def town(found):
    return await found(name="Tallbacka", areas=["Torget", "Kvarteret Fredrik"])


async def test_a_certain_find_is_marked_and_nothing_is_lost_or_stored(town):
    for anyway in ("", "yes"):
        sent = report(town, text=CERTAIN, place_type="park", anyway=anyway)
        answer = await town.post("/rapportera", role="reporter", **sent)
        assert answer.status_code == 422
        assert "<mark>ABC 12D</mark>" in answer.text
        assert "Registreringsnummer" in answer.text and "Ta bort det markerade" in answer.text
        assert f">{CERTAIN}</textarea>" in answer.text
        assert 'value="park" selected' in answer.text and sent["report_id"] in answer.text
        assert 'name="anyway"' not in answer.text
    assert await counted(town) == (0, 0.0, 0.0, 0)


async def test_an_uncertain_find_is_asked_about_and_then_held(town):
    sent = report(town, text=UNCERTAIN)
    asked = await town.post("/rapportera", role="reporter", **sent)
    assert asked.status_code == 422 and "<mark>Kim A</mark>" in asked.text
    assert 'name="anyway" value="yes"' in asked.text
    assert await counted(town) == (0, 0.0, 0.0, 0)
    for _ in range(2):  # The second time is a double click.
        answer = await town.post("/rapportera", role="reporter", **sent | {"anyway": "yes"})
        assert answer.status_code == 200
        assert "Samordnaren läser din beskrivning innan någon annan ser den." in answer.text
    assert await counted(town) == (1, 1.0, 1.0, 1)
    async with town.scope():
        row = await fetch_row(
            "SELECT report.text, held_text.text AS held, kinds FROM report, held_text"
        )
        assert await fetch_value("SELECT count(*) FROM audit_event WHERE detail::text ~ 'Kim'") == 0
    assert (row["text"], row["held"], row["kinds"]) == (None, UNCERTAIN, ["name"])
    for role in ("safety_coordinator", "municipal_police", "preparatory_member", "reporter"):
        assert "Kim A" not in (await town.get("/rapporter", role=role)).text


async def test_what_is_marked_can_be_taken_out_with_one_press(town):
    sent = report(town, text=f"{CERTAIN}, ABC 123. Flera gånger", take_out="yes")
    answer = await town.post("/rapportera", role="reporter", **sent)
    assert answer.status_code == 200
    assert ">Bil vid porten. Flera gånger</textarea>" in answer.text
    assert sent["report_id"] in answer.text and "<mark>" not in answer.text
    assert await counted(town) == (0, 0.0, 0.0, 0)


async def test_while_typing_the_same_rules_are_asked_and_nothing_is_kept(town):
    async with town.scope():
        lines = await fetch_value("SELECT count(*) FROM audit_event")
    for text in (CERTAIN, UNCERTAIN, "Två rutor krossade", "x" * 9000, "😀\u202e\x00"):
        answer = await town.post("/rapportera/granska", role="reporter", text=text)
        assert answer.status_code == 200
        async with town.scope():
            checked = await check_text(text)
        assert re.findall(r"<mark>(.*?)</mark>", answer.text) == [
            said for said, _label, _reason in checked.reasons
        ]
    async with town.scope():
        assert await fetch_value("SELECT count(*) FROM audit_event") == lines
    assert await counted(town) == (0, 0.0, 0.0, 0)


async def test_the_municipalitys_own_place_is_no_person_but_elsewhere_it_may_be(town, sjohaga):
    sent = report(town, text="Klotter i Fredrik hela veckan")
    assert (await town.post("/rapportera", role="reporter", **sent)).status_code == 200
    sent = report(sjohaga, text="Klotter i Fredrik hela veckan")
    assert (await sjohaga.post("/rapportera", role="reporter", **sent)).status_code == 422


async def test_who_may_not_ask_the_guard(town):
    for role in ("steering_member", "dpo"):
        answer = await town.post("/rapportera/granska", role=role, text=UNCERTAIN)
        assert answer.status_code == 403 and "Kim" not in answer.text


async def test_nothing_that_is_typed_is_logged(town, caplog):
    caplog.set_level("DEBUG")
    await town.post("/rapportera/granska", role="reporter", text=CERTAIN)
    await town.post("/rapportera", role="reporter", **report(town, text=CERTAIN))
    assert "ABC 12D" not in caplog.text and "ABC+12D" not in caplog.text
