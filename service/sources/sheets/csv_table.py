"""CSV as programs write it: UTF-8, UTF-16 or Windows-1252, with any of four delimiters."""

import csv
import io
from collections.abc import Iterator
from itertools import islice

from service.sources.sheets.table import Row, Table, Unreadable, cut

DELIMITERS = ";,\t|"
LOOKED_AT = 50
"""Rows from which the delimiter is told."""


def read_csv(content: bytes) -> Table:
    """Raises Unreadable at once or while its rows are read."""
    encoding = _encoding(content)
    csv.field_size_limit(len(content) + 1)
    said = _said_delimiter(content, encoding)
    if said is None:
        return Table(_rows(content, encoding, _delimiter(content, encoding)))
    rows = _rows(content, encoding, said)
    next(rows)
    return Table(rows)


def _encoding(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif b"\0" in content:
        raise Unreadable("no_table")
    else:
        # Swedish letters of Windows-1252 are never right UTF-8, so that this order tells them.
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return encoding
    raise Unreadable("encoding")


def _said_delimiter(content: bytes, encoding: str) -> str | None:
    """What a first line of ``sep=;`` says, which Excel reads and writes; None without one."""
    first = io.TextIOWrapper(io.BytesIO(content), encoding).readline().strip().strip('"')
    if first[:4].lower() == "sep=" and first[4:] in {*DELIMITERS, ""}:
        return first[4:] or "\t"
    return None


def _delimiter(content: bytes, encoding: str) -> str:
    """The one that cuts most of the first rows into as many cells, and into most cells."""

    def fit(delimiter: str) -> tuple[int, int]:
        widths = []
        try:
            for row in islice(_rows(content, encoding, delimiter), LOOKED_AT):
                widths.append(len(row.cells))
        except Unreadable:
            pass
        wide = [width for width in widths if width > 1]
        return max(((wide.count(width), width) for width in wide), default=(0, 0))

    return max(DELIMITERS, key=fit)


def _rows(content: bytes, encoding: str, delimiter: str) -> Iterator[Row]:
    text = io.TextIOWrapper(io.BytesIO(content), encoding, newline="")
    reader = csv.reader(text, delimiter=delimiter, strict=True)
    number = 1
    try:
        for cells in reader:
            yield Row(number, [cut(cell) for cell in cells])
            # A row that holds line ends is told by its first line, as an editor shows it.
            number = reader.line_num + 1
    except csv.Error:
        raise Unreadable("quotes", number) from None
