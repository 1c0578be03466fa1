"""`make compare`: the tests against the reference pack, and a table of what they compared.

Ends with 1 when one of them failed or did not run. Made to be pasted into the README.
"""

import sys
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import pytest

from tests.statistics.pack import COMPARED, NOT_COMPARED, Compared

HERE = Path(__file__).parent
WORDS = {"passed": "agrees", "failed": "DIFFERS", "skipped": "not run"}


class Outcomes:
    """How each test ended, by its file and name."""

    def __init__(self) -> None:
        self.ended: dict[str, str] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call" or report.outcome != "passed":
            self.ended[report.nodeid.rpartition("/")[2]] = report.outcome

    def of(self, compared: Compared) -> str:
        ended = [
            outcome
            for node, outcome in self.ended.items()
            if any(node.startswith(test) for test in compared.tests)
        ]
        for worst in ("failed", "skipped", "passed"):
            if worst in ended:
                return worst
        return "skipped"


def run() -> int:
    outcomes = Outcomes()
    said = StringIO()
    with redirect_stdout(said):
        pytest.main(["-q", "-p", "no:cacheprovider", str(HERE), *sys.argv[1:]], plugins=[outcomes])
    lines = ["| Files | What of ours | Within | Result |", "|---|---|---|---|"]
    for one in COMPARED:
        files = ", ".join(f"`{name}`" for name in one.files)
        lines.append(f"| {files} | {one.what} | {one.tolerance} | {WORDS[outcomes.of(one)]} |")
    for name, why in NOT_COMPARED.items():
        lines.append(f"| `{name}` | – | – | not compared: {why} |")
    sys.stdout.write("\n".join(lines) + "\n")
    bad = [one for one in COMPARED if outcomes.of(one) != "passed"]
    if bad:
        sys.stderr.write(said.getvalue())
    return 1 if bad else 0


if __name__ == "__main__":
    raise SystemExit(run())
