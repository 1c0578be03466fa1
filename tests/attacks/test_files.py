"""Attack 33 and bad input: a file that is none gives one line for people, and stores nothing."""

import gzip
from pathlib import Path

import pytest

from service.sources.police.importing import BrokenFile, import_file
from tenants.scope import fetch, fetch_value
from tests.cycle.mapping.batches.files import COORDINATOR, a_row, as_csv, chosen, sent
from tests.town import Town

HEADER = b"id,published,occurred,type,place,api_area,lat,lon,summary\n"


@pytest.mark.parametrize(
    "held",
    [
        b"",
        b"\xef\xbb\xbf",
        b"\0" * 5000,
        b"x" * 300_000,
        b'"' + b"x" * 300_000,
        b"a\rb\rc,d\n1,2",
        b"\x1f\x8b",
        b"\x1f\x8b" + b"\xff" * 100,
        b'\x1f"\x08\x00\r"x",y\rz',
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 50,
        b"PK\x03\x04" + bytes(range(256)) * 50,
        gzip.compress(b"\r" * 200_000),
    ],
    ids=lambda held: repr(held[:12]),
)
async def test_what_is_no_file_of_the_police(tallbacka: Town, tmp_path: Path, held: bytes) -> None:
    file = tmp_path / "events"
    file.write_bytes(held)
    with pytest.raises(BrokenFile) as broken:
        await import_file(file)
    assert "\n" not in str(broken.value) and len(str(broken.value)) < 300
    async with tallbacka.scope():
        assert await fetch_value("SELECT count(*) FROM police_event") == 0


@pytest.mark.parametrize(
    "row",
    [
        b"1,0001-01-01T00:00:00+14:00,0001-01-01T00:00,R\xc3\xa5n,Tallbacka,,1,2,x\n",
        b"1,9999-12-31T23:59:59-14:00,9999-12-31T23:59,R\xc3\xa5n,Tallbacka,,1,2,x\n",
        b"99999999999999999999,2025-01-01T00:00:00+00:00,,R\xc3\xa5n,Tallbacka,,1,2,x\n",
        b"1;DROP TABLE report,2025-01-01T00:00:00+00:00,,R\xc3\xa5n,Tallbacka,,1,2,x\n",
        b"1,2025-01-01T00:00:00+00:00,,R\xc3\xa5n\0,Tallbacka\0,,1,2,x\n",
        b'1,2025-01-01T00:00:00+00:00,,"' + b"x" * 300_000 + b'",Tallbacka,,1,2,x\n',
        b'1,2025-01-01T00:00:00+00:00,,R\xc3\xa5n,"Tallbacka',
    ],
    ids=lambda row: repr(row[:30]),
)
async def test_a_row_that_cannot_be_read_is_pointed_out_alone(
    tallbacka: Town, tmp_path: Path, row: bytes
) -> None:
    file = tmp_path / "events.csv"
    file.write_bytes(HEADER + row)
    summary = await import_file(file)
    assert summary.taken == 0 and summary.read == summary.skipped.total() == 1
    async with tallbacka.scope():
        assert await fetch_value("SELECT count(*) FROM police_event") == 0


async def test_a_file_cannot_name_another_municipality_nor_its_rows(
    tallbacka: Town, sjohaga: Town
) -> None:
    theirs = await sent(sjohaga, as_csv([a_row(7, Beskrivning="Deras egen.")]))
    await theirs.take_in()
    async with sjohaga.scope():
        before = [dict(row) for row in await fetch("SELECT * FROM report")]
    foreign = {
        "tenant_id": str(sjohaga.id),
        "organisation_id": str(sjohaga.organisations["Polisen"]),
        "id": str(before[0]["id"]),
        "Område": str(sjohaga.areas["Ruta 1"]),
    }
    ours = await sent(tallbacka, as_csv([a_row(7, **foreign)]))
    page = await ours.page()
    # A place is told by its name here, or chosen among the own ones.
    assert chosen(page)["area-4-0"] == "" and str(sjohaga.areas["Ruta 2"]) not in page
    refused = await ours.confirm_columns(**{"area-4-0": str(sjohaga.areas["Ruta 1"])})
    assert refused.status_code == 422
    await ours.take_in(**{"area-4-0": "ruta-1"})
    async with tallbacka.scope():
        (report,) = await fetch("SELECT * FROM report")
    assert report["organisation_id"] == tallbacka.organisations["Bostadsbolaget"]
    assert report["area_id"] == tallbacka.areas["Ruta 1"]
    async with sjohaga.scope():
        assert [dict(row) for row in await fetch("SELECT * FROM report")] == before
    other = await sjohaga.get(ours.path, role=COORDINATOR)
    assert other.status_code == 404
