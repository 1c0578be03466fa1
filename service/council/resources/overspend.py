"""Say when something costs more than is left of the year's frame; it is allowed all the same."""

from service.council.resources.show import Year
from service.web.formats import number
from service.web.language import _


def before(year: Year, cost_kr: int, hours: int) -> str:
    """What a yes would mean, when it goes over the frame; nothing when it fits."""
    parts = []
    if year.left_kr is not None and cost_kr > year.left_kr:
        parts.append(
            _(
                "Kostnaden %(cost)s kr är %(over)s kr mer än det som är kvar av årets ram.",
                cost=number(cost_kr, 0),
                over=number(cost_kr - year.left_kr, 0),
            )
        )
    if year.left_hours is not None and hours > year.left_hours:
        parts.append(
            _(
                "De %(hours)s timmarna är %(over)s fler än det som är kvar av årets ram.",
                hours=number(hours, 0),
                over=number(hours - year.left_hours, 0),
            )
        )
    if parts:
        parts.append(_("Ni får besluta ändå, men ramen överskrids."))
    return " ".join(parts)


def after(year: Year) -> str:
    """How far the year's decisions have gone over its frame; nothing when they have not."""
    parts = []
    if year.left_kr is not None and year.left_kr < 0:
        parts.append(_("Årets ram är överskriden med %(over)s kr.", over=number(-year.left_kr, 0)))
    if year.left_hours is not None and year.left_hours < 0:
        parts.append(
            _(
                "Årets ram för tid är överskriden med %(over)s timmar.",
                over=number(-year.left_hours, 0),
            )
        )
    return " ".join(parts)
