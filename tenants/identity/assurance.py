"""How sure a log-in is: what a provider says about it, read as a level from 1 to 4.

The levels are those of the Swedish trust framework (tillitsnivå 1 to 4). Providers name theirs
each in their own way: `acr` says how sure the whole was, `amr` by which means it was done. What a
table does not know is the lowest level.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

LOWEST, HIGHEST = 1, 4
LONGEST_VALUE = 200
MOST_METHODS = 20


@dataclass(frozen=True)
class Levels:
    """One table of levels: `acr` by the value of that claim, `amr` by each named method."""

    acr: dict[str, int] = field(default_factory=dict)
    amr: dict[str, int] = field(default_factory=dict)

    def of(self, acr: str | None, amr: Collection[str]) -> int:
        """The level of a log-in that was described so; 1 when nothing of it is known."""
        found = [self.acr.get(acr or "", LOWEST), *(self.amr.get(one, LOWEST) for one in amr)]
        return min(HIGHEST, max(LOWEST, *found))

    def to_ask_for(self, least: int) -> list[str]:
        """The acr values that reach `least`, lowest first: as strong as needed, no stronger."""
        enough = [(level, value) for value, level in self.acr.items() if level >= least]
        return [value for _, value in sorted(enough, key=lambda one: one[0])]


def stored_levels(acr: str | None, amr: str | None, otherwise: Levels) -> Levels:
    """The table in two JSON columns; a column that holds none is filled from `otherwise`."""
    return Levels(
        otherwise.acr if acr is None else json.loads(acr),
        otherwise.amr if amr is None else json.loads(amr),
    )


def said_acr(claims: dict[str, Any]) -> str | None:
    """The claim `acr`, if it is one that can be looked up."""
    acr = claims.get("acr")
    return acr if _is_value(acr) else None


def said_amr(claims: dict[str, Any]) -> list[str]:
    """The methods in the claim `amr`; anything else than a list of short texts is none."""
    amr = claims.get("amr")
    return [one for one in amr[:MOST_METHODS] if _is_value(one)] if isinstance(amr, list) else []


def _is_value(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= LONGEST_VALUE and value.isprintable()
