"""What a follow-up found, in words: a description of counts, never an evaluation."""

from service.council.dashboard.read import Followed
from service.web.formats import day, number
from service.web.language import _, ngettext


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
    """``34 rapporter på 12 veckor före, 21 efter. 4 och 5 aktörer hördes av.``, or nothing."""
    weeks = one.comparison.get("weeks")
    if not weeks:
        return ""
    before, after = one.comparison["before"], one.comparison["after"]
    return ngettext(
        "%(before)s rapporter på en vecka före, %(after)s efter. %(then)s och %(later)s aktörer "
        "hördes av.",
        "%(before)s rapporter på %(num)s veckor före, %(after)s efter. %(then)s och %(later)s "
        "aktörer hördes av.",
        weeks,
        before=number(before["count"], 0),
        after=number(after["count"], 0),
        then=number(before["actors"], 0),
        later=number(after["actors"], 0),
    )
