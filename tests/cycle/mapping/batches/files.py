"""Files as other systems write them, and how a coordinator sends one."""

import csv
import io
import re
import zipfile
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4
from xml.sax.saxutils import escape

import httpx

from tests.town import Town

COORDINATOR = "safety_coordinator"
HEADS = ("Ärendenr", "Datum", "Tid", "Typ", "Område", "Beskrivning")
YESTERDAY = (datetime.now(UTC) - timedelta(days=1)).date()


def a_row(number: int = 1, **changed: str) -> dict[str, str]:
    return {
        "Ärendenr": f"F-{number}",
        "Datum": YESTERDAY.isoformat(),
        "Tid": "13.45",
        "Typ": "Klotter",
        "Område": "Ruta 1",
        "Beskrivning": "Två rutor mot gården.",
    } | changed


def as_csv(
    rows: Sequence[dict[str, str]], *, encoding: str = "utf-8", delimiter: str = ";"
) -> bytes:
    heads = list(dict.fromkeys(head for row in rows for head in row)) or list(HEADS)
    out = io.StringIO()
    writer = csv.DictWriter(out, heads, delimiter=delimiter, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode(encoding)


def as_excel(rows: Sequence[Sequence[str | float | date]]) -> bytes:
    """The smallest workbook that is one; a date is stored as Excel stores it, as a day's number."""

    def cell(value: str | float | date) -> str:
        if isinstance(value, date):
            return f'<c s="1"><v>{(value - date(1899, 12, 30)).days}</v></c>'
        if isinstance(value, float):
            return f"<c><v>{value}</v></c>"
        return f'<c t="inlineStr"><is><t>{escape(value)}</t></is></c>'

    sheet = "".join(
        f'<row r="{number}">{"".join(map(cell, row))}</row>'
        for number, row in enumerate(rows, start=1)
        if row
    )
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    types = "http://schemas.openxmlformats.org/package/2006/content-types"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{types}">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{kind}.styles+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kind}.worksheet+xml"/>'
        "</Types>",
        "_rels/.rels": f'<Relationships xmlns="{package}"><Relationship Id="r1" '
        f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>'
        '<sheet name="Blad1" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}">'
        f'<Relationship Id="r1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="r2" Type="{office}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{main}"><cellXfs><xf numFmtId="0"/>'
        '<xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{sheet}</sheetData>'
        "</worksheet>",
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, f'<?xml version="1.0"?>{content}')
    return out.getvalue()


async def send(
    town: Town,
    content: bytes,
    *,
    name: str = "felanmälan.csv",
    organisation: str = "Bostadsbolaget",
    form_id: str = "",
    role: str = COORDINATOR,
) -> httpx.Response:
    return await town.post(
        "/kallor/filer",
        role=role,
        file=(name, content),
        for_organisation=town.organisations[organisation],
        form_id=form_id or uuid4(),
    )


class Sent:
    """A file on its way, as the coordinator's browser follows it."""

    def __init__(self, town: Town, path: str) -> None:
        self.town = town
        self.path = path

    async def page(self, query: str = "") -> str:
        return (await self.town.get(f"{self.path}{query}", role=COORDINATOR)).text

    async def act(self, act: str, **form: str) -> httpx.Response:
        answer = await self.town.post(f"{self.path}/{act}", role=COORDINATOR, **form)
        await self.town.work()
        return answer

    async def confirm_columns(self, query: str = "", **changed: str) -> httpx.Response:
        """Send the form as the page fills it in, but for what is changed."""
        return await self.act("kolumner", **(chosen(await self.page(query)) | changed))

    async def take_in(self, **changed: str) -> None:
        answer = await self.confirm_columns(**changed)
        assert answer.status_code == 303, answer.text
        await self.confirm()

    async def confirm(self) -> httpx.Response:
        """Say yes to what the page shows as checked."""
        shown = re.search(r'name="version" value="(\d+)"', await self.page())
        return await self.act("las-in", version=shown[1] if shown else "1")


def chosen(page: str) -> dict[str, str]:
    """What each list of the page's form has chosen."""
    lists = re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', page, re.DOTALL)
    found = {}
    for name, options in lists:
        picked = re.search(r'<option value="([^"]*)" selected', options)
        found[name] = picked[1] if picked else ""
    return found


async def sent(town: Town, content: bytes, **options: str) -> Sent:
    """A file that a worker has unpacked."""
    answer = await send(town, content, **options)
    assert answer.status_code == 303, answer.text
    await town.work()
    return Sent(town, answer.headers["location"].removeprefix(f"/{town.slug}"))
