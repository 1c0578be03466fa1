"""What each of the police's event types means to us: one category, or the reason for none.

All 90 types of the archive 2023-2025 are here, and those that the API's description names besides.
The choices were made on the published summaries of 2023-2025. A type that only counts the
police's own checks, that bundles several events, or whose summaries mostly tell of accidents
would make the series say something else than it seems to say, so it is left out.
"""

from dataclasses import dataclass
from typing import Final

from service.web.language import later


@dataclass(frozen=True)
class LeftOut:
    """Why events of a type are not counted; `reason` is shown to people, in Swedish."""

    reason: str


SUMMARY: Final = LeftOut(later("sammanfattning av flera händelser"))
NOTICE: Final = LeftOut(later("meddelande eller uppdatering, inte en enskild händelse"))
CRASH: Final = LeftOut(later("trafikolycka eller trafikhinder"))
CHECKED: Final = LeftOut(
    later("följer av polisens egna kontroller och säger mest hur ofta de görs")
)
RESCUE: Final = LeftOut(later("olycka, sjukdom, dödsfall eller räddningsinsats"))
FIRE: Final = LeftOut(later("brand utan angiven orsak, där få beskrivs som anlagda"))
ANIMAL: Final = LeftOut(later("gäller djur"))
PAPERWORK: Final = LeftOut(
    later("ekonomisk brottslighet eller urkund, utan plats att göra tryggare")
)
FOUND: Final = LeftOut(later("fynd av gods vars stöld räknas för sig"))
SUSPECTED: Final = LeftOut(later("misstänkt farligt föremål, som oftast visar sig ofarligt"))
SPECIAL_LAW: Final = LeftOut(later("speciallag som ingen kategori motsvarar"))

EVENT_TYPES: Final[dict[str, str | LeftOut]] = {
    # Damage. The type does not tell graffiti and glass from other damage, so the widest is taken;
    # blasts are damage to buildings, and no category of their own exists.
    "Skadegörelse": "vandalism_other",
    "Detonation": "vandalism_other",
    "Explosion": "vandalism_other",
    "Brand": FIRE,
    "Brand automatlarm": FIRE,
    # Staying where one may not.
    "Hemfridsbrott": "unlawful_stay",
    "Olaga intrång": "unlawful_stay",
    "Olaga intrång/hemfridsbrott": "unlawful_stay",
    # Substances. 14 of 838 summaries of drug offences speak of dealing: the weaker reading holds.
    "Narkotikabrott": "drug_traces",
    "Fylleri/LOB": "public_intoxication",
    "Alkohollagen": "alcohol_to_minors",
    # Violence, threat and harassment.
    "Bråk": "fight",
    "Misshandel": "violence",
    "Misshandel, grov": "violence",
    "Mord/dråp": "violence",
    "Mord/dråp, försök": "violence",
    "Olaga frihetsberövande": "violence",
    "Olaga frihetsberövande/människorov": "violence",
    "Skottlossning": "violence",
    "Skottlossning, misstänkt": "violence",
    "Våldtäkt": "violence",
    "Våldtäkt, försök": "violence",
    "Bombhot": "threat_harassment",
    "Ofredande/förargelse": "threat_harassment",
    "Olaga hot": "threat_harassment",
    "Sedlighetsbrott": "sexual_harassment",
    "Sexualbrott": "sexual_harassment",
    "Rån": "robbery",
    "Rån väpnat": "robbery",
    "Rån övrigt": "robbery",
    "Rån, försök": "robbery",
    # Whoever wears a uniform is staff too; guards and officials share the type with the police.
    "Våld/hot mot tjänsteman": "staff_incident",
    "Larm Överfall": "staff_incident",
    "Sabotage mot blåljusverksamhet": "attack_emergency_services",
    "Knivlagen": "cached_objects",
    "Vapenlagen": "cached_objects",
    "Farligt föremål, misstänkt": SUSPECTED,
    "Hets mot folkgrupp": "hate_expression",
    # Theft. 925 of 1,189 summaries of "Stöld/inbrott" speak of a break-in.
    "Inbrott": "burglary",
    "Inbrott, försök": "burglary",
    "Larm Inbrott": "burglary",
    "Stöld/inbrott": "burglary",
    "Motorfordon, stöld": "theft",
    "Snatteri": "shop_disorder",
    "Stöld": "theft",
    "Stöld, försök": "theft",
    "Stöld, ringa": "theft",
    "Bedrägeri": "fraud_approach",
    "Åldringsbrott": "fraud_approach",
    "Anträffat gods": FOUND,
    "Häleri": FOUND,
    "Motorfordon, anträffat stulet": FOUND,
    "Ekobrott": PAPERWORK,
    "Förfalskningsbrott": PAPERWORK,
    "Missbruk av urkund": PAPERWORK,
    # Order. What is published under the public order act is noise, shots heard, gatherings.
    "Ofog barn/ungdom": "noise",
    "Ordningslagen": "noise",
    # Traffic: accidents are no insecurity in the method's sense, and half of the offences'
    # summaries tell of a driver stopped in a check.
    "Trafikhinder": CRASH,
    "Trafikolycka": CRASH,
    "Trafikolycka, personskada": CRASH,
    "Trafikolycka, singel": CRASH,
    "Trafikolycka, smitning från": CRASH,
    "Trafikolycka, vilt": CRASH,
    "Efterlyst person": CHECKED,
    "Gränskontroll": CHECKED,
    "Kontroll person/fordon": CHECKED,
    "Olovlig körning": CHECKED,
    "Rattfylleri": CHECKED,
    "Trafikbrott": CHECKED,
    "Trafikkontroll": CHECKED,
    "Utlänningslagen": CHECKED,
    # Accidents and rescue.
    "Anträffad död": RESCUE,
    "Arbetsplatsolycka": RESCUE,
    "Fjällräddning": RESCUE,
    "Försvunnen person": RESCUE,
    "Naturkatastrof": RESCUE,
    "Räddningsinsats": RESCUE,
    "Sjukdom/olycksfall": RESCUE,
    "Spridning smitta/kemikalier": RESCUE,
    "Varningslarm/haveri": RESCUE,
    "Vållande till kroppsskada": RESCUE,
    "Djur": ANIMAL,
    "Djur skadat/omhändertaget": ANIMAL,
    "Lagen om hundar och katter": ANIMAL,
    "Luftfartslagen": SPECIAL_LAW,
    "Miljöbrott": SPECIAL_LAW,
    "Sjölagen": SPECIAL_LAW,
    "Skyddslagen": SPECIAL_LAW,
    # Bundles and notices.
    "Polisinsats/kommendering": NOTICE,
    "Tillfälligt obemannat": NOTICE,
    "Uppdatering": NOTICE,
    "Övrigt": NOTICE,
    "Sammanfattning dag": SUMMARY,
    "Sammanfattning dygn": SUMMARY,
    "Sammanfattning eftermiddag": SUMMARY,
    "Sammanfattning förmiddag": SUMMARY,
    "Sammanfattning helg": SUMMARY,
    "Sammanfattning kväll": SUMMARY,
    "Sammanfattning kväll och natt": SUMMARY,
    "Sammanfattning natt": SUMMARY,
    "Sammanfattning vecka": SUMMARY,
}

_BY_FOLDED = {name.casefold(): meaning for name, meaning in EVENT_TYPES.items()}


def meaning_of(event_type: str) -> str | LeftOut | None:
    """The category key or the reason for none; None for a type that nobody has decided on.

    Blanks and case are forgiven: the archive holds "Lagen om hundar och katter " with a blank.
    """
    return _BY_FOLDED.get(" ".join(event_type.split()).casefold())
