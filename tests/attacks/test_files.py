"""Attack 33 and bad input: a file that is none gives one line for people, and stores nothing."""

import gzip
from pathlib import Path

import pytest

from service.sources.police.importing import BrokenFile, import_file
from tenants.scope import fetch_value
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
