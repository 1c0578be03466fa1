"""The folder that the set-up fills, and how it is read."""

import json
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "built"
REMEDY = "Kartunderlaget saknas: kör `python -m service.geography.build` (ingår i make setup)."


class NotBuilt(FileNotFoundError):
    """The converted geography is missing; the message names the command that makes it."""


def read(name: str) -> Any:
    """The JSON file `name` in the built folder. Raises NotBuilt when it is not there."""
    try:
        return json.loads((FOLDER / name).read_bytes())
    except FileNotFoundError:
        raise NotBuilt(REMEDY) from None


def read_municipality(code: str) -> Any:
    """What was built of one municipality. Raises KeyError for a code that no one has."""
    if code not in known_codes():
        raise KeyError(code)
    return read(f"{code}.json")


@cache
def known_codes() -> frozenset[str]:
    """The codes of the 290."""
    return frozenset(code for code, _, _ in read("municipalities.json"))


def write(name: str, content: Any) -> int:
    """Write compact JSON and return its size in bytes; a half-written file is never seen."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    unfinished = FOLDER / f".{name}.unfinished"
    unfinished.write_text(text, encoding="utf-8")
    unfinished.replace(FOLDER / name)
    return len(text.encode())
