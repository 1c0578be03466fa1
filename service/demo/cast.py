"""The invented people of the nine municipalities: one for every role and seat of the source.

Surnames are made up from nature words, so that nobody is meant by them.
"""

from dataclasses import dataclass
from functools import cache

from service.demo.nine import NINE, DemonstrationMunicipality
from service.demo.organisations import COMMON, CULTURE, LEADERSHIP, POLICE, SCHOOL, SOCIAL
from service.geography import municipalities
from tenants.roles import Role

R = Role
TECHNICAL = COMMON[5][0]
HOUSING = "housing"  # stands for the municipality's own housing company
GUARDS = "security_company"  # stands for the first organisation of that actor type
SHOPS = "business_association"

# Role, key of the seat (None outside the steering group), what it is called, organisation, key of
# the subject.
SEATS: tuple[tuple[Role, str | None, str, str, str], ...] = (
    (R.SAFETY_COORDINATOR, None, "Trygghetssamordnare", LEADERSHIP, "samordnare"),
    (R.MUNICIPAL_POLICE, None, "Kommunpolis", POLICE, "kommunpolis"),
    (R.PROJECT_OWNER, None, "Kommunchef, projektägare", LEADERSHIP, "kommunchef"),
    (
        R.STEERING_MEMBER,
        "board_chair",
        "Styrgruppen: kommunstyrelsens ordförande",
        LEADERSHIP,
        "ordforande",
    ),
    (
        R.STEERING_MEMBER,
        "board_first_vice",
        "Styrgruppen: kommunstyrelsens förste vice ordförande",
        LEADERSHIP,
        "forste-vice",
    ),
    (
        R.STEERING_MEMBER,
        "board_second_vice",
        "Styrgruppen: kommunstyrelsens andre vice ordförande",
        LEADERSHIP,
        "andre-vice",
    ),
    (
        R.STEERING_MEMBER,
        "education_chair",
        "Styrgruppen: ordförande i barn- och utbildningsnämnden",
        LEADERSHIP,
        "barn-utbildning",
    ),
    (
        R.STEERING_MEMBER,
        "culture_chair",
        "Styrgruppen: ordförande i kultur- och samhällsservicenämnden",
        LEADERSHIP,
        "kultur-samhall",
    ),
    (
        R.STEERING_MEMBER,
        "social_chair",
        "Styrgruppen: ordförande i arbetsmarknads- och socialnämnden",
        LEADERSHIP,
        "arbetsmarknad-social",
    ),
    (
        R.STEERING_MEMBER,
        "housing_company",
        "Styrgruppen: kommunala bostadsbolaget",
        HOUSING,
        "bostadsbolaget",
    ),
    (
        R.STEERING_CO_OPTED,
        "lpo_chief",
        "Styrgruppen, adjungerad: chef för lokalpolisområdet",
        POLICE,
        "polischef",
    ),
    (R.PREPARATORY_MEMBER, None, "Beredningsgruppen: skolan", SCHOOL, "bered-skola"),
    (R.PREPARATORY_MEMBER, None, "Beredningsgruppen: socialtjänsten", SOCIAL, "bered-social"),
    (R.PREPARATORY_MEMBER, None, "Beredningsgruppen: kultur och fritid", CULTURE, "bered-kultur"),
    (R.REPORTER, None, "Rapportör: bovärd", HOUSING, "bovard"),
    (R.REPORTER, None, "Rapportör: rektor", SCHOOL, "rektor"),
    (R.REPORTER, None, "Rapportör: fältgruppen", SOCIAL, "faltgrupp"),
    (R.REPORTER, None, "Rapportör: fritidsledare", CULTURE, "fritidsledare"),
    (R.REPORTER, None, "Rapportör: parkarbetare", TECHNICAL, "parkarbetare"),
    (R.REPORTER, None, "Rapportör: väktare", GUARDS, "vaktare"),
    (R.REPORTER, None, "Rapportör: butiksägare", SHOPS, "butik"),
    (R.REPORTER, None, "Rapportör: polis i yttre tjänst", POLICE, "polis"),
    (R.ORG_CONTACT, None, "Kontaktperson: bostadsbolaget", HOUSING, "kontakt"),
    (R.WORKING_GROUP_LEAD, None, "Arbetsgruppens ledare", TECHNICAL, "grupp-ledare"),
    (R.WORKING_GROUP_MEMBER, None, "Medlem i arbetsgruppen", CULTURE, "grupp-medlem"),
    (R.RECORDS_OFFICER, None, "Registrator", LEADERSHIP, "registrator"),
    (R.DPO, None, "Dataskyddsombud", LEADERSHIP, "dataskydd"),
    (R.AUDITOR, None, "Revisor", LEADERSHIP, "revisor"),
    (R.TENANT_ADMIN, None, "Administratör", LEADERSHIP, "administrator"),
)
# Who works in two municipalities: a coordinator in both, as where neighbours share one.
SHARED_SUBJECT = "delad-samordnare"
SHARED = ("2182", "2081")

FIRST_NAMES = (
    "Alma", "Bo", "Cecilia", "Dragan", "Elin", "Farid", "Greta", "Hugo", "Ines", "Jonas", "Karin",
    "Leyla", "Malte", "Nora", "Olle", "Petra", "Rasmus", "Samira", "Tove", "Ulf", "Vera", "Wilmer",
    "Ylva", "Zoran", "Åsa", "Ärla", "Örjan", "Amir", "Birgit", "Dalia", "Emil", "Fatima", "Gustav",
    "Hedda", "Ivar", "Jelena", "Kasper", "Lova", "Mona", "Nils",
)  # fmt: skip
FIRST_HALVES = (
    "Gran", "Sjö", "Löv", "Sten", "Ängs", "Tall", "Kråk", "Mossa", "Vind", "Regn", "Hassel",
    "Snö", "Rim", "Flod", "Kvist", "Ljung", "Dun",
)  # fmt: skip
SECOND_HALVES = (
    "lycka", "hök", "ljus", "vret", "glänta", "mynta", "frid", "sång", "stig", "vaka", "trast",
    "kulle", "fjäder",
)  # fmt: skip


@dataclass(frozen=True)
class CastMember:
    """An invented person with one role; `subject` is what the local provider calls them.

    `organisation` is a name of `organisations`, or HOUSING, or an actor type that stands for the
    first organisation of it. Who belongs to two municipalities is listed once for each.
    """

    subject: str
    name: str
    description: str
    municipality: str
    code: str
    role: Role
    seat: str | None
    organisation: str


@cache
def people() -> list[CastMember]:
    """Everybody, by municipality and seat; a subject comes twice only for who works in two."""
    slugs = {code: slug for code, _, slug in municipalities()}
    cast: list[CastMember] = []
    for town in NINE:
        for role, seat, title, organisation, key in SEATS:
            cast.append(
                CastMember(
                    subject=f"{slugs[town.code]}-{key}",
                    name=_name(len(cast)),
                    description=title,
                    municipality=town.name,
                    code=town.code,
                    role=role,
                    seat=seat,
                    organisation=town.housing if organisation == HOUSING else organisation,
                )
            )
    shared = [town for town in NINE if town.code in SHARED]
    both = " och ".join(town.name for town in shared)
    name = _name(len(cast))
    cast += [_shared(town, name, f"Trygghetssamordnare i {both}") for town in shared]
    return cast


OPERATOR = ("drift", "Disa Driftsson", "Driver tjänsten, hör till ingen kommun")
"""Who runs the invented platform: subject, name, description."""


def _shared(town: DemonstrationMunicipality, name: str, description: str) -> CastMember:
    return CastMember(
        SHARED_SUBJECT,
        name,
        description,
        town.name,
        town.code,
        R.SAFETY_COORDINATOR,
        None,
        LEADERSHIP,
    )


def _name(number: int) -> str:
    """A name of its own for everybody."""
    pairs = len(FIRST_HALVES) * len(SECOND_HALVES)
    pair = number * 60 % pairs  # 60 has no divisor in common with 221: every pair comes once.
    first, second = divmod(pair, len(SECOND_HALVES))
    return f"{FIRST_NAMES[number % len(FIRST_NAMES)]} {FIRST_HALVES[first]}{SECOND_HALVES[second]}"
