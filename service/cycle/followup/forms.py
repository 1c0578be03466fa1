"""Reading of the form that follows a measure up."""

from uuid import UUID

from service.cycle.followup.follow_up import Findings
from service.cycle.followup.read import OUTCOMES
from service.cycle.measures.forms import MOST_HOURS, MOST_KR
from service.web.filled import Filled
from service.web.language import _

TEXT = 1000


def read_findings(form: Filled, measure_id: UUID) -> Findings | None:
    """What the form says, or None with its `errors` filled."""
    outcome = form.choice("outcome", OUTCOMES, missing=_("Välj om insatsen blev genomförd."))
    done_on = None
    if outcome in ("done", "partly"):
        done_on = form.day("done_on", missing=_("Skriv när den blev genomförd."))
    text = form.text("text", longest=TEXT, missing=_("Skriv vad som blev gjort."))
    wrong = _("Skriv ett helt antal, utan decimaler.")
    used_kr = form.whole("used_kr", most=MOST_KR, missing=wrong)
    used_hours = form.whole("used_hours", most=MOST_HOURS, missing=wrong)
    if form.errors:
        return None
    return Findings(
        form.row_id("follow_up", measure_id), outcome, done_on, text, used_kr, used_hours
    )
