"""Attacks 48, 81, 92: the log is read by those who watch, filtered, and fetched as a safe file."""

import csv
from io import StringIO
from typing import Any

import pytest

from service.web.spreadsheet import as_csv
from tenants import audit
from tenants.audit.seal import seal
from tenants.scope import fetch, fetch_value
from tests.town import Town

WATCHERS = ("auditor", "dpo", "records_officer")


async def write(town: Town, verb: str, **line: Any) -> None:
    async with town.scope():
        await audit.record(by=None, verb=verb, object_kind="thing", **line)


@pytest.mark.parametrize("role", WATCHERS)
async def test_who_watches_reads_who_did_what_from_where_and_why(
    tallbacka: Town, role: str
) -> None:
    await tallbacka.post("/rapportera/inget", role="reporter", week="2020-01-01")
    client = await tallbacka.client("safety_coordinator")
    chrome = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/120.0.0.0 Safari/537.36"
    await client.get(f"/{tallbacka.slug}/rapporter", headers={"user-agent": chrome})
    await write(tallbacka, "test.act", reason="Ärende 17")
    async with tallbacka.scope():
        await seal()
    answer = await tallbacka.get("/granskning", role=role)
    assert answer.status_code == 200
    for said in ("läste rapporter", "Prov safety coordinator", "Chrome 120, Windows", "Ärende 17"):
        assert said in answer.text
    assert "sigill 1" in answer.text and "väntar på sigill" not in answer.text
    again = await tallbacka.get("/granskning", role=role)
    assert "läste loggen" in again.text, "reading the log is logged"


@pytest.mark.parametrize(
    "role", ["safety_coordinator", "tenant_admin", "reporter", "steering_member"]
)
async def test_nobody_else_reads_it(tallbacka: Town, role: str) -> None:
    for path in ("/granskning", "/granskning/logg.csv"):
        assert (await tallbacka.get(path, role=role)).status_code == 403


async def test_the_log_is_filtered_by_time_person_act_and_thing(tallbacka: Town) -> None:
    await (await tallbacka.client("safety_coordinator")).get(f"/{tallbacka.slug}/rapporter")
    await write(tallbacka, "test.one", object_id="sak-1")
    await write(tallbacka, "test.two", object_id="sak-2")
    person = await tallbacka.add_member("safety_coordinator")

    async def shown(**query: str) -> list[str]:
        answer = await tallbacka.get("/granskning/logg.csv", role="auditor", params=query)
        assert answer.status_code == 200
        rows = list(csv.reader(StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
        return [row[2] for row in rows[1:] if row[2] != "hämtade loggen som fil"]

    assert await shown(verb="test.one") == ["test.one"]
    assert await shown(id="sak-2") == ["test.two"]
    assert await shown(sak="report") == ["läste rapporter"]
    assert await shown(person=str(person)) == ["läste rapporter"]
    assert await shown(fran="2020-01-01", till="2020-12-31") == []
    assert set(await shown(fran="2026-01-01")) == {"test.one", "test.two", "läste rapporter"}


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"fran": "igår"}, "Skriv dagen som"),
        ({"till": "2026-13-01"}, "Skriv dagen som"),
        ({"fran": "9999-12-31"}, "Skriv dagen som"),
        ({"fran": "2026-02-01", "till": "2026-01-01"}, "ligger före"),
        ({"person": "alla"}, "Välj en person"),
    ],
)
async def test_what_cannot_be_read_is_said_next_to_the_field_and_kept(
    tallbacka: Town, query: dict[str, str], said: str
) -> None:
    answer = await tallbacka.get("/granskning", role="auditor", params=query)
    assert answer.status_code == 422
    assert said in answer.text
    for name, value in query.items():
        if name != "person":
            assert f'value="{value}"' in answer.text
    file = await tallbacka.get("/granskning/logg.csv", role="auditor", params=query)
    assert file.status_code == 422


@pytest.mark.parametrize("odd", ["\0", "'; DROP TABLE audit_event; --", "%", "x" * 5000])
async def test_strange_words_find_nothing_and_break_nothing(tallbacka: Town, odd: str) -> None:
    answer = await tallbacka.get(
        "/granskning", role="auditor", params={"verb": odd + "x", "id": odd}
    )
    assert answer.status_code == 200


async def test_the_neighbours_log_is_not_there(tallbacka: Town, sjohaga: Town) -> None:
    await write(tallbacka, "test.secret", object_id="hemligt")
    assert "hemligt" not in (await sjohaga.get("/granskning", role="auditor")).text
    assert "hemligt" not in (await sjohaga.get("/granskning/logg.csv", role="auditor")).text
    client = await sjohaga.client("auditor")
    for path in ("granskning", "granskning/logg.csv"):
        assert (await client.get(f"/{tallbacka.slug}/{path}")).status_code == 404


async def test_what_is_written_in_the_log_is_shown_as_text(tallbacka: Town) -> None:
    """Attack 48: markup and line breaks in a logged value."""
    await write(tallbacka, "test.act", object_id="<script>x</script>\r\nfalsk rad", reason="=1+1")
    page = await tallbacka.get("/granskning", role="auditor")
    assert "<script>x" not in page.text and "&lt;script&gt;x" in page.text
    file = await tallbacka.get("/granskning/logg.csv", role="auditor")
    rows = list(csv.reader(StringIO(file.content.decode("utf-8-sig")), delimiter=";"))
    assert all(len(row) == 10 for row in rows)
    assert "'=1+1" in [row[8] for row in rows]
    assert file.headers["content-disposition"].startswith('attachment; filename="logg-')


@pytest.mark.parametrize(
    "value",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "＝1",
        "＋1",
        "－1",
        "＠x",
        " =1",
        "\u00a0=1",
        "=cmd|' /C calc'!A0",
        "\ufeff=1",
    ],
)
def test_no_cell_is_taken_for_a_formula(value: str) -> None:
    """Attack 81: in a cell and in a head; what was written is still there behind the mark."""
    written = as_csv([value], [[value], ["vanlig text"]]).decode("utf-8-sig")
    rows = list(csv.reader(StringIO(written, newline=""), delimiter=";"))
    assert rows[0][0] == rows[1][0] == f"'{value}"
    assert rows[2][0] == "vanlig text"


async def test_files_are_fetched_a_few_at_a_time(tallbacka: Town, sjohaga: Town) -> None:
    answers = [await tallbacka.get("/granskning/logg.csv", role="dpo") for _ in range(11)]
    assert [one.status_code for one in answers] == [200] * 10 + [429]
    assert answers[-1].headers["retry-after"] == "60"
    async with tallbacka.scope():
        assert (
            await fetch_value("SELECT count(*) FROM audit_event WHERE verb = 'audit.export'") == 10
        )
    assert (await tallbacka.get("/granskning/logg.csv", role="auditor")).status_code == 200
    assert (await sjohaga.get("/granskning/logg.csv", role="dpo")).status_code == 200


async def test_a_header_writes_nothing_of_its_own_into_the_log(tallbacka: Town) -> None:
    client = await tallbacka.client("safety_coordinator")
    await client.get(
        f"/{tallbacka.slug}/rapporter", headers={"user-agent": "Anna Lind Firefox/" + "9" * 400}
    )
    async with tallbacka.scope():
        rows = await fetch("SELECT client, address FROM audit_event WHERE verb = 'report.read'")
    assert [row["client"] for row in rows] == ["Firefox 9999"]
    assert rows[0]["address"].startswith("10.")
