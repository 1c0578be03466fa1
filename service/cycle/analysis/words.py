"""The words of analysis: sides of the crime triangle, support of a cause, kinds of findings."""

from service.web.language import later

SIDES: dict[str, str] = {
    "place": later("Plats"),
    "offender": later("De som stör"),
    "target": later("De som drabbas"),
}
SUPPORTS: dict[str, str] = {
    "several_sources": later("Stöd i flera källor"),
    "weak": later("Svagt stöd"),
    "rejected": later("Prövad, avförd"),
}
KINDS: dict[str, str] = {"known": later("Vet vi"), "assumed": later("Antar vi")}
