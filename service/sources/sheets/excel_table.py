"""The first sheet with rows of an Excel or OpenDocument file."""

import datetime
import io
import zipfile
from collections.abc import Iterator
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from service.sources.sheets.table import Row, Table, Unreadable, cut

ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
LARGEST_UNPACKED = 300 * 1024 * 1024
"""What the parts of a file may come to, by their own word; whoever lies meets the bound of memory
that the reading is done in."""


def is_excel(content: bytes) -> bool:
    return content.startswith((ZIP, OLE))


def read_excel(content: bytes) -> Table:
    """Raises Unreadable."""
    if content.startswith(ZIP):
        try:
            parts = zipfile.ZipFile(io.BytesIO(content)).infolist()
        except zipfile.BadZipFile:
            raise Unreadable("excel") from None
        if sum(part.file_size for part in parts) > LARGEST_UNPACKED:
            raise Unreadable("too_large")
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets = [book.get_sheet_by_name(name) for name in book.sheet_names]
        filled = next((sheet for sheet in sheets if sheet.total_height), None)
    except PasswordError:
        raise Unreadable("password") from None
    except (CalamineError, ValueError, OSError):
        raise Unreadable("excel") from None
    if filled is None:
        raise Unreadable("empty")
    return Table(_rows(filled), filled.name if len(sheets) > 1 else "")


def _rows(sheet: Any) -> Iterator[Row]:
    # Empty rows above the first one that is filled are given too.
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        yield Row(number, [_text(cell) for cell in cells])


def _text(cell: Any) -> str:
    match cell:
        case bool():
            return "1" if cell else "0"
        case float() if cell.is_integer() and abs(cell) < 1e15:
            return str(int(cell))
        case datetime.datetime() if cell.time() == datetime.time():
            return cell.date().isoformat()
        case datetime.datetime():
            # A sheet counts days as a fraction: half a second is a fault of rounding.
            return (cell + datetime.timedelta(milliseconds=500)).isoformat(" ", "seconds")
        case datetime.date() | datetime.time():
            return cell.isoformat()
    return cut(str(cell))
