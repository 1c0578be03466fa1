"""What a follow-up found, in words: a description of counts, never an evaluation."""

from service.council.dashboard.read import Followed
from service.web.formats import day, number
from service.web.language import _


def outcome_sentence(one: Followed) -> str:
    """``Genomförd 31 mars 2026``."""
    if one.outcome == "not_done":
        return _("Inte genomförd")
    if one.done_on is None:
        return _("Genomförd")
    if one.outcome == "partly":
        return _("Delvis genomförd %(on)s", on=day(one.done_on))
    return _("Genomförd %(on)s", on=day(one.done_on))


def effect_sentence(one: Followed) -> str:
    """``4,2 i veckan före och 2,1 efter; 5 och 4 organisationer rapporterade``, or nothing."""
    before, after = one.comparison.get("before"), one.comparison.get("after")
    if not before or not after:
        return ""
    return _(
        "%(before)s rapporter i veckan före och %(after)s efter; %(then)s och %(now)s "
        "organisationer rapporterade.",
        before=number(before["per_week"], 1),
        after=number(after["per_week"], 1),
        then=number(before["organisations"], 0),
        now=number(after["organisations"], 0),
    )
