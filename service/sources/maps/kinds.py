"""What a layer holds, told from what it is called: Swedish and English, as its makers call it."""

import re
from enum import StrEnum

from service.geography.municipalities import slug


class Kind(StrEnum):
    """What is drawn, from the bottom up."""

    GREEN = "green"
    WATER = "water"
    STREAM = "stream"
    BUILDING = "building"
    RAIL = "rail"
    ROAD = "road"
    MAIN = "main"


SURFACES = frozenset({Kind.GREEN, Kind.WATER, Kind.BUILDING})

# The first that fits counts: a railway is also a "väg", a car park no park.
_WORDS: tuple[tuple[str, Kind | None], ...] = (
    (r"parkering|parking|namn|name|text|label|grans|boundar", None),
    (r"byggnad|building|^hus$", Kind.BUILDING),
    (r"jarnvag|sparvag|ralstrafik|\brail", Kind.RAIL),
    (r"vag(?!n)|road|gata\b|gator|street|highway|transport", Kind.ROAD),
    (r"vatten|water|hydro|\bsjo|\bhav\b|\blake|river|\bocean|\bdamm", Kind.WATER),
    (r"skog|forest|\bpark|gron|\bgreen|\bwood|\bgrass|kyrkogard|cemetery|natur", Kind.GREEN),
)
# Layers that hold all sorts of ground: what each thing is stands in a column.
_COVER = re.compile(r"^mark|landuse|land-use|landcover|land-cover|marktack|^natural$")
_MAIN = re.compile(
    r"motorway|trunk|primary|secondary|major|^highway$|motorvag|motortrafik|riksvag|europavag"
    r"|lansvag|landsvag|huvud|genomfart"
)
CLASS_COLUMNS = ("kind", "class", "objekttyp", "fclass", "highway", "vagtyp", "typ", "type")
"""Columns that say what a thing is, the first that there is."""


def is_cover(layer: str) -> bool:
    """Whether each thing of the layer must say itself what it is."""
    return bool(_COVER.search(slug(layer)))


def kind_of(layer: str, said: str) -> Kind | None:
    """What a thing in `layer` is that says `said` of itself; None for what is not drawn."""
    found = _named(slug(said) if is_cover(layer) else slug(layer))
    return Kind.MAIN if found is Kind.ROAD and _MAIN.search(slug(said)) else found


def _named(name: str) -> Kind | None:
    return next((kind for words, kind in _WORDS if re.search(words, name)), None)
