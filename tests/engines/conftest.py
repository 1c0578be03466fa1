"""The combinations table at the end of a run: what was tried on which engines."""

from typing import Any

from tests.engines.test_combinations import TABLE


def pytest_terminal_summary(terminalreporter: Any) -> None:
    if not TABLE:
        return
    terminalreporter.section("engines")
    widths = [max(len(row[column]) for row in TABLE) for column in range(len(TABLE[0]))]
    for row in TABLE:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        terminalreporter.write_line("  ".join(cells).rstrip())
