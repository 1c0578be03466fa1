"""Reading of the forms of measures: what was typed, and what is wrong with it, in Swedish."""

from datetime import date

from service.cycle.measures.propose import Plan
from service.cycle.measures.words import HORIZONS, KINDS, PRIORITIES
from service.web.filled import Filled
from service.web.language import _

LONGEST_YEARS = 5
# As the columns of `measure` and `decision` hold them.
MOST_KR = 1_000_000_000
MOST_HOURS = 1_000_000


def read_plan(form: Filled) -> Plan | None:
    """The plan of a measure; None when something is missing, said beside its field."""
    cause = form.key("cause", _("Välj vilken orsak insatsen verkar på."))
    title = form.text("title", longest=120, missing=_("Skriv vad som ska göras."))
    kind = form.choice("kind", KINDS, _("Välj om insatsen är situationell eller social."))
    effect = form.text(
        "expected_effect", longest=400, missing=_("Skriv vad insatsen väntas leda till.")
    )
    horizon = form.choice("horizon", HORIZONS, _("Välj när effekten väntas."))
    indicator = form.text(
        "indicator", longest=300, missing=_("Skriv hur det ska märkas att insatsen har verkat.")
    )
    description = form.text("description", longest=1000)
    starts_on, ends_on = _period(form)
    responsible = form.key("responsible", _("Välj vem som ansvarar."))
    partners = form.keys("partner", _("Välj medverkande ur listan."))
    cost = form.whole(
        "cost_kr", most=MOST_KR, missing=_("Skriv kostnaden i hela kronor, 0 om den är noll.")
    )
    hours = form.whole(
        "hours", most=MOST_HOURS, missing=_("Skriv arbetstiden i hela timmar, 0 om den är noll.")
    )
    if form.errors or not (cause and responsible and starts_on and ends_on):
        return None
    return Plan(
        cause_id=cause,
        title=title,
        kind=kind,
        description=description,
        expected_effect=effect,
        horizon=horizon,
        indicator=indicator,
        starts_on=starts_on,
        ends_on=ends_on,
        organisation_id=responsible,
        partners=tuple(one for one in partners if one != responsible),
        cost_kr=cost,
        hours=hours,
    )


def _period(form: Filled) -> tuple[date | None, date | None]:
    starts_on = form.day("starts_on", _("Välj när insatsen börjar."))
    ends_on = form.day(
        "ends_on", _("Välj när insatsen slutar. En insats utan slut kan inte följas upp.")
    )
    if starts_on and ends_on:
        if ends_on < starts_on:
            form.refuse("ends_on", _("Slutet ligger före början."))
        elif ends_on > _later(starts_on, LONGEST_YEARS):
            form.refuse("ends_on", _("En insats varar högst fem år. Dela upp den."))
    return starts_on, ends_on


def _later(day: date, years: int) -> date:
    """The same day so many years later; 28 February for a leap day."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def read_note(form: Filled) -> str:
    """What the steering group is told with a proposal."""
    return form.text("text", longest=1000)


def read_priority(form: Filled) -> tuple[str, str]:
    priority = form.choice("priority", PRIORITIES, _("Välj hur problemet ska gå före andra."))
    return priority, form.text(
        "text", longest=1000, missing=_("Skriv varför, så att styrgruppen kan ta ställning.")
    )


def read_motive(form: Filled, longest: int) -> str:
    return form.text("motive", longest=longest, missing=_("Skriv varför."))
