"""Reading of the forms of an edition."""

from uuid import UUID

from service.cycle.mapping.check_text import points_out
from service.cycle.picture.editions.draft import this_week
from service.cycle.picture.editions.kinds import KINDS, Period, ended_periods
from service.web.filled import Filled
from service.web.language import _

SECTION = 2000
COMMENT = 1000
REASON = 500


def choices() -> list[tuple[str, str, Period]]:
    """Value, kind and period of every draft that can be begun now."""
    week = this_week()
    return [
        (f"{kind} {period.first.isoformat()}", kind, period)
        for kind in KINDS
        for period in ended_periods(kind, week)
    ]


def read_choice(form: Filled, offered: list[tuple[str, str, Period]]) -> tuple[str, Period] | None:
    """The kind and period that was chosen among `choices`."""
    for value, kind, period in offered:
        if form.said("edition") == value:
            return kind, period
    form.refuse("edition", _("Välj vilken utgåva det ska bli."))
    return None


async def read_sections(form: Filled, kind: str) -> dict[str, str]:
    """The texts as typed; what points out a person is refused beside its field."""
    sections: dict[str, str] = {}
    for key in KINDS[kind].sections:
        text = form.text(key, longest=SECTION)
        if said := await points_out(text):
            form.refuse(key, said)
        sections[key] = text
    return {key: text for key, text in sections.items() if text}


async def read_comment(form: Filled) -> str:
    text = form.text("text", longest=COMMENT, missing=_("Skriv vad du vill säga."))
    if said := await points_out(text):
        form.refuse("text", said)
    return text


async def read_reason(form: Filled) -> str:
    """Why an edition is corrected; everybody who sees the edition reads it."""
    text = form.text("reason", longest=REASON, missing=_("Skriv vad som rättas och varför."))
    if said := await points_out(text):
        form.refuse("reason", said)
    return text


def read_revision(form: Filled) -> int:
    """Which state of the draft was read; 0, which none is, where it does not say."""
    said = form.said("revision")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 9 else 0


def read_two(earlier: str, later: str) -> tuple[UUID, UUID] | None:
    try:
        return UUID(earlier), UUID(later)
    except ValueError:
        return None
