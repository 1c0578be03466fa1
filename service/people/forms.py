"""Reading of the forms for people and organisations."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from service.people.words import ACTOR_TYPES, AUTHORITY
from service.web.language import _
from tenants.roles import Role

MOST_AT_ONCE = 50
LONGEST_ADDRESS = 254
LONGEST_NAME = 120
# One plain address of the kind that letters go to; quoted and international ones are not invited.
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


def is_address(text: str) -> bool:
    """Whether a letter could be sent to `text`."""
    return len(text) <= LONGEST_ADDRESS and _ADDRESS.fullmatch(text) is not None


def one_line(text: str, longest: int) -> str:
    """`text` without control characters and line breaks, at most `longest` long."""
    kept = "".join(sign if sign.isprintable() else " " for sign in text)
    return " ".join(kept.split())[:longest]


@dataclass
class InviteForm:
    """`typed` goes back into the fields; `errors` maps a field to its message."""

    typed: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    addresses: list[str] = field(default_factory=list)
    organisation_id: UUID | None = None
    role: Role | None = None

    @classmethod
    def parse(cls, given: Mapping[str, object]) -> "InviteForm":
        """Addresses as they are pasted from a letter or a sheet: between commas, spaces, lines."""
        form = cls({name: str(given.get(name, "")) for name in ("emails", "organisation", "role")})
        words = re.split(r"[\s,;<>]+", form.typed["emails"])
        found = list(dict.fromkeys(word.lower() for word in words if "@" in word))
        wrong = [word for word in found if not is_address(word)]
        if not found:
            form.errors["emails"] = _("Skriv minst en e-postadress.")
        elif wrong:
            form.errors["emails"] = _("Det här är ingen adress: %(word)s", word=wrong[0][:80])
        elif len(found) > MOST_AT_ONCE:
            form.errors["emails"] = _("Bjud in högst %(most)s åt gången.", most=MOST_AT_ONCE)
        else:
            form.addresses = found
        try:
            form.organisation_id = UUID(form.typed["organisation"])
        except ValueError:
            form.errors["organisation"] = _("Välj en organisation.")
        if form.typed["role"] in set(Role):
            form.role = Role(form.typed["role"])
        else:
            form.errors["role"] = _("Välj en roll.")
        return form

    def said(self, name: str) -> str:
        return self.typed.get(name, "")

    def wrong(self, name: str) -> str:
        return self.errors.get(name, "")


@dataclass
class OrganisationForm:
    """As `InviteForm`; `is_authority` follows from the kind of actor unless it is chosen."""

    typed: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def parse(cls, given: Mapping[str, object]) -> "OrganisationForm":
        names = ("name", "actor_type", "is_authority")
        form = cls({name: str(given.get(name, "")).strip() for name in names})
        form.typed["name"] = one_line(form.typed["name"], LONGEST_NAME + 1)
        if not form.typed["name"]:
            form.errors["name"] = _("Skriv organisationens namn.")
        elif len(form.typed["name"]) > LONGEST_NAME:
            form.errors["name"] = _("Namnet får ha högst %(most)s tecken.", most=LONGEST_NAME)
        if form.typed["actor_type"] not in ACTOR_TYPES:
            form.errors["actor_type"] = _("Välj vilket slags aktör det är.")
        if form.typed["is_authority"] not in ("", *AUTHORITY):
            form.errors["is_authority"] = _("Välj ett av svaren.")
        return form

    @property
    def is_authority(self) -> str:
        return self.typed["is_authority"] or ACTOR_TYPES[self.typed["actor_type"]][1]

    def said(self, name: str) -> str:
        return self.typed.get(name, "")

    def wrong(self, name: str) -> str:
        return self.errors.get(name, "")
