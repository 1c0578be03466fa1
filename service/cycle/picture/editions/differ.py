"""What differs between two editions: counts, places in the list, signals, and the texts."""

import difflib
from dataclasses import dataclass
from typing import Any

from service.cycle.picture.editions.read import EditionHead

Numbers = dict[str, Any]
MOST = 12
"""Lines of a table; the largest changes come first."""


@dataclass(frozen=True)
class Moved:
    """A thing that both or one of them knows by `name`; None where it is in neither's list."""

    name: str
    before: float | None
    after: float | None

    @property
    def change(self) -> float:
        return (self.after or 0.0) - (self.before or 0.0)


@dataclass(frozen=True)
class Difference:
    earlier: EditionHead
    later: EditionHead
    comparable: bool
    """Of the same kind and as many weeks; other sums do not stand beside each other."""
    by_category: list[Moved]
    by_area: list[Moved]
    places: list[Moved]
    raised: list[str]
    gone: list[str]
    asked: tuple[int, int]
    heard: tuple[int, int]
    texts: list[tuple[str, list[tuple[str, str]]]]
    same_areas: bool
    same_method: bool


def differ(earlier: EditionHead, before: Numbers, later: EditionHead, after: Numbers) -> Difference:
    """The difference of two editions by their `wide` parts."""
    same_length = earlier.period.weeks == later.period.weeks
    return Difference(
        earlier=earlier,
        later=later,
        comparable=earlier.kind == later.kind and same_length,
        by_category=_moved(_sums(before, "categories"), _sums(after, "categories")),
        by_area=_moved(_sums(before, "areas"), _sums(after, "areas")),
        places=_places(before, after),
        raised=sorted(_signals(after) - _signals(before)),
        gone=sorted(_signals(before) - _signals(after)),
        asked=(before["actors"]["asked"], after["actors"]["asked"]),
        heard=(_heard(before), _heard(after)),
        texts=_texts(earlier, later),
        same_areas=_keys(before) == _keys(after),
        same_method=earlier.method == later.method,
    )


def _keys(wide: Numbers) -> set[str]:
    return {one["key"] for one in wide["areas"]}


def _heard(wide: Numbers) -> int:
    return int(wide["actors"]["reported"] + wide["actors"]["nothing"])


def _sums(wide: Numbers, what: str) -> dict[str, float]:
    """Reports by name: of the period, or of the four weeks that the picture looks at."""
    if not wide["begun"]:
        return {}
    names = [one["label" if what == "categories" else "name"] for one in wide[what]]
    key = "by_category" if what == "categories" else "by_area"
    period = wide.get("period")
    values = period[key] if period else wide[key]["four"]
    return dict(zip(names, values, strict=True))


def _moved(before: dict[str, float], after: dict[str, float]) -> list[Moved]:
    rows = [Moved(name, before.get(name), after.get(name)) for name in {**before, **after}]
    changed = [row for row in rows if round(row.change, 2)]
    return sorted(changed, key=lambda row: (-abs(row.change), row.name))[:MOST]


def _places(before: Numbers, after: Numbers) -> list[Moved]:
    """Places in the list of priorities that are not the same, by the later one's order."""
    was, now = _listed(before), _listed(after)
    rows = [Moved(name, was.get(name), now.get(name)) for name in {**now, **was}]
    return [row for row in rows if row.before != row.after][:MOST]


def _listed(wide: Numbers) -> dict[str, float]:
    if not wide["begun"]:
        return {}
    return {_cell(wide, row): float(row["place"]) for row in wide["priorities"][:10]}


def _signals(wide: Numbers) -> set[str]:
    return {_cell(wide, row) for row in wide["above"]} if wide["begun"] else set()


def _cell(wide: Numbers, row: Numbers) -> str:
    category, area = wide["categories"][row["category"]], wide["areas"][row["area"]]
    return f"{category['label']}, {area['name']}"


def _texts(earlier: EditionHead, later: EditionHead) -> list[tuple[str, list[tuple[str, str]]]]:
    """Heading and pieces (kept, gone or new) of each text that is not the same, word by word."""
    was, now = dict(earlier.written), dict(later.written)
    return [
        (heading, _pieces(was.get(heading, ""), now.get(heading, "")))
        for heading in {**was, **now}
        if was.get(heading) != now.get(heading)
    ]


def _pieces(before: str, after: str) -> list[tuple[str, str]]:
    old, new = before.split(), after.split()
    pieces: list[tuple[str, str]] = []
    for tag, a, b, c, d in difflib.SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(("kept", " ".join(old[a:b])))
            continue
        if b > a:
            pieces.append(("gone", " ".join(old[a:b])))
        if d > c:
            pieces.append(("new", " ".join(new[c:d])))
    return pieces
