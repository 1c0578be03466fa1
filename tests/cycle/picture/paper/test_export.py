"""A picture's numbers as files: exactly what the page shows, and safe in a spreadsheet."""

import csv
import io
import json

import pytest

from tenants.scope import execute, fetch, fetch_value
from tests.cycle.picture.editions.test_draft import COORDINATOR, approved
from tests.cycle.picture.history import compiled, live_through
from tests.town import Town

FORMS = ("csv", "json", "geojson")


async def test_who_sees_all_fetches_all(tallbacka: Town) -> None:
    await live_through(tallbacka, weeks=60)
    content = (await compiled(tallbacka))["wide"]
    answer = await tallbacka.get("/lagesbild/data/csv", role=COORDINATOR)
    assert answer.status_code == 200 and answer.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    cells = [row for row in rows[1:] if len(row) == 8]
    assert len(cells) == len(content["cells"]["area"])
    assert sum(float(row[3].replace(",", ".")) for row in cells) == pytest.approx(
        sum(content["cells"]["four"]), abs=0.01
    )
    assert any(row and row[0] == "source" for row in rows)
    told = (await tallbacka.get("/lagesbild/data/json", role=COORDINATOR)).json()
    assert told["content"]["total"] == content["total"] and told["method"]
    areas = (await tallbacka.get("/lagesbild/data/geojson", role=COORDINATOR)).json()
    assert areas["type"] == "FeatureCollection"
    assert {one["properties"]["name"] for one in areas["features"]} == {
        area["name"] for area in content["areas"]
    }
    assert all(one["geometry"]["type"] in ("Polygon", "MultiPolygon") for one in areas["features"])


async def test_a_reporter_fetches_sums_and_nothing_beside_them(tallbacka: Town) -> None:
    await live_through(tallbacka, weeks=60)
    await compiled(tallbacka)
    edition = await approved(tallbacka)
    for base in ("/lagesbild/data", f"{edition}/data"):
        for form in FORMS:
            answer = await tallbacka.get(f"{base}/{form}", role="reporter")
            assert answer.status_code == 200
            for hidden in ("priorities", "expected", "by_area", "Väntat", "period", "actors_8"):
                assert hidden not in answer.text, (form, hidden)
        sums = (await tallbacka.get(f"{base}/json", role="reporter")).json()["content"]
        rows = (await tallbacka.get(f"{base}/csv", role="reporter")).content.decode("utf-8-sig")
        counts = [row[4] for row in csv.reader(io.StringIO(rows), delimiter=";") if len(row) == 5]
        assert counts[1:] == [str(group["count"]) for group in sums["groups"]]


async def test_a_name_that_is_a_formula_is_text(tallbacka: Town) -> None:
    await live_through(tallbacka, weeks=20)
    async with tallbacka.scope():
        await execute("UPDATE area SET name = '=HYPERLINK(1)' WHERE name = 'Ruta 1'")
    await compiled(tallbacka)
    text = (await tallbacka.get("/lagesbild/data/csv", role=COORDINATOR)).text
    assert "'=HYPERLINK(1)" in text and '"=HYPERLINK' not in text


async def test_what_was_fetched_is_in_the_log_and_who_may_not(
    tallbacka: Town, sjohaga: Town
) -> None:
    await live_through(tallbacka, weeks=20)
    await compiled(tallbacka)
    edition = await approved(tallbacka)
    await tallbacka.get("/lagesbild/data/json", role="steering_member")
    await tallbacka.get(f"{edition}/data/csv", role="steering_member")
    async with tallbacka.scope():
        lines = await fetch(
            "SELECT detail FROM audit_event WHERE verb = 'picture.export' ORDER BY at"
        )
    assert [json.loads(line["detail"])["form"] for line in lines] == ["json", "csv"]
    for form in FORMS:
        assert (await tallbacka.get(f"/lagesbild/data/{form}", role="auditor")).status_code == 403
        there = await sjohaga.get(f"{edition}/data/{form}", role=COORDINATOR)
        assert there.status_code == 404
    assert (await tallbacka.get("/lagesbild/data/exe", role=COORDINATOR)).status_code == 404
    before = await sjohaga.get("/lagesbild/data/csv", role=COORDINATOR)
    assert before.status_code == 404
    async with sjohaga.scope():
        exported = "SELECT count(*) FROM audit_event WHERE verb = 'picture.export'"
        assert await fetch_value(exported) == 0


async def test_a_file_is_kept_and_never_drawn(tallbacka: Town) -> None:
    await live_through(tallbacka, weeks=20)
    await compiled(tallbacka)
    for form in FORMS:
        answer = await tallbacka.get(f"/lagesbild/data/{form}", role=COORDINATOR)
        assert answer.headers["content-disposition"].startswith("attachment;")
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "html" not in answer.headers["content-type"]
