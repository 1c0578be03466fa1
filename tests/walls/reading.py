"""Reading the project's own files, for what must be true of all code."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]


@cache
def kept_files() -> tuple[Path, ...]:
    """Every file that git keeps or would keep."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return tuple(ROOT / line for line in listed.stdout.splitlines() if (ROOT / line).is_file())


def modules(*rooms: str) -> Iterator[tuple[Path, ast.Module]]:
    """The Python files below `rooms`, parsed."""
    for path in kept_files():
        inside = path.relative_to(ROOT)
        if path.suffix == ".py" and inside.parts[0] in rooms:
            yield inside, ast.parse(path.read_text(), str(inside))
