"""A report lands once, counted whole, in its own municipality; what is unfinished is kept."""

import asyncio
import re
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from service.cycle.mapping.week import week_of
from tenants.scope import fetch, fetch_row, fetch_value


def place(town, number: int = 0):
    return list(town.areas.values())[number]


async def counted(town) -> tuple[int, float, float, int]:
    """Reports, the sums of their weekly and hourly counts, and jobs waiting for a new picture."""
    async with town.scope():
        row = await fetch_row(
            """SELECT (SELECT count(*) FROM report) AS reports,
                      (SELECT coalesce(sum(count), 0) FROM weekly_count) AS weekly,
                      (SELECT coalesce(sum(count), 0) FROM hourly_count) AS hourly,
                      (SELECT count(*) FROM job WHERE verb = 'picture.compile') AS jobs"""
        )
    assert row is not None
    return row["reports"], round(row["weekly"], 9), round(row["hourly"], 9), row["jobs"]


def report(town, **other):
    """A report as the form sends it when only the needed taps are made."""
    return {
        "report_id": str(uuid4()),
        "category": "glass_breakage",
        "place": "usual",
        "area": str(place(town, 0)),
        "when": "now",
        "text": "",
        "place_type": "",
    } | other


@pytest.fixture
async def town(found):
    return await found(name="Tallbacka", areas=2, organisations=["Bostadsbolaget", "Polisen"])


async def test_the_form_opens_with_its_questions_and_an_id(town):
    page = await town.get("/rapportera", role="reporter")
    assert page.status_code == 200
    for words in ("Vad har du sett?", "Alla 38 kategorier", "Var?", "När?", "Ring 112", "114 14"):
        assert words in page.text
    assert re.search(r'name="report_id" value="[0-9a-f-]{36}"', page.text)
    assert "Inget att rapportera" in page.text
    assert "Samling av personer" in page.text


async def test_a_letter_and_its_accent_are_kept_as_one_and_hide_no_name(town):
    answer = await town.post("/rapportera", role="reporter", **report(town, text="Vid a\u030an"))
    assert answer.status_code == 200
    async with town.scope():
        assert await fetch_value("SELECT text FROM report") == "Vid ån"
    named = report(town, text="Go\u0308ran Lindstro\u0308m\nringde 070\n1740605")
    answer = await town.post("/rapportera", role="reporter", **named)
    assert answer.status_code == 422
    assert "<mark>Göran Lindström</mark>" in answer.text
    assert "<mark>070\n1740605</mark>" in answer.text


async def test_a_report_is_received_stored_counted_and_audited(town):
    sent = report(town, text="Två rutor mot gården", place_type="schoolyard")
    answer = await town.post("/rapportera", role="reporter", **sent)
    assert answer.status_code == 200
    assert re.search(r"Mottagen \d\d\.\d\d", answer.text)
    assert await counted(town) == (1, 1.0, 1.0, 1)
    async with town.scope():
        row = await fetch_row("SELECT * FROM report")
        line = await fetch_row("SELECT * FROM audit_event WHERE verb = 'report.hand_in'")
        week = await fetch_value("SELECT week FROM weekly_count")
        queued = await fetch_value(
            """SELECT count(*) FROM dramatiq.queue
               WHERE message->'args'->>0 IN (SELECT id::text FROM job)"""
        )
    assert str(row["id"]) == sent["report_id"] == line["object_id"]
    assert (row["text"], row["place_type"]) == ("Två rutor mot gården", "schoolyard")
    assert (row["time_kind"], row["source"]) == ("now", "form")
    assert week == week_of(datetime.now(UTC))
    assert line["detail"] == "{}"
    assert queued == 1


async def test_an_interval_is_counted_in_fractions_that_sum_to_one(town):
    friday = datetime.now(UTC).date() - timedelta(days=datetime.now(UTC).weekday() + 10)
    answer = await town.post(
        "/rapportera",
        role="reporter",
        **report(
            town,
            when="interval",
            last_seen_whole=f"{friday}T16:00",
            discovered=f"{friday + timedelta(days=3)}T08:00",
        ),
    )
    assert answer.status_code == 200
    assert await counted(town) == (1, 1.0, 1.0, 1)
    async with town.scope():
        shares = [
            row["count"] for row in await fetch("SELECT count FROM weekly_count ORDER BY week")
        ]
        hours = await fetch_value("SELECT count(*) FROM hourly_count")
    assert [round(share, 3) for share in shares] == [0.875, 0.125]
    assert hours == 64


async def test_sent_twice_is_stored_once_and_gets_the_same_receipt(town):
    sent = report(town)
    first = await town.post("/rapportera", role="reporter", **sent)
    again = await town.post("/rapportera", role="reporter", **sent)
    received = re.compile(r"Mottagen \d\d\.\d\d")
    assert received.findall(first.text) == received.findall(again.text) != []
    assert again.status_code == 200
    assert await counted(town) == (1, 1.0, 1.0, 1)


async def test_the_same_report_sent_ten_times_at_once_is_stored_once(town):
    await town.get("/rapportera", role="reporter")
    sent = report(town)
    answers = await asyncio.gather(
        *(town.post("/rapportera", role="reporter", **sent) for _ in range(10))
    )
    assert {answer.status_code for answer in answers} == {200}
    assert await counted(town) == (1, 1.0, 1.0, 1)


async def test_a_received_report_that_was_changed_afterwards_is_not_lost_in_silence(town):
    sent = report(town)
    await town.post("/rapportera", role="reporter", **sent)
    answer = await town.post("/rapportera", role="reporter", **sent | {"category": "arson"})
    assert answer.status_code == 422
    assert "Det du har ändrat sedan dess är inte skickat" in answer.text
    assert sent["report_id"] not in answer.text
    assert await counted(town) == (1, 1.0, 1.0, 1)


async def test_an_id_that_somebody_else_used_is_unknown(town):
    sent = report(town)
    await town.post("/rapportera", role="reporter", organisation="Bostadsbolaget", **sent)
    answer = await town.post("/rapportera", role="reporter", organisation="Polisen", **sent)
    assert answer.status_code == 404
    assert await counted(town) == (1, 1.0, 1.0, 1)


async def test_an_id_that_the_neighbour_used_says_nothing(town, found):
    neighbour = await found(name="Sjöhaga", areas=1, organisations=["Föreningen"])
    sent = report(town)
    await town.post("/rapportera", role="reporter", **sent)
    same_id = report(neighbour, report_id=sent["report_id"])
    assert (await neighbour.post("/rapportera", role="reporter", **same_id)).status_code == 200
    assert await counted(town) == await counted(neighbour) == (1, 1.0, 1.0, 1)


@pytest.mark.parametrize(
    "unfinished",
    [
        {"category": ""},
        {"area": ""},
        {"when": "exact", "exact": ""},
        {"category": "other", "text": ""},
        {"text": "x" * 401},
        {"category": "no_such_category"},
        {"place": "search", "area_name": "Nowhere"},
        {"tenant_id": "1"},
        {"when": "exact", "exact": "2099-01-01T12:00"},
    ],
)
async def test_an_unfinished_form_keeps_what_was_typed_and_leaves_nothing(town, unfinished):
    typed = report(town, text="Glas på gångvägen", place_type="path", exact="2026-01-02T03:04")
    answer = await town.post("/rapportera", role="reporter", **typed | unfinished)
    assert answer.status_code == 422
    sent = typed | unfinished
    assert sent["text"] in answer.text
    assert 'value="path" selected' in answer.text
    assert f'value="{sent["exact"]}"' in answer.text
    assert f'value="{typed["report_id"]}"' in answer.text
    assert 'class="error"' in answer.text or "Formuläret innehöll" in answer.text
    assert await counted(town) == (0, 0.0, 0.0, 0)
    async with town.scope():
        assert await fetch_value("SELECT count(*) FROM audit_event WHERE verb ~ '^report'") == 0


async def test_the_neighbours_area_is_as_unknown_as_an_invented_one(town, found):
    neighbour = await found(name="Sjöhaga", areas=1, organisations=["Föreningen"])
    foreign = await town.post(
        "/rapportera", role="reporter", **report(town, area=str(place(neighbour)))
    )
    invented = await town.post("/rapportera", role="reporter", **report(town, area=str(uuid4())))
    assert foreign.status_code == invented.status_code == 422
    assert "Välj en plats." in foreign.text and "Välj en plats." in invented.text
    assert await counted(town) == await counted(neighbour) == (0, 0.0, 0.0, 0)


async def test_a_retired_area_and_a_hidden_category_can_no_longer_be_chosen(town):
    async with town.scope():
        await fetch(
            "UPDATE area SET retired_on = current_date WHERE id = $1 RETURNING 1", place(town, 0)
        )
        await fetch(
            "UPDATE category SET hidden_on = current_date WHERE key = 'graffiti' RETURNING 1"
        )
    old_area = await town.post("/rapportera", role="reporter", **report(town))
    here = str(place(town, 1))
    hidden = await town.post(
        "/rapportera", role="reporter", **report(town, area=here, category="graffiti")
    )
    assert old_area.status_code == hidden.status_code == 422
    assert "Alla 37 kategorier" in hidden.text


async def test_a_point_on_the_map_is_counted_in_the_area_that_it_belongs_to(town):
    async with town.scope():
        area = await fetch_row("SELECT latitude, longitude FROM area WHERE id = $1", place(town, 1))
    point = {"latitude": str(area["latitude"]), "longitude": str(area["longitude"])}
    answer = await town.post(
        "/rapportera", role="reporter", **report(town, place="map", area="", **point)
    )
    assert answer.status_code == 200
    async with town.scope():
        row = await fetch_row("SELECT area_id, latitude, longitude FROM report")
    assert row["area_id"] == place(town, 1)
    assert (row["latitude"], row["longitude"]) == (
        round(area["latitude"], 4),
        round(area["longitude"], 4),
    )


async def test_a_place_can_be_written_by_name(town):
    async with town.scope():
        name = await fetch_value("SELECT name FROM area WHERE id = $1", place(town, 1))
    answer = await town.post(
        "/rapportera",
        role="reporter",
        **report(town, place="search", area="", area_name=name.upper()),
    )
    assert answer.status_code == 200
    async with town.scope():
        assert await fetch_value("SELECT area_id FROM report") == place(town, 1)


@pytest.mark.parametrize("role", ["steering_member", "project_owner", "tenant_admin", "dpo"])
async def test_who_may_not_report(town, role):
    assert (await town.get("/rapportera", role=role)).status_code == 403
    assert (await town.post("/rapportera", role=role, **report(town))).status_code == 403
    assert await counted(town) == (0, 0.0, 0.0, 0)


async def test_the_neighbour_sees_nothing(town, found):
    neighbour = await found(name="Sjöhaga", areas=1, organisations=["Föreningen"])
    await town.post("/rapportera", role="reporter", **report(town, text="Rutan vid bryggan"))
    assert (
        "Rutan vid bryggan"
        not in (await neighbour.get("/rapporter", role="safety_coordinator")).text
    )
    assert await counted(neighbour) == (0, 0.0, 0.0, 0)


async def test_twenty_submissions_at_once_are_counted_exactly(town):
    # Intervals over several weeks, begun at different ends: their rows overlap in every way.
    today = datetime.now(UTC).date()
    await town.get("/rapportera", role="reporter")
    answers = await asyncio.gather(
        *(
            town.post(
                "/rapportera",
                role="reporter",
                **report(
                    town,
                    when="interval",
                    last_seen_whole=f"{today - timedelta(days=20 - number % 7)}T12:00",
                    discovered=f"{today - timedelta(days=1 + number % 3)}T12:00",
                ),
            )
            for number in range(20)
        )
    )
    assert [answer.status_code for answer in answers] == [200] * 20
    assert await counted(town) == (20, 20.0, 20.0, 20)


async def test_the_usual_categories_and_places_come_first(town):
    for _ in range(2):
        await town.post(
            "/rapportera",
            role="reporter",
            **report(town, category="littering", area=str(place(town, 1))),
        )
    page = (await town.get("/rapportera", role="reporter")).text
    tiles = re.findall(r'class="tile"><input type="radio" name="category" value="(\w+)"', page)
    places = re.findall(r'name="area" value="([0-9a-f-]{36})"', page)
    assert tiles[0] == "littering" and len(tiles) == 4
    assert places[0] == str(place(town, 1))


async def test_script_gets_the_fragment_and_a_browser_without_it_the_page(town):
    page = await town.post("/rapportera", role="reporter", **report(town))
    part = await town.post(
        "/rapportera", role="reporter", headers={"HX-Request": "true"}, **report(town)
    )
    assert "<html" in page.text and "<html" not in part.text
    assert 'id="report"' in page.text and part.text.strip().startswith('<div id="report"')


async def test_the_map_gets_its_ground_and_the_areas_of_this_municipality_only(town, found):
    neighbour = await found(name="Sjöhaga", areas=1, organisations=["Föreningen"])
    areas = (await town.get("/karta/omraden.json", role="reporter")).json()
    assert {area["id"] for area in areas} == {str(area) for area in town.areas.values()}
    assert str(place(neighbour)) not in {area["id"] for area in areas}
    assert all(area["boundary"]["type"] in ("Polygon", "MultiPolygon") for area in areas)
