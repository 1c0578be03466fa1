"""The invented organisations of a municipality, over all actor types."""

from datetime import date, timedelta
from typing import NamedTuple

import numpy as np

from service.demo.nine import DemonstrationMunicipality

# Units that every municipality has, by what they do; then invented ones in the order in which a
# larger municipality gets more of them.
LEADERSHIP = "Kommunledningen"
POLICE = "Polisen, lokalpolisområdet"
SCHOOL = "Barn- och utbildningsförvaltningen"
SOCIAL = "Arbetsmarknads- och socialförvaltningen"
CULTURE = "Kultur- och samhällsserviceförvaltningen"
COMMON = (
    (LEADERSHIP, "municipal_other"),
    (POLICE, "police"),
    (SCHOOL, "municipal_school"),
    (SOCIAL, "municipal_social"),
    (CULTURE, "municipal_leisure_culture"),
    ("Tekniska förvaltningen", "municipal_technical"),
)
FURTHER = (
    ("Bevakningsbolaget {word}", "security_company"),
    ("Fastighets AB {word}", "private_housing"),
    ("Köpmannaföreningen {word}", "business_association"),
    ("Räddningstjänsten", "rescue_service"),
    ("Grannsamverkan {word}", "neighbourhood_watch"),
    ("Idrottsföreningen {word}", "sports_association"),
    ("Kollektivtrafiken", "public_transport"),
    ("Friskolan {word}", "independent_school"),
    ("Miljöförvaltningen", "municipal_environment"),
    ("Butiken {word}", "business"),
    ("Föreningen {word}", "civil_society"),
    ("Hälsocentralen {word}", "region_health"),
    ("Samfundet {word}", "faith_community"),
    ("Fastighets AB {word}", "private_housing"),
    ("Fritidsgården {word}", "municipal_leisure_culture"),
    ("Skolan {word}", "municipal_school"),
    ("Butiken {word}", "business"),
    ("Skolan {word}", "municipal_school"),
    ("Fastighets AB {word}", "private_housing"),
    ("Grannsamverkan {word}", "neighbourhood_watch"),
    ("Idrottsföreningen {word}", "sports_association"),
    ("Bevakningsbolaget {word}", "security_company"),
    ("Fritidsgården {word}", "municipal_leisure_culture"),
    ("Skolan {word}", "municipal_school"),
    ("Föreningen {word}", "civil_society"),
    ("Fastighets AB {word}", "private_housing"),
    ("Friskolan {word}", "independent_school"),
    ("Butiken {word}", "business"),
    ("Skolan {word}", "municipal_school"),
    ("Fastighets AB {word}", "private_housing"),
    ("Hälsocentralen {word}", "region_health"),
)
WORDS = (
    "Ametist", "Bergkristall", "Citrin", "Diabas", "Eldopal", "Fältspat", "Glimmer", "Hornblände",
    "Iolit", "Jaspis", "Kalcit", "Lapis", "Månsten", "Nefrit", "Onyx", "Porfyr", "Rosenkvarts",
    "Smaragd", "Turmalin", "Zirkon", "Agat", "Beryll", "Granat", "Topas", "Pärlemor", "Kvartsit",
    "Skiffer", "Täljsten", "Tigeröga", "Obsidian", "Malakit", "Karneol",
)  # fmt: skip
AUTHORITY = {
    "police": "yes",
    "municipal_housing": "equated",
    "public_transport": "equated",
    "rescue_service": "yes",
    "region_health": "yes",
}
NEW_WEEKS_AGO = (6, 30, 70)
SILENT_WEEKS = 9


class InventedOrganisation(NamedTuple):
    """`weight` is its share of what is reported, before what it tends to see is considered.

    A silent one has joined and never reports; `quiet_since_weeks` is how long one that used to
    report has been quiet, 0 for all others.
    """

    name: str
    actor_type: str
    is_authority: str
    joined_on: date
    weight: float
    silent: bool = False
    quiet_since_weeks: int = 0


def organisations(
    town: DemonstrationMunicipality, first_week: date, this_week: date, rng: np.random.Generator
) -> list[InventedOrganisation]:
    """`town.organisations` of them: one always silent, one gone quiet, three that joined late."""
    words = [WORDS[i] for i in rng.permutation(len(WORDS))]
    named = [*COMMON, (town.housing, "municipal_housing")]
    for pattern, kind in FURTHER[: town.organisations - len(named)]:
        named.append((pattern.format(word=words.pop()) if "{word}" in pattern else pattern, kind))
    weights = rng.lognormal(0.0, 0.45, len(named)) * [_volume(kind) for _, kind in named]
    # Whoever a member of the cast reports for is there from the start and not mute.
    further = [
        i
        for i, (_, kind) in enumerate(named)
        if i > len(COMMON) and _volume(kind) <= 1.0 and kind != "business_association"
    ]
    chosen = [int(i) for i in rng.permutation(further)]
    silent, late = chosen[0], dict(zip(chosen[1:4], NEW_WEEKS_AGO, strict=False))
    quiet = next((i for i, (_, kind) in enumerate(named) if kind == "security_company"), -1)
    made = []
    for i, (name, kind) in enumerate(named):
        joined = first_week - timedelta(weeks=int(rng.integers(4, 60)))
        if i in late:
            joined = this_week - timedelta(weeks=late[i])
        made.append(
            InventedOrganisation(
                name,
                kind,
                AUTHORITY.get(kind, "yes" if kind.startswith("municipal_") else "no"),
                joined,
                float(weights[i]),
                silent=i == silent,
                quiet_since_weeks=SILENT_WEEKS if i == quiet and town.organisations > 18 else 0,
            )
        )
    return made


def _volume(kind: str) -> float:
    return {
        "police": 3.0,
        "municipal_housing": 4.0,
        "municipal_school": 2.0,
        "municipal_leisure_culture": 2.0,
        "municipal_technical": 2.0,
        "security_company": 2.5,
        "private_housing": 1.5,
        "municipal_other": 0.4,
        "faith_community": 0.3,
        "region_health": 0.4,
        "civil_society": 0.5,
    }.get(kind, 1.0)
