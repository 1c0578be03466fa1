"""Reading of the forms of a meeting."""

from datetime import datetime, time, timedelta
from typing import NamedTuple

from service.cycle.mapping.week import NoSuchTime, instant, local_day
from service.web.filled import Filled
from service.web.language import _

PLACE = 120
ITEM = 200
ABOUT = 300
TEXT = 1000
REASON = 300
FURTHEST = timedelta(days=2 * 365)


class Call(NamedTuple):
    held_at: datetime
    place: str


def read_call(form: Filled) -> Call | None:
    """When and where, or None with the form's `errors` filled. A meeting today may have begun."""
    day = form.day("day", missing=_("Välj en dag."))
    clock = _clock(form)
    place = form.text("place", longest=PLACE, missing=_("Skriv var mötet hålls."))
    today = local_day()
    if day is not None and day < today:
        form.refuse("day", _("Dagen har redan varit."))
    elif day is not None and day - today > FURTHEST:
        form.refuse("day", _("Dagen ligger mer än två år framåt."))
    if form.errors or day is None or clock is None:
        return None
    try:
        return Call(instant(datetime.combine(day, clock)), place)
    except NoSuchTime:
        form.refuse("clock", _("Klockan ställs fram den natten, så den tiden finns inte."))
        return None


def read_move(form: Filled) -> tuple[Call, str] | None:
    """When, where and why it is held instead, or None with the form's `errors` filled."""
    reason = read_reason(form)
    called = read_call(form)
    return (called, reason) if called is not None and not form.errors else None


def read_reason(form: Filled) -> str:
    return form.text("reason", longest=REASON, missing=_("Skriv varför, det står i brevet."))


def _clock(form: Filled) -> time | None:
    """A wall-clock time as a time field sends it, ``13:00``."""
    try:
        return datetime.strptime(form.said("clock"), "%H:%M").time()
    except ValueError:
        form.refuse("clock", _("Skriv klockslaget, till exempel 13:00."))
        return None
