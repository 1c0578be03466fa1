"""Feedback in words, and the weeks of an organisation as rows of its table."""

from datetime import date
from typing import Any

from service.cycle.feedback.given import Answer, Given
from service.cycle.feedback.what_became import Decided
from service.cycle.mapping.week import local_day
from service.web.formats import day, number, week
from service.web.language import _, later

ANSWERS = {
    Answer.REPORTED: later("rapporterade"),
    Answer.NOTHING: later("inget att rapportera"),
    Answer.SILENT: later("hördes inte av"),
}
PRIORITIES = {
    "first": later("går före annat"),
    "ordinary": later("tas i vanlig ordning"),
    "watch": later("bevakas"),
}
FOLLOWED_UP = {
    "done": later("Genomförd enligt uppföljningen."),
    "partly": later("Delvis genomförd enligt uppföljningen."),
    "not_done": later("Inte genomförd enligt uppföljningen."),
}


def answers(given: Given) -> list[list[str]]:
    """The weeks as rows: week, answer, reports."""
    return [
        [week(one.monday), _(ANSWERS[one.answer]), number(one.reports, 0)] for one in given.weeks
    ]


def decision_sentence(decided: Decided) -> str:
    """``Beslutat 5 november 2026, § 12: Fältpass till 19 december. …``"""
    head = _("Styrgruppen beslutade %(at)s, § %(paragraph)s:", at=day(decided.at),
             paragraph=decided.paragraph)  # fmt: skip
    return f"{head} {_what(decided)}"


def _what(decided: Decided) -> str:
    if decided.priority is not None:
        if decided.outcome != "approved":
            return _("prioriteringen ändrades inte.")
        return _("läget %(priority)s.", priority=_(PRIORITIES[decided.priority]))
    if decided.measure is None or decided.ends_on is None:
        return _("en föreslagen insats avslogs.")
    said = _("%(measure)s, till %(until)s.", measure=decided.measure, until=day(decided.ends_on))
    return f"{said} {_(FOLLOWED_UP[decided.followed_up])}" if decided.followed_up else said


def has_ended(measure: dict[str, Any]) -> bool:
    """Whether a published measure is over: as it was when published, or by its day since then."""
    return bool(measure["ended"]) or date.fromisoformat(measure["ends_on"]) < local_day()


def until(measure: dict[str, Any]) -> str:
    """What is said under a published measure."""
    last = date.fromisoformat(measure["ends_on"])
    return _("Avslutad.") if has_ended(measure) else _("Pågår till %(day)s.", day=day(last))
