"""An edition on paper: made by a worker, the same each time, readable by everybody."""

import asyncio
import io
from itertools import pairwise
from typing import Any

import pikepdf
import pytest
import typst
from pypdf import PdfReader

from service.cycle.picture.paper.drawings import style
from service.cycle.picture.paper.typeset import typeset
from tenants.scope import execute, fetch_row, fetch_value
from tests.cycle.picture.editions.test_draft import COORDINATOR, approved, begun
from tests.cycle.picture.history import compiled, live_through
from tests.letterbox import Letterbox
from tests.town import Town

HOSTILE = '#import "/etc/passwd" #panic("x") *fet* $x^2$ `kod` <b>ej</b> \\ #read("/etc/passwd")'


@pytest.fixture(autouse=True)
def _mail(letterbox: Letterbox) -> None:
    """A worker that makes the PDF posts the letters about the edition too."""


async def printed(town: Town, path: str, role: str = COORDINATOR) -> bytes:
    """The PDF after a worker has made it."""
    assert (await town.post(f"{path}/pdf", role=role)).status_code == 303
    page = (await town.get(path, role=role)).text
    assert "PDF:en sätts" in page
    await town.work()
    assert "Hämta PDF" in (await town.get(path, role=role)).text
    answer = await town.get(f"{path}/pdf", role=role)
    assert answer.status_code == 200 and answer.headers["content-type"] == "application/pdf"
    assert "lagesbild-" in answer.headers["content-disposition"]
    return answer.content


def structure(pdf: bytes) -> list[tuple[str, str | None]]:
    """Tag and alternative text of every element of the document's structure, in order."""
    found: list[tuple[str, str | None]] = []

    def walk(element: Any) -> None:
        if isinstance(element, pikepdf.Array):
            for one in element:
                walk(one)
        elif isinstance(element, pikepdf.Dictionary):
            if "/S" in element:
                alt = element.get("/Alt")
                found.append((str(element["/S"]), str(alt) if alt is not None else None))
            if "/K" in element:
                walk(element["/K"])

    with pikepdf.open(io.BytesIO(pdf)) as opened:
        walk(opened.Root["/StructTreeRoot"]["/K"])
    return found


@pytest.mark.parametrize("kind", ["monthly", "yearly"])
async def test_everybody_can_read_it(tallbacka: Town, kind: str) -> None:
    await live_through(tallbacka, weeks=120)
    pdf = await printed(tallbacka, await approved(tallbacka, kind))
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        root = opened.Root
        assert str(root["/Lang"]).lower().startswith("sv")
        assert bool(root["/MarkInfo"]["/Marked"]) is True
        assert bool(root["/ViewerPreferences"]["/DisplayDocTitle"]) is True
        assert "/Outlines" in root
        with opened.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
            assert metadata["dc:title"].startswith("Lägesbild")
        fonts = [
            font
            for page in opened.pages
            for font in page.get("/Resources", {}).get("/Font", {}).values()
        ]
        assert fonts
    tags = structure(pdf)
    figures = [alt for tag, alt in tags if tag == "/Figure"]
    assert len(figures) >= 2 and all(alt and len(alt) > 20 for alt in figures)
    assert sum(tag == "/TH" for tag, _alt in tags) >= 20
    levels = [int(tag[2:]) for tag, _alt in tags if tag in ("/H1", "/H2", "/H3")]
    assert levels[0] == 1 and all(b - a <= 1 for a, b in pairwise(levels))
    text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    for words in ("Sammanfattning", "Områden", "Metod och källor", "Täckning", "Text om summary."):
        assert words in text, words
    assert "\ufffd" not in text and all(letter in text for letter in "åäöÅÖ")


async def test_the_same_edition_is_the_same_file(tallbacka: Town) -> None:
    await live_through(tallbacka, weeks=60)
    path = await approved(tallbacka)
    first = await printed(tallbacka, path)
    async with tallbacka.scope():
        told = await fetch_value("SELECT sha256 FROM file")
        await execute("DELETE FROM file")
    assert await printed(tallbacka, path) == first
    async with tallbacka.scope():
        assert await fetch_value("SELECT sha256 FROM file") == told
        # Asked for again it is not made again.
    assert (await tallbacka.post(f"{path}/pdf", role=COORDINATOR)).status_code == 303
    async with tallbacka.scope():
        waiting = "SELECT count(*) FROM job WHERE verb = 'edition.print' AND finished_at IS NULL"
        assert await fetch_value(waiting) == 0


async def test_a_signature_that_comes_later_is_on_paper_too(tallbacka: Town) -> None:
    await live_through(tallbacka, weeks=20)
    path = await approved(tallbacka)
    first = await printed(tallbacka, path)
    assert "Väntar på underskrift" in PdfReader(io.BytesIO(first)).pages[0].extract_text()
    signed = await tallbacka.post(f"{path}/underteckna", role="municipal_police")
    assert signed.status_code == 303
    assert "Gör en PDF" in (await tallbacka.get(path, role=COORDINATOR)).text
    cover = PdfReader(io.BytesIO(await printed(tallbacka, path))).pages[0].extract_text()
    assert "kommunpolis" in cover and "Väntar på underskrift" not in cover


async def test_signed_while_it_is_typeset_it_is_typeset_again(tallbacka: Town) -> None:
    await live_through(tallbacka, weeks=60)
    path = await approved(tallbacka)
    assert (await tallbacka.post(f"{path}/pdf", role=COORDINATOR)).status_code == 303

    async def sign() -> None:
        await asyncio.sleep(0.2)
        await tallbacka.post(f"{path}/underteckna", role="municipal_police")

    await asyncio.gather(tallbacka.work(), sign())
    answer = await tallbacka.get(f"{path}/pdf", role=COORDINATOR)
    if answer.status_code == 404:  # Stored first, and forgotten when it was signed.
        return
    cover = PdfReader(io.BytesIO(answer.content)).pages[0].extract_text()
    assert "Väntar på underskrift" not in cover


async def test_what_people_wrote_is_text_and_nothing_else(tallbacka: Town) -> None:
    await live_through(tallbacka, weeks=20)
    path = await begun(tallbacka)
    saved = await tallbacka.post(f"{path}/text", role=COORDINATOR, revision="1", summary=HOSTILE)
    assert saved.status_code == 303, saved.text
    done = await tallbacka.post(f"{path}/faststall", role=COORDINATOR, revision="2")
    pdf = await printed(tallbacka, done.headers["location"].removeprefix(f"/{tallbacka.slug}"))
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    assert '#panic("x")' in text and "*fet*" in text and "root:" not in text


async def test_each_sees_on_paper_what_the_page_shows(tallbacka: Town, sjohaga: Town) -> None:
    """Attack 92: what a job made for those who see more is not there for who sees less."""
    await live_through(tallbacka, weeks=60)
    path = await approved(tallbacka)
    wide = await printed(tallbacka, path)
    assert "Prioritering" in PdfReader(io.BytesIO(wide)).pages[2].extract_text() + "".join(
        page.extract_text() for page in PdfReader(io.BytesIO(wide)).pages
    )
    # What was made for those who see all is not there for who sees sums.
    assert (await tallbacka.get(f"{path}/pdf", role="reporter")).status_code == 404
    sums = await printed(tallbacka, path, role="reporter")
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(sums)).pages)
    assert "Fyra veckor tillsammans" in text
    for hidden in ("Prioritering", "Text om summary.", "Signaler", "Perioden"):
        assert hidden not in text
    for role in (COORDINATOR,):
        assert (await sjohaga.get(f"{path}/pdf", role=role)).status_code == 404
        assert (await sjohaga.post(f"{path}/pdf", role=role)).status_code == 404
    auditor = await tallbacka.post(f"{path}/pdf", role="auditor")
    assert auditor.status_code == 403


async def test_a_file_is_forgotten_after_its_time(tallbacka: Town) -> None:
    from service.cycle.picture.paper.make import forget_files

    await live_through(tallbacka, weeks=20)
    path = await approved(tallbacka)
    await printed(tallbacka, path)
    async with tallbacka.scope():
        await execute("UPDATE file SET expires_at = now() - interval '1 second'")
        await forget_files()
        assert await fetch_row("SELECT 1 FROM file") is None
    assert (await tallbacka.get(f"{path}/pdf", role=COORDINATOR)).status_code == 404
    assert "Gör en PDF" in (await tallbacka.get(path, role=COORDINATOR)).text


async def test_a_week_without_history_is_printed_too(tallbacka: Town) -> None:
    await compiled(tallbacka)
    assert (await tallbacka.post("/lagesbild/utgava", role=COORDINATOR)).status_code == 303
    async with tallbacka.scope():
        edition = await fetch_value("SELECT id FROM edition")
    pdf = await printed(tallbacka, f"/lagesbild/utgavor/{edition}")
    assert pdf.startswith(b"%PDF")


def test_a_figure_without_words_is_refused() -> None:
    from datetime import UTC, datetime

    document = {
        "title": "t", "name": "n", "municipality": "m", "number": "1", "frozen": "f",
        "signatures": [], "replaced": "", "page_of": "Sida", "contents": "Innehåll",
        "blocks": [{"kind": "figure", "svg": "<svg xmlns='http://www.w3.org/2000/svg' "
                    "viewBox='0 0 1 1'/>", "caption": "c", "alt": None}],
    }  # fmt: skip
    with pytest.raises(typst.TypstError):
        typeset(document, datetime.now(UTC))


def test_drawings_on_paper_have_their_colours() -> None:
    assert "var(" not in style() and ".ch .band" in style() and "#dfe7e4" in style()
