"""What is known of a table's columns once its rows have been seen."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from service.sources.sheets.table import LONGEST_CELL

MOST_VALUES = 100
"""A column with more different values than these is no list of words to choose from."""
LONGEST_VALUE = 80
SAMPLES = 20


@dataclass
class Columns:
    """`names` in the order of the file; a heading that is empty or comes again gets a name."""

    headings: list[str]
    names: list[str] = field(init=False)
    _values: list[Counter[str] | None] = field(init=False)
    _samples: list[list[str]] = field(init=False)

    def __post_init__(self) -> None:
        self.names = []
        for number, heading in enumerate(self.headings, start=1):
            name = heading[:LONGEST_VALUE] or f"#{number}"
            while name in self.names:
                name = f"{name} #{number}"
            self.names.append(name)
        self._values = [Counter() for _name in self.names]
        self._samples = [[] for _name in self.names]

    def see(self, cells: list[str]) -> None:
        for at, cell in enumerate(cells):
            if not cell:
                continue
            if len(self._samples[at]) < SAMPLES:
                self._samples[at].append(cell[:LONGEST_CELL])
            values = self._values[at]
            if values is not None:
                values[cell[:LONGEST_VALUE]] += 1
                if len(values) > MOST_VALUES:
                    self._values[at] = None

    def told(self) -> list[dict[str, Any]]:
        """Of each column its name, its first cells, and its values with how often each stands
        there, or None where there are too many."""
        return [
            {
                "name": name,
                "samples": samples,
                "values": dict(values.most_common()) if values is not None else None,
            }
            for name, samples, values in zip(self.names, self._samples, self._values, strict=True)
        ]
