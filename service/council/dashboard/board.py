"""Draw the board: the same for everybody who may open it, so that it is drawn once for all."""

from dataclasses import dataclass
from typing import Any

from service.council.dashboard.at_the_meeting import against_the_meeting, list_at
from service.council.dashboard.effect import effect_sentence, outcome_sentence
from service.council.dashboard.read import SHOWN, Governing, Since, Waiting, read_governing
from service.council.proposals.hold import outcome_word
from service.council.proposals.show import PRIORITIES
from service.cycle.picture import explain, lay_out
from service.cycle.picture.assessment.assess import read_assessments
from service.cycle.picture.show import Numbers, Shown, read_picture
from service.web.draw import resource_bar
from service.web.formats import day, listing, number
from service.web.language import _, ngettext
from tenants.roles import PictureView

FIVE = 5
WAITING_SHOWN = 3


@dataclass(frozen=True)
class Bar:
    """A resource of the year: what is given, what a yes would add, what the frame holds."""

    label: str
    given: str
    frame: str
    left: str
    drawing: Any


async def read_board() -> dict[str, Any]:
    """The context of `council/_board.html`, of the open scope's municipality: nobody's name."""
    shown = await read_picture(PictureView.GOVERNING)
    governing = await read_governing()
    context: dict[str, Any] = {
        "shown": shown,
        "explain": explain,
        "governing": governing,
        "more_waiting": governing.waiting[WAITING_SHOWN:],
        "waiting": governing.waiting[:WAITING_SHOWN],
        "not_done": governing.not_done[:SHOWN],
        "bars": bars(governing),
        "first": next((one for one in governing.waiting if one.measure), None),
        "effect_sentence": effect_sentence,
        "outcome_sentence": outcome_sentence,
        "outcome_word": outcome_word,
        "cost": cost,
        "since_sentence": since_sentence,
        "met": None,
    }
    if shown is not None and shown.wide is not None and shown.wide["begun"]:
        wide = shown.wide
        met = governing.since.day if governing.since else None
        then = await list_at(met) if met is not None else None
        if then is not None:
            wide = against_the_meeting(wide, then)
        context |= {
            "wide": wide,
            "rows": lay_out.rows(wide, await read_assessments(), FIVE),
            "links": links(shown, governing),
            "left": lay_out.left_list(wide),
            "met": met if then is not None else None,
        }
    return context


def links(shown: Shown, governing: Governing) -> list[tuple[str, str]]:
    """For each of the five its open problem and the priority decided for it, or nothing."""
    wide: Numbers = shown.wide or {}
    found = []
    for row in wide["priorities"][:FIVE]:
        keys = wide["areas"][row["area"]]["key"], wide["categories"][row["category"]]["key"]
        problem = governing.problems.get(keys)
        priority = problem.priority if problem else None
        found.append(
            (problem.label if problem else "", _(PRIORITIES[priority]) if priority else "")
        )
    return found


def bars(governing: Governing) -> list[Bar]:
    """Money and hours of the year, with what the first measure in the queue would take."""
    year = governing.year
    first = next((one for one in governing.waiting if one.measure), None)
    return [
        _bar(_("Pengar, kr"), year.given_kr, first.cost_kr if first else 0, year.frame_kr, "money"),
        _bar(_("Timmar"), year.given_hours, first.hours if first else 0, year.frame_hours, "time"),
    ]


def _bar(label: str, given: int, asked: int, frame: int | None, key: str) -> Bar:
    if frame is None:
        left = _("ingen ram är satt")
    elif given > frame:
        left = _("%(over)s över ramen", over=number(given - frame, 0))
    else:
        left = _("%(left)s kvar", left=number(frame - given, 0))
    return Bar(
        label=label,
        given=number(given, 0),
        frame="" if frame is None else number(frame, 0),
        left=left,
        drawing=resource_bar(given, asked, frame) if frame is not None else "",
    )


def since_sentence(since: Since) -> str:
    """``Sedan mötet 12 november: två nya signaler, ett beslut.``"""
    came = [
        ngettext("%(num)s ny signal", "%(num)s nya signaler", since.signals),
        ngettext("%(num)s nytt problem", "%(num)s nya problem", since.problems),
        ngettext("%(num)s beslut", "%(num)s beslut", since.decisions),
        ngettext("%(num)s uppföljning", "%(num)s uppföljningar", since.followed),
    ]
    return _("Sedan mötet %(day)s: %(came)s.", day=day(since.day, year=False), came=listing(came))


def cost(one: Waiting) -> str:
    """``180 000 kr och 60 timmar``; nothing for a priority."""
    if not one.measure:
        return ""
    hours = ngettext("%(hours)s timme", "%(hours)s timmar", one.hours, hours=number(one.hours, 0))
    return _("%(kr)s kr och %(hours)s", kr=number(one.cost_kr, 0), hours=hours)
