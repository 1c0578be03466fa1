"""Reading of the form that sets a task."""

from datetime import timedelta
from uuid import UUID

from service.cycle.mapping.week import local_day
from service.cycle.measures.tasks.set_task import NewTask
from service.web.filled import Filled
from service.web.language import _

TITLE = 200
COMMENT = 600
FURTHEST = timedelta(days=5 * 365)


def read_new_task(form: Filled, problem_id: UUID) -> NewTask | None:
    """The task of the form, or None with its `errors` filled."""
    today = local_day()
    title = form.text("title", longest=TITLE, missing=_("Skriv vad som ska göras."))
    due_on = form.day("due_on", missing=_("Välj när det ska vara klart."))
    if due_on is not None and due_on < today:
        form.refuse("due_on", _("Datumet har redan varit."))
    elif due_on is not None and due_on - today > FURTHEST:
        form.refuse("due_on", _("Datumet ligger mer än fem år framåt."))
    place = form.key("place", missing=_("Välj vem som ska göra det."))
    measure = _measure(form)
    if form.errors or due_on is None or place is None:
        return None
    return NewTask(form.row_id("task", problem_id), title, due_on, place, measure)


def _measure(form: Filled) -> UUID | None:
    if not form.said("measure"):
        return None
    return form.key("measure", missing=_("Välj en insats i listan."))
