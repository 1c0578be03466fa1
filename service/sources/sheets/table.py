"""What every kind of file becomes: rows of texts, each with the number that it has in the file."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

MOST_ROWS = 200_000
MOST_COLUMNS = 100
LONGEST_CELL = 2_000
"""No field of a report is longer; one sign more is kept, so that it is told to be too long."""


class Row(NamedTuple):
    """`number` is the row's as a spreadsheet shows it, from 1."""

    number: int
    cells: list[str]


@dataclass(frozen=True)
class Table:
    """`rows` can be walked through once; the first one that is not empty heads the others."""

    rows: Iterator[Row]
    sheet: str = ""
    """The name of the sheet, of a file that has several."""


class Unreadable(ValueError):
    """Why a file is no table: a key of the reasons that a page explains, and where."""

    def __init__(self, reason: str, row: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.row = row


def cut(cell: str) -> str:
    return cell[: LONGEST_CELL + 1]
