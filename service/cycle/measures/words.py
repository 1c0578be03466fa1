"""The words of measures: kinds, horizons, priorities and outcomes."""

from service.web.language import later

KINDS: dict[str, str] = {
    "situational": later("Situationell"),
    "social": later("Social"),
}
HORIZONS: dict[str, str] = {
    "short": later("Inom några veckor"),
    "long": later("På längre sikt"),
}
PRIORITIES: dict[str, str] = {
    "first": later("Går före"),
    "ordinary": later("I vanlig ordning"),
    "watch": later("Bevakas"),
}
OUTCOMES: dict[str, str] = {
    "approved": later("Bifall"),
    "rejected": later("Avslag"),
    "referred_back": later("Återremiss"),
}
