"""Reading of the forms of analysis: what was typed, and what is wrong with it, in Swedish."""

from typing import Any

from service.cycle.analysis.words import KINDS, SIDES, SUPPORTS
from service.cycle.mapping.week import local_day
from service.web.filled import Filled
from service.web.language import _


def refuse_closed(form: Filled) -> None:
    form.refuse("form", _("Problemet är avslutat. Det du skrev är inte sparat."))


def read_finding(form: Filled) -> dict[str, Any]:
    kind = form.choice("kind", KINDS, _("Välj om ni vet det eller antar det."))
    source = form.text("source", longest=200)
    if kind == "known" and not source:
        form.refuse(
            "source", _("Skriv varifrån ni vet det, till exempel en rapport eller en rond.")
        )
    return {
        "kind": kind,
        "text": form.text("text", longest=600, missing=_("Skriv vad det är ni vet eller antar.")),
        "source": source,
    }


def read_cause(form: Filled) -> dict[str, Any]:
    return {
        "side": form.choice("side", SIDES, _("Välj vilken sida av triangeln orsaken hör till.")),
        "title": form.text("title", longest=120, missing=_("Skriv orsaken med några ord.")),
        "description": form.text("description", longest=600),
        "support": form.choice(
            "support", ("several_sources", "weak"), _("Välj hur väl orsaken stöds.")
        ),
    }


def read_assessment(form: Filled) -> dict[str, Any]:
    support = form.choice("support", SUPPORTS, _("Välj hur väl orsaken stöds."))
    motive = form.text("motive", longest=600)
    if support == "rejected" and not motive:
        form.refuse(
            "motive", _("Skriv varför orsaken avförs, så att ingen behöver pröva den igen.")
        )
    return {"support": support, "motive": motive}


def read_inquiry(form: Filled) -> dict[str, Any]:
    due_on = form.day("due_on", _("Välj en dag då svaret ska finnas."))
    if due_on is not None and due_on < local_day():
        form.refuse("due_on", _("Dagen har varit. Välj i dag eller senare."))
    return {
        "question": form.text("question", longest=300, missing=_("Skriv vad ni behöver få veta.")),
        "organisation_id": form.key("asked", _("Välj vem som ska ta reda på det.")),
        "due_on": due_on,
    }


def read_answer(form: Filled) -> str:
    return form.text("text", longest=1000, missing=_("Skriv vad ni kom fram till."))
