"""Hand in by a system: stored once, counted once, and refused field by field."""

import asyncio
import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tenants.scope import execute, fetch, fetch_value
from tests.cycle.mapping.api.keys import Caller, a_key
from tests.town import Town

YESTERDAY = (datetime.now(UTC) - timedelta(days=1)).replace(microsecond=0)


def one(**changed: Any) -> dict[str, Any]:
    report = {"category": "graffiti", "area": "ruta-1", "occurred_from": YESTERDAY.isoformat()}
    return {key: value for key, value in (report | changed).items() if value is not None}


async def counted(town: Town) -> float:
    async with town.scope():
        return float(await fetch_value("SELECT coalesce(sum(count), 0) FROM weekly_count"))


@pytest.fixture
async def caller(tallbacka: Town) -> Caller:
    return await a_key(tallbacka, "Bostadsbolaget")


async def test_a_report_is_stored_counted_and_seen_in_the_inbox(
    tallbacka: Town, caller: Caller
) -> None:
    answer = await caller.send(one(text="Två rutor mot gården."))
    assert answer.status_code == 201, answer.text
    (received,) = answer.json()["reports"]
    assert received["category"] == "graffiti" and received["held"] is False
    assert await counted(tallbacka) == 1
    async with tallbacka.scope():
        (row,) = await fetch("SELECT * FROM report")
        verbs = [line["verb"] for line in await fetch("SELECT verb FROM audit_event")]
    assert row["organisation_id"] == tallbacka.organisations["Bostadsbolaget"]
    assert row["source"] == "api" and "report.hand_in" in verbs
    inbox = await tallbacka.get("/inkorg", role="safety_coordinator")
    assert "Två rutor mot gården." in inbox.text
    state = await caller.get(f"/reports/{received['id']}")
    assert state.json()["state"] == "waiting"


async def test_sent_again_it_is_answered_again_and_done_once(
    tallbacka: Town, caller: Caller
) -> None:
    answers = await asyncio.gather(*(caller.send(one(), once="a") for _ in range(20)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    assert sum("idempotency-replayed" in answer.headers for answer in answers) == 19
    assert await counted(tallbacka) == 1
    other = await caller.send(one(concern=3), once="a")
    assert other.status_code == 422 and other.json()["errors"][0]["pointer"] == "/Idempotency-Key"
    assert await counted(tallbacka) == 1


async def test_what_was_refused_can_be_sent_right_with_the_same_key(
    tallbacka: Town, caller: Caller
) -> None:
    assert (await caller.send(one(area="finns-inte"), once="b")).status_code == 422
    assert (await caller.send(one(), once="b")).status_code == 201
    assert await counted(tallbacka) == 1


async def test_of_a_batch_all_is_stored_or_nothing(tallbacka: Town, caller: Caller) -> None:
    answer = await caller.send(one(), one(category="finns-inte"), one(concern=2))
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/reports/1/category"]
    assert await counted(tallbacka) == 0
    assert (await caller.send(*(one() for _ in range(100)))).status_code == 201
    assert await counted(tallbacka) == 100
    assert (await caller.send(*(one() for _ in range(101)))).status_code == 400


@pytest.mark.parametrize(
    ("changed", "pointer"),
    [
        ({"area": "finns-inte"}, "area"),
        ({"area": None}, "area"),
        ({"point": {"latitude": 60.0, "longitude": 17.0}}, "area"),
        ({"area": None, "point": {"latitude": 17.0, "longitude": 60.0}}, "point"),
        ({"area": None, "point": {"latitude": 48.0, "longitude": 2.0}}, "point"),
        ({"area": None, "place_name": "Ingenstans"}, "place_name"),
        ({"occurred_from": (YESTERDAY - timedelta(days=800)).isoformat()}, "occurred_from"),
        ({"occurred_from": (YESTERDAY + timedelta(days=8)).isoformat()}, "occurred_from"),
        ({"occurred_to": (YESTERDAY - timedelta(hours=1)).isoformat()}, "occurred_from"),
        ({"occurred_from": "0001-01-01T00:00:00+14:00"}, "occurred_from"),
        ({"occurred_from": "9999-12-31T23:59:59-12:00"}, "occurred_from"),
        ({"place_type": "månen"}, "place_type"),
        ({"category": "other"}, "text"),
        ({"text": "Ring 070-174 06 05."}, "text"),
        ({"text": "Kim A stod där."}, "text"),
    ],
)
async def test_what_is_wrong_is_pointed_at(
    tallbacka: Town, caller: Caller, changed: dict[str, Any], pointer: str
) -> None:
    answer = await caller.send(one(**changed))
    assert answer.status_code == 422, answer.text
    problem = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert problem["code"] == "invalid"
    assert [error["pointer"] for error in problem["errors"]] == [f"/reports/0/{pointer}"]
    assert "070-174" not in answer.text and "Kim" not in answer.text
    assert await counted(tallbacka) == 0


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b'{"reports": []}', b'{"reports": [{}]}', b'{"reports": "x"}', b"\xff\xfe"],
)
async def test_what_is_no_message_is_malformed(caller: Caller, body: bytes) -> None:
    answer = await caller.post("/reports", content=body, once=str(uuid4()))
    assert answer.status_code == 400 and answer.json()["code"] == "malformed"


async def test_types_and_unknown_fields_are_told(caller: Caller) -> None:
    for changed in ({"concern": 9}, {"concern": "3"}, {"organisation": "Polisen"}):
        answer = await caller.send(one(**changed))
        assert answer.status_code == 400, answer.text
        assert answer.headers["content-type"] == "application/problem+json"
    naive = await caller.send(one(occurred_from="2026-11-20T10:00:00"))
    assert naive.status_code == 400


async def test_an_uncertain_text_is_held_when_sent_knowingly(
    tallbacka: Town, caller: Caller
) -> None:
    answer = await caller.send(one(text="Kim A stod där.", sent_knowingly=True))
    assert answer.status_code == 201 and answer.json()["reports"][0]["held"] is True
    async with tallbacka.scope():
        assert await fetch_value("SELECT text FROM report") is None
        assert await fetch_value("SELECT count(*) FROM held_text") == 1
    certain = await caller.send(one(text="Ring 070-174 06 05.", sent_knowingly=True))
    assert certain.status_code == 422


async def test_a_find_is_told_where_it_stands_in_what_was_sent(caller: Caller) -> None:
    # As stored it is shorter: no space before it, and a letter and its accent are one.
    text = " \n Vid a\u030an,\u200b ring 070-174\r\n06 05."
    answer = await caller.send(one(text=text))
    assert answer.status_code == 422
    start, end = map(int, re.search(r"Tecken: (\d+)–(\d+)\.", answer.text).groups())
    assert text[start:end] == "070-174\r\n06 05"


async def test_the_same_id_with_other_content_is_a_conflict(
    tallbacka: Town, caller: Caller
) -> None:
    identity = str(uuid4())
    assert (await caller.send(one(id=identity))).status_code == 201
    assert (await caller.send(one(id=identity))).status_code == 201
    other = await caller.send(one(id=identity, concern=4))
    assert other.status_code == 409 and other.json()["errors"][0]["pointer"] == "/reports/0/id"
    police = await a_key(tallbacka, "Polisen")
    assert (await police.send(one(id=identity))).status_code == 409
    assert await counted(tallbacka) == 1


async def test_nothing_to_report(tallbacka: Town, caller: Caller) -> None:
    today = datetime.now(UTC).date().isoformat()
    first = await caller.post("/nothing-to-report", json={"day": today}, once="n1")
    again = await caller.post("/nothing-to-report", json={"day": today}, once="n2")
    assert first.status_code == again.status_code == 201
    assert first.json()["first_time"] is True and again.json()["first_time"] is False
    for day in ("2020-01-01", "2099-01-01"):
        late = await caller.post("/nothing-to-report", json={"day": day}, once=day)
        assert late.status_code == 422 and late.json()["errors"][0]["pointer"] == "/day"
    async with tallbacka.scope():
        assert await fetch_value("SELECT count(*) FROM zero_report") == 1


async def test_a_call_needs_its_own_key_of_once(caller: Caller) -> None:
    answer = await caller.post("/reports", json={"reports": [one()]})
    assert answer.status_code == 400 and "Idempotency-Key" in answer.text.title().replace("_", "-")
    for odd in ("", " ", "å", "x" * 129):
        refused = await caller.post("/reports", json={"reports": [one()]}, once=odd)
        assert refused.status_code == 400, odd


async def test_own_reports_page_by_page_and_nobody_elses(tallbacka: Town, caller: Caller) -> None:
    await caller.send(*(one(concern=1 + n % 4) for n in range(7)))
    police = await a_key(tallbacka, "Polisen")
    theirs = (await police.send(one())).json()["reports"][0]["id"]
    seen: list[str] = []
    after = ""
    for _page in range(5):
        answer = await caller.get(f"/reports?limit=3{after}")
        seen += [report["id"] for report in answer.json()["reports"]]
        if answer.json()["next"] is None:
            break
        after = f"&after={answer.json()['next']}"
    assert len(seen) == len(set(seen)) == 7 and theirs not in seen
    assert (await caller.get(f"/reports/{theirs}")).status_code == 404
    for odd in ("x", "AAAA", "%00", "e30"):
        assert (await caller.get(f"/reports?after={odd}")).status_code == 400
    for odd in ("0", "201", "x"):
        assert (await caller.get(f"/reports?limit={odd}")).status_code == 400


async def test_words_of_the_municipality(caller: Caller) -> None:
    categories = (await caller.get("/categories")).json()["categories"]
    assert {"key": "other", "needs_text": True}.items() <= categories[-1].items() or any(
        entry["needs_text"] for entry in categories
    )
    areas = (await caller.get("/areas")).json()["areas"]
    assert "ruta-1" in {area["key"] for area in areas}
    assert len((await caller.get("/place-types")).json()["place_types"]) > 10


async def test_too_many_calls_are_told_to_wait(caller: Caller) -> None:
    statuses = [(await caller.get("/categories")).status_code for _ in range(150)]
    assert 429 in statuses and statuses[0] == 200
    late = await caller.get("/categories")
    while late.status_code != 429:
        late = await caller.get("/categories")
    assert late.headers["retry-after"] and late.json()["code"] == "too_many"


async def test_ten_megabytes_are_too_many(caller: Caller) -> None:
    answer = await caller.post("/reports", content=b" " * 10_000_000, once="stor")
    assert answer.status_code == 413 and answer.json()["code"] == "too_large"


async def test_another_kind_of_body_is_refused(caller: Caller) -> None:
    answer: httpx.Response = await caller.post(
        "/reports", content=b"a=1", once="f", headers={"content-type": "text/csv"}
    )
    assert answer.status_code in (400, 415)
    assert answer.headers["content-type"] == "application/problem+json"


async def test_answers_are_forgotten_after_a_day(tallbacka: Town, caller: Caller) -> None:
    from tenants.identity.api_keys import forget_answers

    await caller.send(one(), once="gammal")
    async with tallbacka.scope():
        await execute("UPDATE api_answer SET answered_at = now() - interval '25 hours'")
        await forget_answers()
        assert await fetch_value("SELECT count(*) FROM api_answer") == 0


async def test_batches_that_cross_each_other_and_the_form_all_get_through(
    tallbacka: Town, caller: Caller
) -> None:
    police = await a_key(tallbacka, "Polisen")
    reports = [
        one(area=area, category=category, occurred_from=(YESTERDAY - timedelta(days=d)).isoformat())
        for area in ("ruta-1", "ruta-2")
        for category in ("graffiti", "noise", "fight")
        for d in (0, 8, 15)
    ]
    await tallbacka.add_member("reporter")
    answers = await asyncio.gather(
        *(caller.send(*reports) for _ in range(4)),
        *(police.send(*reversed(reports)) for _ in range(4)),
        *(
            tallbacka.post(
                "/rapportera",
                role="reporter",
                report_id=str(uuid4()),
                category="noise",
                area=str(tallbacka.areas["Ruta 2"]),
            )
            for _ in range(6)
        ),
    )
    assert [answer.status_code for answer in answers] == [201] * 8 + [200] * 6
    assert await counted(tallbacka) == pytest.approx(8 * len(reports) + 6)


async def test_refused_calls_are_counted_too(tallbacka: Town) -> None:
    stranger = Caller(tallbacka.anonymous, tallbacka.slug, "kraft_x")
    caller = await a_key(tallbacka, "Köpmännen")
    refused = [await caller.send(one(area="finns-inte")) for _ in range(140)]
    assert {answer.status_code for answer in refused} == {422, 429}
    assert (await stranger.get("/areas")).status_code == 401


async def test_a_cursor_of_no_year_is_no_cursor(caller: Caller) -> None:
    import base64

    forged = base64.urlsafe_b64encode(f"0001-01-01T00:00:00+14:00 {uuid4()}".encode()).decode()
    assert (await caller.get(f"/reports?after={forged}")).status_code == 400
