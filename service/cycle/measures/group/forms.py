"""Reading of the form that invites people into a working group."""

from dataclasses import dataclass
from uuid import UUID

from service.cycle.measures.group.assemble import Invited
from service.web.filled import Filled
from service.web.language import _

TICK = "organisation-"


@dataclass(frozen=True)
class Choice:
    """Who is invited, and the person who leads."""

    invited: list[Invited]
    lead: UUID | None


def read_choice(form: Filled, *, lead_needed: bool) -> Choice | None:
    """The choice of the form, or None with its `errors` filled."""
    chosen: dict[str, Invited] = {}
    for name in form.typed:
        if not name.startswith(TICK):
            continue
        key = name.removeprefix(TICK)
        try:
            chosen[key] = Invited(UUID(key[:40]), UUID(form.said(f"person-{key}")[:40]))
        except ValueError:
            form.refuse("form", _("Välj en person för varje organisation som bjuds in."))
    if not chosen:
        form.refuse("form", _("Välj minst en organisation."))
    lead = chosen.get(form.said("lead"))
    if lead_needed and lead is None:
        form.refuse("lead", _("Välj vem av de inbjudna som leder gruppen."))
    if form.errors:
        return None
    return Choice(list(chosen.values()), lead.person_id if lead else None)
