"""Which municipality an event belongs to: the last part of its title, else the API's location."""

from collections.abc import Iterable
from typing import Final

from service.web.language import later
from tenants.members import MunicipalityRef

COUNTY_ONLY: Final = later("gäller hela länet, ingen kommun utpekad")
UNKNOWN: Final = later("okänd kommun")
NO_TENANT: Final = later("kommunen finns inte i Kraftsamling")

COUNTIES_OF_ONE: Final = {"gotlands län": "gotland"}
"""A county that is one municipality: naming the one names the other."""


class Places:
    """Looks municipalities up by name, forgiving case: the police write "Upplands väsby"."""

    def __init__(self, tenants: Iterable[MunicipalityRef], known: Iterable[str]) -> None:
        """`known` are the names of all municipalities there are, with us or not."""
        self._tenants = {_folded(tenant.name): tenant for tenant in tenants}
        self._found: dict[tuple[str, str], MunicipalityRef | str] = {}
        self._known = {_folded(name) for name in known} | set(self._tenants)

    def find(self, place: str, area: str) -> MunicipalityRef | str:
        """The tenant, or the reason (in Swedish) why there is none."""
        named = place, area
        if named not in self._found:
            self._found[named] = self._find(place, area)
        return self._found[named]

    def _find(self, place: str, area: str) -> MunicipalityRef | str:
        names = [COUNTIES_OF_ONE.get(name, name) for name in (_folded(place), _folded(area))]
        for name in names:
            if name in self._known:
                return self._tenants.get(name, NO_TENANT)
        if any(name.endswith(" län") for name in names):
            return COUNTY_ONLY
        return UNKNOWN


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()
