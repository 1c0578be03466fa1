"""Every entry of the catalogue of attacks is a test that names its number, or waits."""

import re
from pathlib import Path

from tests.attacks.waiting import WAITING
from tests.reference import reference

TESTS = Path(__file__).parents[1]
_NAMED = re.compile(r"Attacks? ((?:\d+|, | and | to )+)")


def named() -> set[int]:
    """The numbers that tests say they try: `Attack 6`, `Attacks 6, 20`, `Attacks 49 to 61`."""
    found: set[int] = set()
    for path in TESTS.rglob("test_*.py"):
        for list_ in _NAMED.findall(path.read_text()):
            for first, last in re.findall(r"(\d+) to (\d+)", list_):
                found |= set(range(int(first), int(last) + 1))
            found |= {int(number) for number in re.findall(r"\d+", list_)}
    return found


def test_every_entry_is_tried_or_waits_for_its_surface() -> None:
    catalogue = reference("attacks.md").read_text()
    numbers = {int(number) for number in re.findall(r"^\| (\d+) \|", catalogue, re.M)}
    assert len(numbers) > 70
    waiting = {number for entry in WAITING for number in entry.numbers}
    forgotten = numbers - named() - waiting
    assert not forgotten, f"{sorted(forgotten)}: write a test that names the number, or let it wait"
