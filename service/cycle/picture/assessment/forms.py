"""The three forms of assessment: what was typed, and what is wrong with it by field."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite

from service.web.clean import clean
from service.web.language import _, later

INFLUENCES = {"3": later("Stor"), "2": later("Viss"), "1": later("Liten")}
POSITIONS = {
    "calculated": later("Som den är räknad"),
    "first": later("Först i listan"),
    "last": later("Sist i listan"),
}
LEVELS = {
    "green": later("Grönt"),
    "yellow": later("Gult"),
    "orange": later("Orange"),
    "red": later("Rött"),
}
LONGEST_MOTIVE = 600
LONGEST_INDICATORS = 1000
HEAVIEST = 50.0


def _text(form: Mapping[str, object], name: str) -> str:
    value = form.get(name, "")
    return clean(value) if isinstance(value, str) else ""


def _too_long(text: str, limit: int) -> str:
    if len(text) <= limit:
        return ""
    return _(
        "Texten är %(length)s tecken. Den får vara högst %(limit)s.",
        length=len(text),
        limit=limit,
    )


@dataclass
class AssessmentForm:
    influence: str = ""
    position: str = "calculated"
    motive: str = ""
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def parse(cls, form: Mapping[str, object]) -> "AssessmentForm":
        """Read the posted fields; never raises."""
        read = cls(_text(form, "influence"), _text(form, "position"), _text(form, "motive"))
        if read.influence not in ("", *INFLUENCES):
            read.errors["influence"] = _("Välj stor, viss eller liten.")
        if read.position not in POSITIONS:
            read.errors["position"] = _("Välj var i listan läget ska stå.")
        elif read.position != "calculated" and not read.motive:
            read.errors["motive"] = _("Skriv varför läget flyttas.")
        if said := _too_long(read.motive, LONGEST_MOTIVE):
            read.errors["motive"] = said
        return read


@dataclass
class WeightingForm:
    light: str = "1"
    medium: str = "4"
    severe: str = "16"
    motive: str = ""
    errors: dict[str, str] = field(default_factory=dict)
    weights: tuple[float, float, float] = (1.0, 4.0, 16.0)

    @classmethod
    def parse(cls, form: Mapping[str, object]) -> "WeightingForm":
        """Read the posted fields; never raises."""
        names = ("light", "medium", "severe")
        read = cls(
            light=_text(form, "light"),
            medium=_text(form, "medium"),
            severe=_text(form, "severe"),
            motive=_text(form, "motive"),
        )
        found = [read._weight(name) for name in names]
        if not read.errors:
            read.weights = (found[0], found[1], found[2])
            if not read.weights[0] <= read.weights[1] <= read.weights[2]:
                read.errors["severe"] = _("Ett högre allvar kan inte väga mindre än ett lägre.")
        if not read.motive:
            read.errors["motive"] = _("Skriv varför vikterna ändras.")
        elif said := _too_long(read.motive, LONGEST_MOTIVE):
            read.errors["motive"] = said
        return read

    def _weight(self, name: str) -> float:
        try:
            value = float(getattr(self, name).replace(",", "."))
        except ValueError:
            value = 0.0
        if not (isfinite(value) and 1.0 <= value <= HEAVIEST):
            self.errors[name] = _("Skriv ett tal från 1 till %(most)s.", most=round(HEAVIEST))
        return value


@dataclass
class LevelForm:
    level: str = ""
    indicators: str = ""
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def parse(cls, form: Mapping[str, object]) -> "LevelForm":
        """Read the posted fields; never raises."""
        read = cls(_text(form, "level"), _text(form, "indicators"))
        if read.level not in LEVELS:
            read.errors["level"] = _("Välj grönt, gult, orange eller rött.")
        if not read.indicators:
            read.errors["indicators"] = _("Skriv vad nivån bygger på.")
        elif said := _too_long(read.indicators, LONGEST_INDICATORS):
            read.errors["indicators"] = said
        return read
