"""What a report may say beside what, where and when, and several observations in one go."""

import re

import pytest

from tenants.scope import fetch, fetch_row
from tests.cycle.mapping.test_hand_in import counted, place, report


@pytest.fixture
async def town(found):
    return await found(name="Tallbacka", areas=["Torget", "Parken", "Stationen"])


async def test_the_answers_are_stored_as_they_were_given(town):
    said = {"concern": "4", "seen_before": "yes", "action_taken": "no", "police_report": "unknown"}
    answer = await town.post("/rapportera", role="reporter", **report(town, **said))
    assert answer.status_code == 200
    await town.post("/rapportera", role="reporter", **report(town))
    async with town.scope():
        rows = await fetch(
            """SELECT concern, seen_before, action_taken, police_report FROM report
               ORDER BY received_at"""
        )
    assert [tuple(row) for row in rows] == [(4, True, False, "unknown"), (None,) * 4]


@pytest.mark.parametrize(
    ("question", "wrong"),
    [
        ("concern", "5"),
        ("concern", "0"),
        ("concern", "²"),
        ("seen_before", "kanske"),
        ("action_taken", "unknown"),
        ("police_report", "K123"),
    ],
)
async def test_an_answer_that_was_not_offered(town, question, wrong):
    sent = report(town, text="Glas", seen_before="no") | {question: wrong}
    answer = await town.post("/rapportera", role="reporter", **sent)
    assert answer.status_code == 422 and "Välj ett av svaren." in answer.text
    assert f'href="#{question}"' in answer.text and f'id="{question}"' in answer.text
    assert await counted(town) == (0, 0.0, 0.0, 0)


async def test_one_more_observation_keeps_place_and_time(town):
    sent = report(town, area=str(place(town, 1)), when="yesterday", bucket="evening", more="yes",
                  text="Två rutor", concern="3")  # fmt: skip
    answer = await town.post("/rapportera", role="reporter", **sent)
    assert answer.status_code == 200
    assert re.search(r"Mottagen \d\d\.\d\d: Krossade rutor, glaskross, Parken", answer.text)
    assert f'value="{place(town, 1)}" checked' in answer.text
    assert 'value="yesterday" checked' in answer.text and 'value="evening" checked' in answer.text
    new_id = re.search(r'name="report_id" value="([0-9a-f-]{36})"', answer.text)[1]
    assert new_id != sent["report_id"]
    # What was seen, and what was said of it, is asked anew.
    assert "Två rutor" not in answer.text and 'value="3" checked' not in answer.text
    following = sent | {"report_id": new_id, "category": "graffiti", "text": ""}
    await town.post("/rapportera", role="reporter", **following)
    await town.post("/rapportera", role="reporter", **following)  # A double click.
    assert await counted(town) == (2, 2.0, 2.0, 2)


async def test_the_place_of_the_last_report_is_offered_first(town):
    for number in (0, 0, 2):
        sent = report(town, area=str(place(town, number)))
        await town.post("/rapportera", role="reporter", **sent)
    page = (await town.get("/rapportera", role="reporter")).text
    places = re.findall(r'name="area" value="([0-9a-f-]{36})"', page)
    assert places[:2] == [str(place(town, 2)), str(place(town, 0))]
    assert "<small>senast</small>" in page
    # Another person of the organisation has another last place.
    other = (await town.get("/rapportera", role="org_contact")).text
    assert "<small>senast</small>" not in other


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"when": "exact", "exact": "2024-11-20T12:00"}, "mer än ett år tillbaka"),
        (
            {"place": "map", "latitude": "17.05", "longitude": "61.3"},
            "Latitud och longitud har bytt plats",
        ),
        ({"place": "map", "latitude": "48.85", "longitude": "2.35"}, "utanför kommunen"),
        ({"place": "map", "latitude": "55.6", "longitude": "13.0"}, "utanför kommunen"),
        ({"place": "map", "latitude": "nan", "longitude": "inf"}, "utanför kommunen"),
    ],
)
async def test_what_cannot_be_is_said_at_its_question(town, wrong, said):
    answer = await town.post("/rapportera", role="reporter", **report(town, text="Glas") | wrong)
    assert answer.status_code == 422 and said in answer.text
    assert ">Glas</textarea>" in answer.text
    assert await counted(town) == (0, 0.0, 0.0, 0)


async def test_ten_megabytes_are_refused_and_leave_nothing(town):
    sent = report(town, text="x" * 10_000_000)
    answer = await town.post("/rapportera", role="reporter", **sent)
    assert answer.status_code == 413
    assert await counted(town) == (0, 0.0, 0.0, 0)


async def test_emoji_stay_whole_and_nothing_turns_the_text_around(town):
    sent = report(town, text="👩‍👩‍👧 på\u202e torget\u200f 🚲\u2066")
    answer = await town.post("/rapportera", role="reporter", **sent)
    assert answer.status_code == 200
    async with town.scope():
        row = await fetch_row("SELECT text FROM report")
    assert row["text"] == "👩‍👩‍👧 på torget 🚲"


async def test_a_second_tab_that_sends_the_same_draft_otherwise_is_told(town):
    sent = report(town)
    await town.post("/rapportera", role="reporter", **sent)
    other = await town.post("/rapportera", role="reporter", **sent | {"concern": "2"})
    assert other.status_code == 422 and "Rapporten togs emot" in other.text
    again = re.search(r'name="report_id" value="([0-9a-f-]{36})"', other.text)[1]
    answer = await town.post(
        "/rapportera", role="reporter", **sent | {"concern": "2", "report_id": again}
    )
    assert answer.status_code == 200
    assert await counted(town) == (2, 2.0, 2.0, 2)
