"""What a decision led to, in words."""

from service.council.decisions.read import Line
from service.web.formats import day, number
from service.web.language import _


def led_to(line: Line) -> str:
    """``Genomförd 31 mars 2026, 120 000 kr använda``; for a priority nothing."""
    if not line.measure or line.outcome != "approved":
        return ""
    if line.led_to is None:
        if line.late and line.ends_on:
            return _("Skulle ha varit klar %(on)s. Inte följd upp.", on=day(line.ends_on))
        return _("Pågår till %(on)s.", on=day(line.ends_on)) if line.ends_on else ""
    used = _("%(kr)s kr använda", kr=number(line.used_kr, 0))
    if line.led_to == "not_done":
        return _("Inte genomförd, %(used)s.", used=used)
    on = day(line.done_on) if line.done_on else ""
    if line.led_to == "partly":
        return _("Delvis genomförd %(on)s, %(used)s.", on=on, used=used)
    return _("Genomförd %(on)s, %(used)s.", on=on, used=used)
