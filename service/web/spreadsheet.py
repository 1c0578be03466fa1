"""Tables as CSV that a spreadsheet shows and never runs."""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

# What makes a spreadsheet take a cell for a formula, full-width forms too. A cell that begins with
# one gets an apostrophe, which spreadsheets take for "this is text".
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "|", "%")


def cell(value: object) -> str:
    """`value` as the text of a cell; None is empty."""
    text = "" if value is None else str(value)
    begins = text.lstrip(" \u00a0\u200b\ufeff")
    return f"'{text}" if text.startswith(FORMULA) or begins.startswith(FORMULA) else text


def as_csv(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """UTF-8 with its mark and semicolons, as a Swedish spreadsheet expects."""
    out = StringIO()
    writer = csv.writer(out, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([cell(head) for head in heads])
    writer.writerows([cell(value) for value in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")
