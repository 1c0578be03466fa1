"""Reading of the form that follows a measure up."""

from service.cycle.followup.follow_up import Findings
from service.cycle.followup.read import OUTCOMES
from service.web.language import _
from service.web.typed import Typed

TEXT = 1000
MOST_KR = 1_000_000_000
MOST_HOURS = 1_000_000


def read_findings(form: Typed) -> Findings | None:
    """What the form says, or None with its `errors` filled."""
    outcome = form.one_of("outcome", OUTCOMES, missing=_("Välj om insatsen blev genomförd."))
    done_on = None
    if outcome in ("done", "partly"):
        done_on = form.day("done_on", missing=_("Skriv när den blev genomförd."))
    text = form.text("text", longest=TEXT, missing=_("Skriv vad som blev gjort."))
    wrong = _("Skriv ett helt antal, utan decimaler.")
    used_kr = form.number("used_kr", most=MOST_KR, wrong=wrong)
    used_hours = form.number("used_hours", most=MOST_HOURS, wrong=wrong)
    if form.errors or outcome is None or text is None or used_kr is None or used_hours is None:
        return None
    return Findings(form.own_id(), outcome, done_on, text, used_kr, used_hours)
