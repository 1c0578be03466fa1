"""What the guard says: a stretch of the text, what kind of thing it is, and how sure that is."""

from dataclasses import dataclass
from enum import StrEnum

from service.web.language import later as _


class Kind(StrEnum):
    PERSONAL_NUMBER = "personal_number"
    PHONE = "phone"
    MAIL = "mail"
    LINK = "link"
    PLATE = "plate"
    HOME = "home"
    CASE_NUMBER = "case_number"
    NAME = "name"


@dataclass(frozen=True, order=True)
class Find:
    """Half-open places [start, end) in the text as it was typed, counted in characters.

    A certain find must be taken out; an uncertain one is asked about.
    """

    start: int
    end: int
    kind: Kind
    certain: bool


LABELS = {
    Kind.PERSONAL_NUMBER: _("Personnummer"),
    Kind.PHONE: _("Telefonnummer"),
    Kind.MAIL: _("E-postadress"),
    Kind.LINK: _("Länk eller konto"),
    Kind.PLATE: _("Registreringsnummer"),
    Kind.HOME: _("Bostad"),
    Kind.CASE_NUMBER: _("Ärendenummer"),
    Kind.NAME: _("Namn"),
}
EXPLANATIONS = {
    Kind.PERSONAL_NUMBER: _("Ett personnummer, samordningsnummer eller födelsedatum är en person."),
    Kind.PHONE: _("Ett telefonnummer leder till en person."),
    Kind.MAIL: _("En e-postadress leder till en person."),
    Kind.LINK: _("En länk eller ett konto kan leda till en person."),
    Kind.PLATE: _("Ett registreringsnummer leder till ägaren."),
    Kind.HOME: _("Ett lägenhetsnummer eller en hemadress pekar ut dem som bor där."),
    Kind.CASE_NUMBER: _("Ett ärendenummer leder till dem som ärendet gäller."),
    Kind.NAME: _("Det kan vara en persons namn. Skriv vad som hände på platsen, inte vem."),
}
