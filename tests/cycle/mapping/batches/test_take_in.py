"""Reports from a file: understood, seen checked, counted once, and undone as if they never came."""

import re
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from service.cycle.mapping.batches.take_in import take_in_chunk
from service.cycle.mapping.week import STOCKHOLM, local_day
from tenants.scope import fetch, fetch_row, fetch_value
from tests.cycle.mapping.batches.files import (
    COORDINATOR,
    YESTERDAY,
    a_row,
    as_csv,
    as_excel,
    chosen,
    send,
    sent,
)
from tests.town import Town


async def counted(town: Town, source: str = "import") -> tuple[float, float]:
    """What the weekly and the hourly counts sum to."""
    async with town.scope():
        weekly = await fetch_value(
            "SELECT coalesce(sum(count), 0) FROM weekly_count WHERE source = $1", source
        )
        hourly = await fetch_value("SELECT coalesce(sum(count), 0) FROM hourly_count")
    return round(float(weekly), 6), round(float(hourly), 6)


async def rows_of(town: Town, table: str = "report") -> list[Any]:
    async with town.scope():
        return await fetch(f"SELECT * FROM {table}")


async def test_a_file_is_understood_checked_and_taken_in(tallbacka: Town) -> None:
    batch = await sent(tallbacka, as_csv([a_row(1), a_row(2, Typ="Glaskross", Tid="")]))
    page = await batch.page()
    filled = chosen(page)
    assert (filled["day"], filled["time"], filled["category"]) == ("Datum", "Tid", "Typ")
    assert (filled["area"], filled["text"], filled["reference"]) == (
        "Område",
        "Beskrivning",
        "Ärendenr",
    )
    assert "Två rutor mot gården." in page and await counted(tallbacka) == (0, 0)
    await batch.confirm_columns(**{"category-3-1": "glass_breakage"})
    checked = await batch.page()
    assert "Läs in 2 rapporter" in checked and await counted(tallbacka) == (0, 0)
    await batch.confirm()
    assert await counted(tallbacka) == (2, 2)
    exact, whole_day = sorted(await rows_of(tallbacka), key=lambda row: row["time_kind"])
    assert exact["organisation_id"] == tallbacka.organisations["Bostadsbolaget"]
    assert exact["person_id"] is None and exact["source"] == "import"
    assert exact["area_id"] == tallbacka.areas["Ruta 1"]
    assert whole_day["category_id"] == tallbacka.categories["glass_breakage"]
    assert whole_day["occurred_to"] - whole_day["occurred_from"] >= timedelta(hours=23)
    assert "2 nya rapporter" in (await tallbacka.get("/kallor/filer", role=COORDINATOR)).text
    assert "Två rutor" not in (await tallbacka.get("/inkorg", role=COORDINATOR)).text


async def test_nothing_of_the_file_is_kept_but_its_reports(tallbacka: Town) -> None:
    batch = await sent(tallbacka, as_csv([a_row()]))
    assert await rows_of(tallbacka, "batch_file") == []
    await batch.take_in()
    (chunk,) = await rows_of(tallbacka, "batch_chunk")
    (row,) = await rows_of(tallbacka, "report_batch")
    assert "gården" not in row["columns"] and "Beskrivning" in row["columns"]
    assert chunk["rows"] is None and chunk["ready"] is None and chunk["taken_in"] == 1


async def test_the_next_file_of_the_organisation_is_filled_in(tallbacka: Town) -> None:
    first = await sent(tallbacka, as_csv([a_row(1, Typ="Sabotage", Område="Gamla stan")]))
    await first.take_in(**{"category-3-0": "vandalism_other", "area-4-0": "ruta-2"})
    second = await sent(tallbacka, as_csv([a_row(2, Typ="Sabotage", Område="Gamla stan")]))
    filled = chosen(await second.page())
    assert filled["category-3-0"] == "vandalism_other" and filled["area-4-0"] == "ruta-2"
    await second.take_in()
    assert {row["area_id"] for row in await rows_of(tallbacka)} == {tallbacka.areas["Ruta 2"]}
    other = await sent(tallbacka, as_csv([a_row(3, Typ="Sabotage")]), organisation="Köpmännen")
    assert chosen(await other.page())["category-3-0"] == ""


async def test_the_same_case_is_counted_once(tallbacka: Town) -> None:
    await (await sent(tallbacka, as_csv([a_row(1), a_row(2), a_row(1)]))).take_in()
    assert await counted(tallbacka) == (2, 2)
    again = await sent(tallbacka, as_csv([a_row(2), a_row(3)]))
    await again.take_in()
    assert await counted(tallbacka) == (3, 3)
    assert "Fanns redan" in await again.page()
    # Another organisation's case of that number is another one.
    await (await sent(tallbacka, as_csv([a_row(1)]), organisation="Köpmännen")).take_in()
    assert await counted(tallbacka) == (4, 4)


async def test_the_same_file_twice_is_refused_and_a_double_click_is_one(tallbacka: Town) -> None:
    content = as_csv([a_row()])
    first = await send(tallbacka, content, form_id="3f0d3c61-32f5-4d0b-8f2c-0d5f3f4e5a11")
    second = await send(tallbacka, content, form_id="3f0d3c61-32f5-4d0b-8f2c-0d5f3f4e5a11")
    assert first.headers["location"] == second.headers["location"]
    third = await send(tallbacka, content)
    assert third.status_code == 422 and "redan inskickad" in third.text
    assert first.headers["location"] in third.text
    assert len(await rows_of(tallbacka, "report_batch")) == 1


async def test_done_twice_each_step_is_done_once(tallbacka: Town) -> None:
    batch = await sent(tallbacka, as_csv([a_row(n) for n in range(3)]))
    filled = chosen(await batch.page())
    await batch.act("kolumner", **filled)
    await batch.confirm()
    assert (await batch.confirm()).status_code == 303
    async with tallbacka.scope():
        (row,) = await fetch("SELECT id FROM report_batch")
    async with tallbacka.scope():
        await take_in_chunk(
            row["id"], 0
        )  # As when a worker dies before it has said that it is done.
    assert await counted(tallbacka) == (3, 3)
    assert (await batch.act("kolumner", **filled)).status_code == 303
    assert (await batch.act("slang")).status_code == 303
    assert await counted(tallbacka) == (3, 3)
    await batch.act("angra")
    await batch.act("angra")
    assert await counted(tallbacka) == (0, 0)


async def test_an_undone_file_is_as_if_it_never_came(tallbacka: Town) -> None:
    own = await tallbacka.post(
        "/rapportera",
        role="reporter",
        category="graffiti",
        place="usual",
        area=tallbacka.areas["Ruta 1"],
        when="now",
    )
    assert own.status_code in (200, 303)
    before = await counted(tallbacka), await counted(tallbacka, "form")
    content = as_csv([a_row(n, Tid="") for n in range(1200)])
    batch = await sent(tallbacka, content)
    await batch.take_in()
    reports = await rows_of(tallbacka)
    assert len(reports) == 1201
    # What has been said of the file's reports since goes with them; the other one stands.
    imported = [row["id"] for row in reports if row["batch_id"]]
    (mine,) = [row["id"] for row in reports if not row["batch_id"]]
    merged = await tallbacka.post(f"/inkorg/{mine}/sla-ihop", role=COORDINATOR, into=imported[0])
    assert merged.status_code in (200, 303), merged.status_code
    assert await counted(tallbacka, "form") == (0.5, 1200)
    await batch.act("angra")
    assert "Filen är ångrad." in await batch.page()
    assert [row["id"] for row in await rows_of(tallbacka)] == [mine]
    assert (await counted(tallbacka), await counted(tallbacka, "form")) == before
    # The same file can be sent anew.
    await (await sent(tallbacka, content)).take_in()
    assert len(await rows_of(tallbacka)) == 1201


async def test_others_that_were_one_event_with_a_report_of_the_file_still_are(
    tallbacka: Town,
) -> None:
    mine = [str(uuid4()) for _ in range(2)]
    for one in mine:
        await tallbacka.post(
            "/rapportera",
            role="reporter",
            report_id=one,
            category="graffiti",
            place="usual",
            area=tallbacka.areas["Ruta 1"],
            when="now",
        )
    batch = await sent(tallbacka, as_csv([a_row(1)]))
    await batch.take_in()
    (imported,) = [row["id"] for row in await rows_of(tallbacka) if row["batch_id"]]
    for one in mine:
        merged = await tallbacka.post(f"/inkorg/{one}/sla-ihop", role=COORDINATOR, into=imported)
        assert merged.status_code in (200, 303)
    assert (await counted(tallbacka, "form"))[0] == pytest.approx(2 / 3, abs=1e-5)
    await batch.act("angra")
    assert (await counted(tallbacka, "form"))[0] == 1
    assert await counted(tallbacka) == (0, 1)


async def test_a_dropped_file_leaves_nothing(tallbacka: Town) -> None:
    batch = await sent(tallbacka, as_csv([a_row()]))
    await batch.act("slang")
    assert "Filen är slängd." in await batch.page()
    assert await rows_of(tallbacka, "batch_chunk") == []
    assert (await batch.confirm()).status_code == 303
    assert await counted(tallbacka) == (0, 0)


async def test_what_points_out_a_person_does_not_come_in(tallbacka: Town) -> None:
    rows = [
        a_row(1, Beskrivning="Ring mig på 070-123 45 67 om klottret."),
        a_row(2, Beskrivning="Kalle var där igen."),
        a_row(3, Beskrivning="Klotter på väggen."),
    ]
    batch = await sent(tallbacka, as_csv(rows))
    await batch.take_in()
    async with tallbacka.scope():
        texts = {row["text"] for row in await fetch("SELECT text FROM report")}
        held = await fetch_row("SELECT text FROM held_text")
    assert texts == {"Ring mig på om klottret.", None, "Klotter på väggen."}
    assert held is not None and held["text"] == "Kalle var där igen."
    page = await batch.page()
    assert "borttaget" in page and "karantän" in page
    assert "Kalle" in (await tallbacka.get("/inkorg", role=COORDINATOR)).text


async def test_excel_is_read_as_csv_is(tallbacka: Town) -> None:
    rows: list[list[Any]] = [
        ["Datum", "Kategori", "Lat", "Long", "Oro"],
        [YESTERDAY, "Klotter", 61.3, 17.05, 3.0],
        [YESTERDAY, "Klotter", 61.3, 17.06, 2.0],
    ]
    rows[1:1] = [[], []]  # Empty rows are counted as the spreadsheet counts them.
    rows.append([YESTERDAY, "Klotter", 61.3, 17.05, 7.0])
    batch = await sent(tallbacka, as_excel([[], *rows]), name="felanmälan.xlsx")
    await batch.take_in()
    assert '<th scope="row">7</th>' in await batch.page()
    areas = [row["area_id"] for row in await rows_of(tallbacka)]
    assert set(areas) == {tallbacka.areas["Ruta 1"], tallbacka.areas["Ruta 2"]}
    assert await counted(tallbacka) == (2, 2)


async def test_a_clock_of_noughts_beside_a_time_is_no_time(tallbacka: Town) -> None:
    rows = [a_row(1, Datum=f"{YESTERDAY} 00:00:00", Tid="13:45")]
    await (await sent(tallbacka, as_csv(rows))).take_in()
    (report,) = await rows_of(tallbacka)
    assert report["occurred_from"].astimezone(STOCKHOLM).strftime("%H:%M") == "13:45"


async def test_what_was_wrong_by_another_meaning_is_not_told(tallbacka: Town) -> None:
    rows = [a_row(n, Datum="2026-03-04") for n in range(1100)]
    batch = await sent(tallbacka, as_csv([*rows, a_row(9999, Tid="99.99")]))
    await batch.confirm_columns(order="mdy")
    assert "Datumet står inte i den ordning" in await batch.page()
    await batch.confirm_columns("?andra=1", order="ymd")
    page = await batch.page()
    assert "Datumet står inte i den ordning" not in page and "Det är inget klockslag." in page


@pytest.mark.parametrize(
    ("days", "order"),
    [
        (["24-03-26", "25-03-26", "02-04-26"], "dmy"),
        (["26-03-24", "26-03-25", "26-04-02"], "ymd"),
        (["31-03-26"], "dmy"),
        (["24-03-26"], "ymd"),
        (["03/29/2026", "03/30/2026"], "mdy"),
        (["03/04/2026"], "dmy"),
        (["03/29/2026", "29/03/2026"], "ymd"),
    ],
)
async def test_the_order_of_a_date_is_guessed_from_all_of_them(
    tallbacka: Town, days: list[str], order: str
) -> None:
    batch = await sent(tallbacka, as_csv([a_row(n, Datum=day) for n, day in enumerate(days)]))
    assert chosen(await batch.page())["order"] == order


async def test_windows_1252_with_semicolons_and_decimal_commas(tallbacka: Town) -> None:
    rows = [
        {"Händelse": "Ödeläggelse", "Inträffat": f"{YESTERDAY:%d.%m.%Y} 21:05",
         "Latitud": "61,3001", "Longitud": "17,0502", "Anteckning": "Kiosken åt väster"}
    ]  # fmt: skip
    batch = await sent(tallbacka, as_csv(rows, encoding="cp1252"))
    page = await batch.page()
    assert "Ödeläggelse" in page and chosen(page)["order"] == "dmy"
    await batch.take_in(**{"category-0-0": "vandalism_other"})
    (report,) = await rows_of(tallbacka)
    assert (report["latitude"], report["longitude"]) == (61.3001, 17.0502)
    assert report["text"] == "Kiosken åt väster"


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"Datum": "igår"}, "Datumet går inte att läsa."),
        ({"Datum": ""}, "Raden saknar datum."),
        ({"Datum": str(date.today() + timedelta(days=3))}, "Den tiden har inte varit än."),
        ({"Datum": "2019-01-01"}, "Tiden ligger mer än 5 år tillbaka."),
        ({"Tid": "25.00"}, "Det är inget klockslag."),
        ({"Datum": f"{YESTERDAY} 13:00-15:30"}, "Datumet går inte att läsa."),
        ({"Datum": f"{YESTERDAY} 18:00-24:00"}, "Datumet går inte att läsa."),
        ({"Datum": f"{YESTERDAY} 18:00+0199"}, "Datumet går inte att läsa."),
        ({"Typ": ""}, "Raden säger inte vad som hänt."),
        ({"Område": ""}, "Raden säger inte var det var."),
        ({"Beskrivning": "lång " * 100}, "Texten är 499 tecken."),
    ],
)
async def test_a_wrong_row_is_told_with_its_number(
    tallbacka: Town, changed: dict[str, str], message: str
) -> None:
    batch = await sent(tallbacka, as_csv([a_row(1), a_row(2, **changed), a_row(3)]))
    await batch.confirm_columns()
    page = await batch.page()
    assert message in page and '<th scope="row">3</th>' in page
    assert "Läs in 2 rapporter" in page
    told = await tallbacka.get(f"{batch.path}/fel.csv", role=COORDINATOR)
    assert message in told.text
    await batch.confirm()
    assert await counted(tallbacka) == (2, 2)


@pytest.mark.parametrize(
    ("latitude", "longitude", "message"),
    [
        ("17,05", "61,3", "har bytt plats"),
        ("59,0", "17,05", "utanför kommunen"),
        ("612345", "6800123", "Norr och öster har bytt plats"),
        ("1500123", "140123", "varken grader eller SWEREF 99 TM"),
        ("7 000 000,5", "612345", "utanför kommunen"),
        ("sextio", "17", "inte två tal"),
        ("nan", "17", "varken grader eller SWEREF 99 TM"),
    ],
)
async def test_a_point_that_cannot_be_is_told(
    tallbacka: Town, latitude: str, longitude: str, message: str
) -> None:
    batch = await sent(tallbacka, as_csv([a_row(1, Lat=latitude, Long=longitude)]))
    await batch.confirm_columns()
    assert message in await batch.page()


async def test_rows_can_be_left_out_by_their_word(tallbacka: Town) -> None:
    batch = await sent(tallbacka, as_csv([a_row(1), a_row(2, Typ="Provlarm")]))
    refused = await batch.confirm_columns()
    assert refused.status_code == 422 and "Välj vad Provlarm är." in refused.text
    await batch.take_in(**{"category-3-1": "-"})
    assert await counted(tallbacka) == (1, 1)


async def test_the_meaning_can_be_changed_before_it_is_taken_in(tallbacka: Town) -> None:
    rows = [a_row(1, Datum="2026-03-04"), a_row(2, Datum="2026-05-06")]
    batch = await sent(tallbacka, as_csv(rows))
    await batch.confirm_columns(order="dmy")
    page = await batch.page()
    assert "Läs in 2" not in page and "Datumet står inte i den ordning" in page
    await batch.confirm_columns("?andra=1", order="ymd")
    page = await batch.page()
    assert "Läs in 2 rapporter" in page and "Det som är fel" not in page


async def test_old_years_change_no_week_of_now(tallbacka: Town) -> None:
    old = local_day() - timedelta(days=700)
    rows = [a_row(n, Datum=str(old - timedelta(days=n % 50))) for n in range(300)]
    await (await sent(tallbacka, as_csv(rows))).take_in()
    page = (await tallbacka.get("/lagesbild", role=COORDINATOR)).text
    assert "300 äldre rapporter från en aktör har kommit in" in page


async def test_no_other_municipality_sees_the_file(tallbacka: Town, sjohaga: Town) -> None:
    batch = await sent(tallbacka, as_csv([a_row()]))
    for way in ("", "/_lage", "/fel.csv"):
        assert (await sjohaga.get(f"{batch.path}{way}", role=COORDINATOR)).status_code == 404
    for act in ("kolumner", "las-in", "angra", "slang"):
        answer = await sjohaga.post(f"{batch.path}/{act}", role=COORDINATOR)
        assert answer.status_code == 404


async def test_points_in_metres_are_those_of_the_authorities_grid(tallbacka: Town) -> None:
    # The middle of Ruta 1, 61.3 N 17.05 E.
    rows = [a_row(1, Nord="6797926,9", Öst="609816.1")]
    batch = await sent(tallbacka, as_csv(rows))
    await batch.take_in(latitude="Nord", longitude="Öst")
    (report,) = await rows_of(tallbacka)
    assert report["area_id"] == tallbacka.areas["Ruta 1"]
    assert (report["latitude"], report["longitude"]) == (61.3, 17.05)


async def test_a_number_of_something_else_is_not_guessed_as_the_cases(tallbacka: Town) -> None:
    rows = [{key: cell for key, cell in a_row(n).items() if key != "Ärendenr"} for n in range(5)]
    batch = await sent(tallbacka, as_csv([row | {"Objekt nr": "17"} for row in rows]))
    assert chosen(await batch.page())["reference"] == ""
    alone = await sent(tallbacka, as_csv([row | {"Nr": str(n)} for n, row in enumerate(rows)]))
    assert chosen(await alone.page())["reference"] == "Nr"


async def test_the_check_says_how_many_rows_tell_of_the_same_case(tallbacka: Town) -> None:
    await (await sent(tallbacka, as_csv([a_row(1)]))).take_in()
    batch = await sent(tallbacka, as_csv([a_row(n) for n in (1, 2, 2, 2, 3)]))
    await batch.confirm_columns()
    page = await batch.page()
    assert "Av dem samma ärende som en annan rad, eller inläst förut</dt><dd>3</dd>" in page
    assert "Läs in 2 rapporter" in page
    await batch.confirm()
    assert len(await rows_of(tallbacka)) == 3
    again = await sent(tallbacka, as_csv([a_row(n) for n in (1, 2)]))
    await again.confirm_columns()
    assert "/las-in" not in await again.page()


async def test_a_yes_is_to_the_coupling_that_was_shown(tallbacka: Town) -> None:
    batch = await sent(tallbacka, as_csv([a_row(1), a_row(2, Typ="Skräp")]))
    await batch.confirm_columns(**{"category-3-0": "littering", "category-3-1": "graffiti"})
    shown = await batch.page()
    assert "Läs in 2 rapporter" in shown
    other_tab = {"category-3-0": "noise", "category-3-1": "-"}
    await batch.confirm_columns("?andra=1", **other_tab)
    (version,) = re.findall(r'name="version" value="(\d+)"', shown)
    assert (await batch.act("las-in", version=version)).status_code == 303
    assert await rows_of(tallbacka) == []
    await batch.confirm()
    assert len(await rows_of(tallbacka)) == 1


async def test_a_mended_file_of_the_same_name_is_another_file(tallbacka: Town) -> None:
    form_id = str(uuid4())
    broken = await send(tallbacka, b"\x00\x01", form_id=form_id)
    mended = await send(tallbacka, as_csv([a_row()]), form_id=form_id)
    again = await send(tallbacka, as_csv([a_row()]), form_id=form_id)
    assert broken.headers["location"] != mended.headers["location"] == again.headers["location"]


async def test_a_day_that_a_program_wrote_with_noughts_has_no_time(tallbacka: Town) -> None:
    days = [f"{YESTERDAY - timedelta(days=n)} 00:00:00" for n in range(3)]
    rows = [a_row(n, Datum=day, Tid="") for n, day in enumerate(days)]
    await (await sent(tallbacka, as_csv(rows))).take_in()
    kinds = [report["time_kind"] for report in await rows_of(tallbacka)]
    assert kinds == ["interval"] * 3
    # Where other rows have times, midnight is one.
    mixed = [
        a_row(7, Datum=f"{YESTERDAY} 00:00", Tid=""),
        a_row(8, Datum=f"{YESTERDAY} 13:45", Tid=""),
    ]
    await (await sent(tallbacka, as_csv(mixed))).take_in()
    assert sum(report["time_kind"] == "exact" for report in await rows_of(tallbacka)) == 2


@pytest.mark.parametrize(
    ("began", "ended", "hours"), [("13:00", "15:00", 2), ("23:00", "01:30", 2.5)]
)
async def test_an_end_may_be_a_time_alone(
    tallbacka: Town, began: str, ended: str, hours: float
) -> None:
    day = YESTERDAY - timedelta(days=1)
    rows = [a_row(1, Datum=day.isoformat(), Tid=began, Sluttid=ended)]
    await (await sent(tallbacka, as_csv(rows))).take_in()
    (report,) = await rows_of(tallbacka)
    assert report["occurred_to"] - report["occurred_from"] == timedelta(hours=hours)


async def test_what_is_no_day_is_not_told_to_be_in_another_order(tallbacka: Town) -> None:
    batch = await sent(tallbacka, as_csv([a_row(1, Datum="46085"), a_row(2, Datum="03.29.2026")]))
    await batch.confirm_columns(order="ymd")
    page = await batch.page()
    assert "Datumet går inte att läsa." in page and "Datumet står inte i den ordning" in page


async def test_what_nobody_has_read_is_not_kept_among_the_errors(tallbacka: Town) -> None:
    long = "850709-9805 ringde. " + "Två rutor mot gården. " * 30
    batch = await sent(
        tallbacka, as_csv([a_row(1, Beskrivning=long, Oro="2"), a_row(2, Oro="850709-9805")])
    )
    await batch.confirm_columns()
    page = await batch.page()
    assert "tecken. Den får vara högst" in page and "Oron anges som" in page
    async with tallbacka.scope():
        kept = [row["value"] for row in await fetch("SELECT value FROM batch_error")]
    assert kept and not any("850709" in value for value in kept)


async def test_nothing_is_left_where_something_must_be_said(tallbacka: Town) -> None:
    batch = await sent(tallbacka, as_csv([a_row(1, Typ="Annat", Beskrivning="850709-9805")]))
    await batch.confirm_columns(**{"category-3-0": "other"})
    assert "Beskriv kort vad det gäller." in await batch.page()


@pytest.mark.parametrize(
    "above", ["sep=;\r\n", "Ärenden 2026\r\n", "Ärenden;;;;;\r\nUttag 2026-11-26\r\n\r\n"]
)
async def test_what_stands_above_the_headings_is_passed_over(tallbacka: Town, above: str) -> None:
    content = above.encode() + as_csv([a_row(1), a_row(2)])
    batch = await sent(tallbacka, content)
    await batch.take_in()
    assert len(await rows_of(tallbacka)) == 2


async def test_headings_that_come_again_are_each_a_column(tallbacka: Town) -> None:
    content = "Typ;Typ #4;Datum;Typ;Område\r\nKlotter;a;2026-11-20;b;Ruta 1\r\n".encode()
    page = await (await sent(tallbacka, content)).page()
    names = re.search(r'<select[^>]*name="category".*?</select>', page, re.DOTALL)
    assert names is not None
    options = re.findall(r'<option value="([^"]*)"', names[0])
    assert len(options) == len(set(options)) and len([one for one in options if "Typ" in one]) == 3
