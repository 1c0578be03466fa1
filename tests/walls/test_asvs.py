"""The table of requirements names tests that are there."""

import re

from tests.walls.reading import ROOT


def named(text: str) -> set[str]:
    return set(re.findall(r"`(tests/[\w/]+\.py)`", text))


def test_every_named_test_is_there() -> None:
    found = named((ROOT / "deploy" / "asvs.md").read_text())
    assert len(found) >= 20
    for path in sorted(found):
        file = ROOT / path
        assert file.is_file(), f"deploy/asvs.md names {path}, which is gone"
        assert re.search(r"^(async )?def test_", file.read_text(), re.M), f"{path} tests nothing"


def test_an_offender_is_named() -> None:
    assert named("| 1.1 | x | `tests/gone/test_x.py` |") == {"tests/gone/test_x.py"}
