"""Reading of the forms of a proposal's page: what was typed, and what is wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4, uuid5

from service.council.amounts import WrongAmount, read_amount
from service.council.proposals.count import CHOICES
from service.cycle.measures.forms import MOST_HOURS, MOST_KR
from service.web.language import _

VOTE_MOTIVE = 600
TEXT = 1000
WAYS = ("by_votes", "referred_back")


@dataclass
class Form:
    """One form: `typed` is given back as it was, `errors` by field, `values` what it meant.

    `said` is about the act as a whole.
    """

    typed: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    said: str = ""

    def refuse(self, said: str, name: str = "") -> None:
        if name:
            self.errors[name] = said
        else:
            self.said = said


def _begin(fields: Mapping[str, Any], *names: str) -> Form:
    # A field that is a file is no text, and NUL is none that a row can hold.
    texts = {name: fields.get(name, "") for name in names}
    return Form(
        {
            name: text.replace("\x00", "").replace("\r\n", "\n").strip()
            if isinstance(text, str)
            else ""
            for name, text in texts.items()
        }
    )


def _text(form: Form, name: str, longest: int, missing: str) -> None:
    text = form.typed[name]
    if missing and not text:
        form.errors[name] = missing
    elif len(text) > longest:
        form.errors[name] = _(
            "Högst %(most)s tecken får plats; texten har %(length)s.",
            most=longest,
            length=len(text),
        )
    form.values[name] = text


def vote_form(fields: Mapping[str, Any]) -> Form:
    form = _begin(fields, "choice", "vote_motive")
    if form.typed["choice"] not in CHOICES:
        form.errors["choice"] = _("Välj för, emot eller avstår.")
    form.values["choice"] = form.typed["choice"]
    _text(form, "vote_motive", VOTE_MOTIVE, "")
    return form


def decision_form(fields: Mapping[str, Any], *, grants: bool) -> Form:
    """`grants` says whether the proposal is of a measure, which money and hours are given to."""
    form = _begin(fields, "way", "motive", "cost_kr", "hours")
    if form.typed["way"] not in WAYS:
        form.errors["way"] = _("Välj om rösterna avgör eller om förslaget återremitteras.")
    form.values["way"] = form.typed["way"]
    _text(form, "motive", TEXT, _("Skriv en motivering. Den står i beslutet."))
    form.values |= {"cost_kr": 0, "hours": 0}
    if grants:
        for name, most in (("cost_kr", MOST_KR), ("hours", MOST_HOURS)):
            try:
                form.values[name] = read_amount(form.typed[name], most)
            except WrongAmount as wrong:
                form.errors[name] = str(wrong)
    return form


def comment_form(fields: Mapping[str, Any]) -> Form:
    form = _begin(fields, "comment", "comment_id")
    try:
        form.values["comment_id"] = UUID(form.typed["comment_id"])
    except ValueError:
        form.values["comment_id"] = uuid4()
    _text(form, "comment", TEXT, _("Skriv något att kommentera med."))
    # Who goes back and writes something else says something else; sent again it is the same.
    form.values["comment_id"] = uuid5(form.values["comment_id"], form.typed["comment"])
    return form


def reservation_form(fields: Mapping[str, Any]) -> Form:
    form = _begin(fields, "reservation")
    _text(form, "reservation", TEXT, _("Skriv varför du inte står bakom beslutet."))
    return form
