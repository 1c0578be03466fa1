"""What roles, kinds of actors and their standing are called; the kinds as the field names them."""

from service.web.language import _, later
from tenants.roles import Role

ROLE_WORDS = {
    Role.PROJECT_OWNER: later("Projektägare"),
    Role.STEERING_MEMBER: later("Ledamot i styrgruppen"),
    Role.STEERING_CO_OPTED: later("Adjungerad i styrgruppen"),
    Role.SAFETY_COORDINATOR: later("Trygghetssamordnare"),
    Role.MUNICIPAL_POLICE: later("Kommunpolis"),
    Role.PREPARATORY_MEMBER: later("Ledamot i beredningsgruppen"),
    Role.REPORTER: later("Rapportör"),
    Role.ORG_CONTACT: later("Kontaktperson"),
    Role.WORKING_GROUP_MEMBER: later("Medlem i arbetsgrupp"),
    Role.WORKING_GROUP_LEAD: later("Ledare för arbetsgrupp"),
    Role.RECORDS_OFFICER: later("Registrator"),
    Role.DPO: later("Dataskyddsombud"),
    Role.AUDITOR: later("Revisor"),
    Role.TENANT_ADMIN: later("Administratör"),
    Role.PLATFORM_OPERATOR: later("Drift"),
}


def role_word(role: str) -> str:
    """`Rapportör` of `reporter`."""
    return _(ROLE_WORDS[Role(role)])


# Kind of actor → what it is called, and whether it is an authority: as a rule, and to be changed
# where a municipality knows better. A municipal company is equated with one (OSL 2:3).
ACTOR_TYPES: dict[str, tuple[str, str]] = {
    "police": (later("Polisen"), "yes"),
    "municipal_school": (later("Kommunens skolor"), "yes"),
    "municipal_social": (later("Socialtjänsten"), "yes"),
    "municipal_leisure_culture": (later("Kultur och fritid"), "yes"),
    "municipal_technical": (later("Teknik, gata och park"), "yes"),
    "municipal_environment": (later("Miljö och tillsyn"), "yes"),
    "municipal_other": (later("Annan del av kommunen"), "yes"),
    "municipal_housing": (later("Kommunalt bostadsbolag"), "equated"),
    "private_housing": (later("Privat fastighetsägare"), "no"),
    "independent_school": (later("Fristående skola"), "no"),
    "security_company": (later("Bevakningsföretag"), "no"),
    "rescue_service": (later("Räddningstjänsten"), "yes"),
    "public_transport": (later("Kollektivtrafiken"), "no"),
    "region_health": (later("Regionen, hälso- och sjukvård"), "yes"),
    "business": (later("Företag"), "no"),
    "business_association": (later("Företagarförening"), "no"),
    "civil_society": (later("Förening i civilsamhället"), "no"),
    "sports_association": (later("Idrottsförening"), "no"),
    "faith_community": (later("Trossamfund"), "no"),
    "neighbourhood_watch": (later("Grannsamverkan"), "no"),
    "public": (later("Allmänheten"), "no"),
}

AUTHORITY = {
    "yes": later("Myndighet"),
    "equated": later("Kommunalt bolag, jämställs med myndighet"),
    "no": later("Inte myndighet"),
}


def actor_word(actor_type: str) -> str:
    """`Polisen` of `police`; a kind that is not known is shown as it is."""
    known = ACTOR_TYPES.get(actor_type)
    return _(known[0]) if known else actor_type
