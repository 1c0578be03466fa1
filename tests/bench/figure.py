"""One measured figure beside its floor, as a line of JSON."""

import json
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """`ratio` is value / floor; `at_least` and `at_most` are promised bounds of the ratio."""

    name: str
    value: float
    unit: str
    floor: float | None = None
    at_least: float | None = None
    at_most: float | None = None
    note: str = ""

    @property
    def ratio(self) -> float | None:
        return None if self.floor is None else self.value / self.floor

    @property
    def kept(self) -> bool:
        """Whether the promised bound holds; a figure without one always does."""
        ratio = self.ratio
        if ratio is None:
            return True
        return (self.at_least is None or ratio >= self.at_least) and (
            self.at_most is None or ratio <= self.at_most
        )

    def line(self) -> str:
        shown = {
            "name": self.name,
            "value": _rounded(self.value),
            "unit": self.unit,
            "floor": _rounded(self.floor),
            "ratio": _rounded(self.ratio),
        }
        if self.at_least is not None or self.at_most is not None:
            shown |= {"target": self.at_least or self.at_most, "kept": self.kept}
        if self.note:
            shown["note"] = self.note
        return json.dumps(shown, ensure_ascii=False)


def _rounded(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.4g}")
