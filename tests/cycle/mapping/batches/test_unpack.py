"""Files that are broken, hostile or merely odd: read, or refused with the reason."""

import io
import random
import zipfile

import pytest

from tenants.scope import fetch_value
from tests.cycle.mapping.batches.files import COORDINATOR, a_row, as_csv, as_excel, send, sent
from tests.town import Town


def a_bomb(megabytes: int) -> bytes:
    """A workbook whose sheet is that large, in a file of some kilobytes."""
    whole = as_excel([["Datum", "Typ"], ["x", "y"]])
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(whole)) as given,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as made,
    ):
        for part in given.infolist():
            content = given.read(part)
            if part.filename.endswith("sheet1.xml"):
                cell = b'<row><c t="inlineStr"><is><t>' + b"A" * 1000 + b"</t></is></c></row>"
                rows = cell * (megabytes * 1024)
                content = content.replace(b"</sheetData>", rows + b"</sheetData>")
            made.writestr(part.filename, content)
    return out.getvalue()


def a_lying_bomb(megabytes: int) -> bytes:
    """The same, which says of itself that it is small."""
    bomb = bytearray(a_bomb(megabytes))
    with zipfile.ZipFile(io.BytesIO(bytes(bomb))) as given:
        (part,) = [one for one in given.infolist() if one.filename.endswith("sheet1.xml")]
    size = part.file_size.to_bytes(4, "little")
    while (at := bomb.find(size)) >= 0:
        bomb[at : at + 4] = (1000).to_bytes(4, "little")
    return bytes(bomb)


REFUSED = {
    "empty": (b"\n\n;;\n", "ingen rad med rubriker"),
    "only_heads": (b"Datum;Typ\n", "ingen rad med rubriker"),
    "a_picture": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "ingen tabell"),
    "broken_zip": (b"PK\x03\x04" + random.Random(1).randbytes(400), "Excelfilen är trasig"),
    "broken_ole": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "Excelfilen är trasig"),
    "open_quote": (b'Datum;Typ\n2026-01-01;"Klotter\n', "citattecken"),
    "wide": (b";".join(b"k%d" % n for n in range(101)) + b"\n1\n", "fler än 100 kolumner"),
    "undecodable": (b"Datum;Typ\n2026-01-01;\x81\x8d\xff\n", "teckenkodning"),
    "long": (b"Datum;Typ\n" + b"1;2\n" * 200_001, "fler än 200 000 rader"),
}


@pytest.mark.parametrize("kind", REFUSED)
async def test_what_is_no_table_is_refused_with_the_reason(tallbacka: Town, kind: str) -> None:
    content, reason = REFUSED[kind]
    batch = await sent(tallbacka, content)
    assert reason in await batch.page()


@pytest.mark.parametrize("bomb", [a_bomb, a_lying_bomb])
async def test_a_bomb_ends_its_reading_and_nothing_else(
    tallbacka: Town, bomb: type[object]
) -> None:
    content = bomb(900)  # type: ignore[call-arg]
    assert len(content) < 4_000_000  # type: ignore[arg-type]
    batch = await sent(tallbacka, content, name="bomb.xlsx")  # type: ignore[arg-type]
    page = await batch.page()
    assert "för stor när den packas upp" in page or "Excelfilen är trasig" in page
    # The worker goes on.
    await (await sent(tallbacka, as_csv([a_row()]))).take_in()


async def test_what_unpacks_to_much_text_is_stored_in_small_parts(tallbacka: Town) -> None:
    heads = [f"k{n}" for n in range(40)]
    batch = await sent(
        tallbacka, as_excel([heads, *[["x" * 1999] * 40] * 300]), name="utfyllt.xlsx"
    )
    assert "300 rader" in await batch.page()
    async with tallbacka.scope():
        longest = await fetch_value("SELECT max(length(rows::text)) FROM batch_chunk")
    assert longest < 2_000_000


async def test_ten_megabytes_of_text_in_a_cell_are_too_long_a_text(tallbacka: Town) -> None:
    batch = await sent(tallbacka, as_csv([a_row(1), a_row(2, Beskrivning="x" * 10_000_000)]))
    await batch.confirm_columns()
    page = await batch.page()
    assert "Texten är 2001 tecken." in page and "Läs in 1 rapport" in page


async def test_signs_that_nobody_types_do_no_harm(tallbacka: Town) -> None:
    odd = "Klotter \u202eratsup\u202c 👨‍👩‍👧 <script>alert(1)</script> =1+1"
    batch = await sent(tallbacka, as_csv([a_row(1, Beskrivning=odd, Område="=cmd|' /C'!A0")]))
    page = await batch.page()
    assert "<script>alert(1)" not in page and "\u202e" not in page and "👨‍👩‍👧" in page
    await batch.confirm_columns(**{"area-4-0": "ruta-1"})
    assert "Läs in 1 rapport" in await batch.page()


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
async def test_every_dialect_is_told(tallbacka: Town, encoding: str, delimiter: str) -> None:
    rows = [a_row(n, Beskrivning='Rutor, en; två| "tre" å') for n in range(3)]
    batch = await sent(tallbacka, as_csv(rows, encoding=encoding, delimiter=delimiter))
    assert "&#34;tre&#34; å" in await batch.page()


async def test_a_file_too_large_or_none_is_refused_beside_its_field(tallbacka: Town) -> None:
    none = await send(tallbacka, b"")
    assert none.status_code == 422 and 'id="file-error"' in none.text
    large = await send(tallbacka, b"a;b\n" * 7_000_000)
    assert large.status_code in (413, 422)
    assert (await send(tallbacka, b"a;b\n1;2\n", role="reporter")).status_code == 403
    assert (await tallbacka.get("/kallor/filer", role=COORDINATOR)).status_code == 200
