"""Reading what came in: decided once, counted right, traced, and taken back."""

import asyncio
import re
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from tenants.scope import execute, fetch, fetch_row, fetch_value
from tests.cycle.mapping.test_hand_in import place, report

COORDINATOR = "safety_coordinator"
UNCERTAIN = "Kim A satt på bänken"


@pytest.fixture
async def town(found):
    return await found(name="Tallbacka", areas=["Torget", "Parken"])


async def hand_in(town, organisation: str = "Bostadsbolaget", **other) -> str:
    sent = report(town, **other)
    answer = await town.post("/rapportera", role="reporter", organisation=organisation, **sent)
    assert answer.status_code == 200
    return sent["report_id"]


async def do(town, act: str, report_id: str, role: str = COORDINATOR, **form):
    return await town.post(
        f"/inkorg/{report_id}/{act}", role=role, headers={"hx-request": "true"}, **form
    )


async def counts(town) -> dict[tuple[str, str, str], float]:
    """What the weeks hold by area, category and organisation; the hours must hold as much."""
    async with town.scope():
        rows = await fetch(
            """SELECT area.name, category.key, organisation.name AS organisation, sum(count) AS sum
               FROM weekly_count
               JOIN area ON area.id = area_id JOIN category ON category.id = category_id
               JOIN organisation ON organisation.id = organisation_id GROUP BY 1, 2, 3"""
        )
        hours = await fetch_value("SELECT coalesce(sum(count), 0) FROM hourly_count")
    found = {(row["name"], row["key"], row["organisation"]): round(row["sum"], 9) for row in rows}
    assert round(hours, 6) == round(sum(found.values()), 6)
    return found


def cell(organisation: str = "Bostadsbolaget", area: str = "Torget", key: str = "glass_breakage"):
    return area, key, organisation


async def test_what_waits_is_listed_and_leaves_when_it_is_approved(town):
    report_id = await hand_in(town, text="Två rutor mot gården")
    page = await town.get("/inkorg", role=COORDINATOR)
    assert "En rapport väntar" in page.text and "Två rutor mot gården" in page.text
    answer = await do(town, "godkann", report_id)
    assert answer.status_code == 200 and "Godkänd: " in answer.text
    assert "Inget väntar" in answer.text
    assert await counts(town) == {cell(): 1}
    async with town.scope():
        line = await fetch_row("SELECT * FROM audit_event WHERE verb = 'report.approved'")
    assert line["object_id"] == report_id and line["detail"] == "{}"


async def test_merged_reports_count_as_one_and_both_actors_stay(town):
    first = await hand_in(town)
    second = await hand_in(town, organisation="Polisen")
    page = await town.get(f"/inkorg?rapport={second}", role=COORDINATOR)
    assert "Är det samma händelse?" in page.text and "Samma område" in page.text
    assert "Olika, stärker underlaget" in page.text
    async with town.scope():
        jobs = await fetch_value("SELECT count(*) FROM job WHERE verb = 'picture.compile'")
    answer = await do(town, "sla-ihop", second, into=first)
    assert answer.status_code == 200 and "Ihopslagen: " in answer.text
    assert await counts(town) == {cell(): 0.5, cell("Polisen"): 0.5}
    async with town.scope():
        assert (
            await fetch_value("SELECT count(*) FROM job WHERE verb = 'picture.compile'") == jobs + 1
        )
        assert await fetch_value("SELECT count(*) FROM report") == 2
    # Once more, and a third that joins through the second.
    await do(town, "sla-ihop", second, into=first)
    third = await hand_in(town, organisation="Kommunen")
    await do(town, "sla-ihop", third, into=second)
    assert sum((await counts(town)).values()) == pytest.approx(1)
    assert len(await counts(town)) == 3
    await do(town, "angra", second)
    assert await counts(town) == {cell(): 0.5, cell("Polisen"): 1, cell("Kommunen"): 0.5}
    await do(town, "angra", third)
    assert await counts(town) == {cell(): 1, cell("Polisen"): 1, cell("Kommunen"): 1}


async def test_what_is_left_of_a_merge_is_one_event_whichever_of_them_is_rejected(town):
    root, child = await hand_in(town), await hand_in(town, organisation="Polisen")
    await do(town, "sla-ihop", child, into=root)
    await do(town, "avvisa", root)
    assert await counts(town) == {cell("Polisen"): 1}
    third = await hand_in(town, organisation="Kommunen")
    await do(town, "sla-ihop", third, into=child)
    assert await counts(town) == {cell("Polisen"): 0.5, cell("Kommunen"): 0.5}
    await do(town, "avvisa", third)
    assert await counts(town) == {cell("Polisen"): 1}
    await do(town, "avvisa", child)
    assert await counts(town) == {}
    for one, left in ((root, {cell(): 1}), (third, {cell(): 1, cell("Kommunen"): 1})):
        await do(town, "angra", one)
        assert await counts(town) == left


async def test_what_was_decided_keeps_its_line_and_its_way_back_when_fetched_again(town):
    report_id, other = await hand_in(town), await hand_in(town, organisation="Polisen")
    await do(town, "avvisa", report_id)
    again = await town.get(f"/inkorg?rapport={other}&gjort={report_id}", role=COORDINATOR)
    assert "Avvisad: " in again.text and f"/inkorg/{report_id}/angra" in again.text
    await do(town, "angra", report_id)
    taken_back = await town.get(f"/inkorg?rapport={other}&gjort={report_id}", role=COORDINATOR)
    assert "Avvisad: " not in taken_back.text
    unknown = await town.get(f"/inkorg?rapport={other}&gjort={uuid4()}", role=COORDINATOR)
    assert unknown.status_code == 200 and "Avvisad: " not in unknown.text


async def test_a_root_that_is_merged_takes_its_group_along(town):
    one, two, three = [await hand_in(town) for _ in range(3)]
    await do(town, "sla-ihop", two, into=one)
    await do(town, "sla-ihop", one, into=three)
    assert sum((await counts(town)).values()) == pytest.approx(1)
    async with town.scope():
        roots = await fetch("SELECT DISTINCT into_id FROM report_merge")
    assert [str(row["into_id"]) for row in roots] == [three]


async def test_an_interval_is_merged_in_all_its_weeks(town):
    today = datetime.now(UTC).date()
    span = {
        "when": "interval",
        "last_seen_whole": f"{today - timedelta(days=20)}T12:00",
        "discovered": f"{today - timedelta(days=1)}T12:00",
    }
    first = await hand_in(town, **span)
    second = await hand_in(town, organisation="Polisen", **span)
    await do(town, "sla-ihop", second, into=first)
    assert await counts(town) == {cell(): 0.5, cell("Polisen"): 0.5}
    await do(town, "angra", second)
    assert await counts(town) == {cell(): 1, cell("Polisen"): 1}


async def test_what_is_rejected_counts_no_more_until_it_is_taken_back(town):
    first, second = await hand_in(town), await hand_in(town, organisation="Polisen")
    answer = await do(town, "avvisa", first)
    assert "Avvisad: " in answer.text
    assert await counts(town) == {cell("Polisen"): 1}
    async with town.scope():
        # No row of nought is left that would still show the actor.
        assert await fetch_value("SELECT count(*) FROM weekly_count") == 1
    await do(town, "angra", first)
    assert await counts(town) == {cell(): 1, cell("Polisen"): 1}
    assert second


async def test_category_and_place_are_put_right_with_a_trace(town):
    report_id = await hand_in(town)
    answer = await do(town, "ratta", report_id, category="graffiti", area=str(town.areas["Parken"]))
    assert answer.status_code == 200
    assert await counts(town) == {cell(area="Parken", key="graffiti"): 1}
    async with town.scope():
        rows = await fetch("SELECT field, was, became FROM report_correction ORDER BY field")
    assert [tuple(row) for row in rows] == [
        ("area", town.areas["Torget"], town.areas["Parken"]),
        ("category", town.categories["glass_breakage"], town.categories["graffiti"]),
    ]
    # The phone that never heard of it sends again, and gets its receipt.
    sent = report(town, report_id=report_id)
    answer = await town.post("/rapportera", role="reporter", organisation="Bostadsbolaget", **sent)
    assert answer.status_code == 200
    assert sum((await counts(town)).values()) == 1


async def test_what_the_report_has_stays_chosen_also_where_it_is_offered_no_more(town):
    report_id = await hand_in(town)
    async with town.scope():
        await execute("UPDATE category SET hidden_on = now() WHERE key = 'glass_breakage'")
        await execute("UPDATE area SET retired_on = now() WHERE name = 'Torget'")
    page = await town.get(f"/inkorg?rapport={report_id}", role=COORDINATOR)
    chosen = dict(
        re.findall(r'<select [^>]*name="(\w+)"[^>]*>.*?value="([^"]+)" selected', page.text, re.S)
    )
    assert chosen == {"category": "glass_breakage", "area": str(town.areas["Torget"])}
    # Only the category is put right, and then only the place.
    await do(town, "ratta", report_id, **chosen | {"category": "graffiti"})
    assert await counts(town) == {cell(key="graffiti"): 1}
    other = await hand_in(town, area=str(town.areas["Parken"]), category="graffiti")
    for wrong in ({"category": "glass_breakage"}, {"area": str(town.areas["Torget"])}):
        asked = {"category": "graffiti", "area": str(town.areas["Parken"])} | wrong
        assert (await do(town, "ratta", other, **asked)).status_code == 422
    async with town.scope():
        fields = [row["field"] for row in await fetch("SELECT field FROM report_correction")]
    assert fields == ["category"]


@pytest.mark.parametrize("wrong", [{"category": "nix"}, {"area": "x"}, {"area": str(uuid4())}])
async def test_what_is_not_offered_is_refused_and_nothing_changes(town, sjohaga, wrong):
    report_id = await hand_in(town)
    asked = {"category": "graffiti", "area": str(town.areas["Parken"])} | wrong
    foreign = asked | {"area": str(sjohaga.areas["Ruta 1"])}
    for form in (asked, foreign):
        answer = await do(town, "ratta", report_id, text="Någon satt på bänken", **form)
        assert answer.status_code == 422 and "Välj en kategori och en plats" in answer.text
        # What can be chosen of it stays chosen, and so does the text that stands beside it.
        offered = {"graffiti", str(town.areas["Parken"])} & set(form.values())
        for value in offered:
            assert f'<option value="{value}" selected>' in answer.text
        assert ">Någon satt på bänken</textarea>" in answer.text
    assert await counts(town) == {cell(): 1}


async def test_a_held_text_is_read_and_let_go(town):
    report_id = await hand_in(town, text=UNCERTAIN, anyway="yes")
    page = await town.get("/inkorg", role=COORDINATOR)
    assert "<mark>Kim A</mark>" in page.text and "Kan peka ut person" in page.text
    # Approving the report does not let the text go.
    await do(town, "godkann", report_id)
    assert UNCERTAIN not in (await town.get("/rapporter", role=COORDINATOR)).text
    assert "En rapport väntar" in (await town.get("/inkorg", role=COORDINATOR)).text
    answer = await do(town, "slapp", report_id)
    assert answer.status_code == 200
    assert UNCERTAIN in (await town.get("/rapporter", role=COORDINATOR)).text
    assert "Inget väntar" in (await town.get("/inkorg", role=COORDINATOR)).text
    async with town.scope():
        assert await fetch_value("SELECT count(*) FROM held_text") == 0


async def test_a_held_text_is_struck_and_gone(town):
    report_id = await hand_in(town, text=UNCERTAIN, anyway="yes")
    refused = await do(town, "stryk", report_id, text="Bil ABC 123")
    assert refused.status_code == 422 and ">Bil ABC 123</textarea>" in refused.text
    answer = await do(town, "stryk", report_id, text="Någon satt på bänken")
    assert answer.status_code == 200
    async with town.scope():
        assert await fetch_value("SELECT text FROM report") == "Någon satt på bänken"
        everything = await fetch("SELECT * FROM report_correction, report, audit_event")
        assert await fetch_value("SELECT count(*) FROM held_text") == 0
    assert "Kim" not in str([dict(row) for row in everything])
    sent = report(town, report_id=report_id, text=UNCERTAIN, anyway="yes")
    again = await town.post("/rapportera", role="reporter", organisation="Bostadsbolaget", **sent)
    assert again.status_code == 200  # Received, and the struck text does not come back.
    async with town.scope():
        assert await fetch_value("SELECT count(*) FROM held_text") == 0


async def test_ten_hands_at_once_leave_the_counts_right(town):
    reports = [await hand_in(town) for _ in range(4)]
    await do(town, "angra", reports[0])
    asked = [do(town, "sla-ihop", one, into=other) for one in reports for other in reports[:2]]
    asked += [do(town, "avvisa", reports[3]), do(town, "godkann", reports[2])]
    new = [hand_in(town) for _ in range(4)]
    answers = await asyncio.gather(*asked, *new)
    statuses = {answer.status_code for answer in answers if not isinstance(answer, str)}
    assert statuses <= {200, 404}  # Into itself is 404.
    async with town.scope():
        weight = await fetch_value(
            """SELECT count(*) - (SELECT count(*) FROM report_merge)
                      - (SELECT count(*) FROM review WHERE outcome = 'rejected') FROM report"""
        )
    assert abs(sum((await counts(town)).values()) - weight) <= 1


async def test_who_is_no_authority_reads_no_words_and_decides_nothing_about_them(town):
    report_id = await hand_in(town, text=UNCERTAIN, anyway="yes")
    # Log-in names are ASCII.
    town.organisations["Handeln"] = town.organisations["Köpmännen"]
    seat = {"role": COORDINATOR, "organisation": "Handeln"}
    page = await town.get("/inkorg", **seat)
    assert page.status_code == 200 and "Kim" not in page.text
    assert "Visas bara för myndigheter" in page.text
    for act in ("slapp", "stryk"):
        answer = await town.post(f"/inkorg/{report_id}/{act}", text="Nytt", **seat)
        assert answer.status_code == 422 and "Kim" not in answer.text
    async with town.scope():
        assert await fetch_value("SELECT text FROM held_text") == UNCERTAIN


@pytest.mark.parametrize("role", ["reporter", "preparatory_member", "steering_member", "dpo"])
async def test_who_may_not(town, role):
    report_id = await hand_in(town, text=UNCERTAIN, anyway="yes")
    page = await town.get("/inkorg", role=role)
    assert page.status_code == 403 and "Kim" not in page.text
    for act in ("godkann", "avvisa", "angra", "slapp", "stryk", "ratta", "sla-ihop"):
        assert (await do(town, act, report_id, role=role, into=report_id)).status_code == 403
    assert await counts(town) == {cell(): 1}


async def test_the_neighbours_report_does_not_exist(town, sjohaga):
    theirs = await hand_in(town, text=UNCERTAIN, anyway="yes")
    for act in ("godkann", "avvisa", "angra", "slapp", "stryk", "sla-ihop"):
        answer = await do(sjohaga, act, theirs, into=theirs)
        assert answer.status_code == 404, act
    answer = await do(
        sjohaga, "ratta", theirs, category="graffiti", area=str(sjohaga.areas["Ruta 1"])
    )
    assert answer.status_code == 404
    page = await sjohaga.get(f"/inkorg?rapport={theirs}", role=COORDINATOR)
    assert page.status_code == 200 and "Kim" not in page.text and "Inget väntar" in page.text
    own = await sjohaga.post("/rapportera", role="reporter", **report(
        sjohaga, area=str(sjohaga.areas["Ruta 1"])))  # fmt: skip
    assert own.status_code == 200
    assert await counts(town) == {cell(): 1}


async def test_without_script_each_act_leads_back_to_the_inbox(town):
    report_id = await hand_in(town)
    answer = await town.post(f"/inkorg/{report_id}/godkann", role="municipal_police")
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/{town.slug}/inkorg"
    assert place(town)
