"""The 38 default categories of what can be reported, in nine groups.

A municipality gets its own copy as rows and may rename, hide or add; the key stays, so that
pictures can be compared and foreign records imported. Every label names an observation or a
suspicion, never an established crime.
"""

from dataclasses import dataclass
from enum import StrEnum

from service.web.language import later as _


class Kind(StrEnum):
    """What sort of thing a category observes."""

    CRIME_LIKE = "crime_like"
    DISORDER = "disorder"
    ENVIRONMENT = "environment"
    PERCEPTION = "perception"
    FORWARD = "forward"
    OTHER = "other"


@dataclass(frozen=True)
class Group:
    key: str
    label: str


@dataclass(frozen=True)
class DefaultCategory:
    """`severity` is the default level 1–3; `tile` the short label that fits a tile on a phone."""

    key: str
    label: str
    tile: str
    group_key: str
    kind: Kind
    severity: int


GROUPS = (
    Group("damage", _("Skadegörelse och brand")),
    Group("gathering", _("Samling och uppehåll")),
    Group("substances", _("Alkohol och droger")),
    Group("violence", _("Våld, hot och trakasserier")),
    Group("theft", _("Stöld, inbrott och bedrägeri")),
    Group("traffic", _("Trafik")),
    Group("place", _("Otrygg plats och miljö")),
    Group("signals", _("Oro och förvarning")),
    Group("other", _("Annat")),
)

_C, _D, _E = Kind.CRIME_LIKE, Kind.DISORDER, Kind.ENVIRONMENT
_P, _F, _O = Kind.PERCEPTION, Kind.FORWARD, Kind.OTHER

DEFAULT_CATEGORIES = tuple(
    DefaultCategory(*row)
    for row in (
        ("graffiti", _("Klotter"), _("Klotter"), "damage", _C, 1),
        ("glass_breakage", _("Krossade rutor, glaskross"), _("Krossade rutor"), "damage", _C, 1),
        ("vandalism_other", _("Annan skadegörelse"), _("Skadegörelse"), "damage", _C, 2),
        ("arson", _("Anlagd brand, brandtillbud"), _("Brand"), "damage", _C, 3),
        ("pyrotechnics", _("Farligt bruk av fyrverkerier"), _("Fyrverkerier"), "damage", _D, 2),
        (
            "unsettling_gathering",
            _("Otrygghetsskapande samling av personer"),
            _("Samling av personer"),
            "gathering",
            _D,
            2,
        ),
        (
            "youth_gathering",
            _("Otrygg samlingsplats för unga"),
            _("Samlingsplats för unga"),
            "gathering",
            _D,
            2,
        ),
        (
            "unlawful_stay",
            _("Obehöriga, olovligt boende eller sovplats"),
            _("Obehöriga, sovplats"),
            "gathering",
            _D,
            1,
        ),
        (
            "suspected_drug_dealing",
            _("Misstänkt droghandel"),
            _("Misstänkt droghandel"),
            "substances",
            _C,
            3,
        ),
        (
            "drug_traces",
            _("Tecken på droganvändning, fynd"),
            _("Tecken på droger"),
            "substances",
            _D,
            2,
        ),
        (
            "public_intoxication",
            _("Störande berusning på allmän plats"),
            _("Störande berusning"),
            "substances",
            _D,
            1,
        ),
        (
            "alcohol_to_minors",
            _("Langning, alkohol bland unga"),
            _("Langning"),
            "substances",
            _C,
            2,
        ),
        ("fight", _("Bråk"), _("Bråk"), "violence", _D, 2),
        ("violence", _("Våld"), _("Våld"), "violence", _C, 3),
        (
            "threat_harassment",
            _("Hot eller trakasserier"),
            _("Hot, trakasserier"),
            "violence",
            _C,
            3,
        ),
        (
            "sexual_harassment",
            _("Sexuella trakasserier eller ofredande"),
            _("Sexuellt ofredande"),
            "violence",
            _C,
            3,
        ),
        ("robbery", _("Rån, utpressning"), _("Rån, utpressning"), "violence", _C, 3),
        ("staff_incident", _("Hot eller våld mot anställd"), _("Mot anställd"), "violence", _C, 3),
        (
            "attack_emergency_services",
            _("Angrepp mot blåljuspersonal"),
            _("Mot blåljus"),
            "violence",
            _C,
            3,
        ),
        (
            "cached_objects",
            _("Påträffade tillhyggen, stenupplag"),
            _("Tillhyggen, stenar"),
            "violence",
            _F,
            3,
        ),
        (
            "hate_expression",
            _("Hatbudskap, hatmotiverad händelse"),
            _("Hatbudskap"),
            "violence",
            _C,
            3,
        ),
        ("burglary", _("Inbrott (bostad, förråd, lokal)"), _("Inbrott"), "theft", _C, 2),
        ("theft", _("Stöld (cykel, fordon, annat)"), _("Stöld"), "theft", _C, 1),
        ("shop_disorder", _("Butiksstöld, stök i butik"), _("Stök i butik"), "theft", _C, 1),
        ("fraud_approach", _("Misstänkt bedrägeriförsök"), _("Bedrägeriförsök"), "theft", _C, 2),
        (
            "reckless_driving",
            _("Buskörning, olovlig trafik (moped, EPA)"),
            _("Buskörning"),
            "traffic",
            _D,
            2,
        ),
        ("speeding", _("Fortkörning, otrygg trafikmiljö"), _("Fortkörning"), "traffic", _D, 1),
        ("abandoned_vehicle", _("Övergivet fordon"), _("Övergivet fordon"), "traffic", _E, 1),
        (
            "poor_lighting",
            _("Bristfällig eller trasig belysning"),
            _("Släckt belysning"),
            "place",
            _E,
            1,
        ),
        ("poor_visibility", _("Skymd sikt, bristande insyn"), _("Skymd sikt"), "place", _E, 1),
        ("deserted_place", _("Ödslig, folktom plats"), _("Ödslig plats"), "place", _P, 1),
        ("littering", _("Nedskräpning, dumpning"), _("Nedskräpning"), "place", _E, 1),
        (
            "neglected_maintenance",
            _("Eftersatt underhåll"),
            _("Eftersatt underhåll"),
            "place",
            _E,
            1,
        ),
        (
            "rumour",
            _("Ryktesspridning, oro i sociala medier"),
            _("Rykten, oro på nätet"),
            "signals",
            _F,
            2,
        ),
        ("planned_event", _("Arrangemang, kommande händelse"), _("Arrangemang"), "signals", _F, 1),
        (
            "general_unease",
            _("Upplevd otrygghet utan särskild händelse"),
            _("Upplevd otrygghet"),
            "signals",
            _P,
            1,
        ),
        ("noise", _("Störande ljud, ordningsstörning"), _("Störande ljud"), "signals", _D, 1),
        ("other", _("Annat (kräver text)"), _("Annat"), "other", _O, 1),
    )
)

BY_KEY = {category.key: category for category in DEFAULT_CATEGORIES}
GROUP_LABELS = {group.key: group.label for group in GROUPS}

# A new organisation has no habits yet: what most actors report first.
FIRST_TILES = ("unsettling_gathering", "poor_lighting", "vandalism_other", "reckless_driving")

NEEDS_TEXT = frozenset({"other"})


def tile_label(key: str, label: str) -> str:
    """The short label, unless the municipality has renamed the category or added it."""
    default = BY_KEY.get(key)
    return default.tile if default and default.label == label else label
