"""Read a file on standard input and write it as lines of JSON, in chunks of rows.

Each line but the last is a chunk, ``[[number, cell, …], …]``; the last one is ``{"columns": …}``
with what is known of each column, or ``{"refused": reason, "row": n}``. Run in a bounded process.
"""

import json
import sys
from collections.abc import Iterator
from typing import Any

from service.sources.sheets.columns import Columns
from service.sources.sheets.csv_table import read_csv
from service.sources.sheets.excel_table import is_excel, read_excel
from service.sources.sheets.table import MOST_COLUMNS, MOST_ROWS, Table, Unreadable
from service.web.clean import clean

ROWS_PER_CHUNK = 2_500
MOST_TITLES = 10
SIGNS_PER_CHUNK = 1_000_000
"""What is stored, and read again, at a time; a few kilobytes of a file can unpack to gigabytes."""


def unpack(content: bytes) -> Iterator[dict[str, Any] | list[list[Any]]]:
    """The lines, as they are written."""
    try:
        table = read_excel(content) if is_excel(content) else read_csv(content)
        yield from _chunks(table)
    except Unreadable as why:
        yield {"refused": why.reason, "row": why.row}


def _chunks(table: Table) -> Iterator[dict[str, Any] | list[list[Any]]]:
    columns: Columns | None = None
    chunk: list[list[Any]] = []
    total = signs = 0
    for number, cells in _below_titles(table):
        if columns is None:
            while cells and not cells[-1]:
                cells.pop()
            if len(cells) > MOST_COLUMNS:
                raise Unreadable("columns")
            columns = Columns(cells)
            continue
        total += 1
        if total > MOST_ROWS:
            raise Unreadable("rows")
        cells = (cells + [""] * len(columns.names))[: len(columns.names)]
        columns.see(cells)
        chunk.append([number, *cells])
        signs += sum(map(len, cells))
        if len(chunk) == ROWS_PER_CHUNK or signs >= SIGNS_PER_CHUNK:
            yield chunk
            chunk, signs = [], 0
    if columns is None or not total:
        raise Unreadable("empty")
    if chunk:
        yield chunk
    yield {"columns": columns.told(), "total": total, "sheet": table.sheet}


def _below_titles(table: Table) -> Iterator[tuple[int, list[str]]]:
    """The rows that hold something, from the headings on: what stands alone above a row of several
    cells is what the program calls the table, or the day when it was made."""
    titles: list[tuple[int, list[str]]] = []
    above = True
    for row in table.rows:
        cells = [clean(cell) for cell in row.cells]
        filled = sum(map(bool, cells))
        if not filled:
            continue
        if above and filled == 1 and len(titles) < MOST_TITLES:
            titles.append((row.number, cells))
            continue
        if above:
            # A table of one column has no row of several cells at all.
            yield from titles if filled == 1 else ()
            above = False
        yield row.number, cells
    if above:
        yield from titles


if __name__ == "__main__":
    for line in unpack(sys.stdin.buffer.read()):
        sys.stdout.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")
