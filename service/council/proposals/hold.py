"""Take a proposal in hand, so that votes, a decision and a withdrawal come one after another."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from service.web.formats import clock, moment
from service.web.language import _
from tenants.scope import fetch_row, fetch_value


class NoSuchProposal(LookupError):
    """The open scope's municipality has no such proposal."""


class Refused(ValueError):
    """The act is not possible as things stand; the sentence is for the one who acts.

    `field` is what the sentence belongs to, and empty when it belongs to the act as a whole.
    """

    def __init__(self, said: str, field: str = "") -> None:
        super().__init__(said)
        self.said = said
        self.field = field


@dataclass(frozen=True)
class Ending:
    """How a proposal ended: § `paragraph` of `year` for a decision."""

    kind: Literal["decided", "withdrawn"]
    at: datetime
    by: str
    outcome: str = ""
    year: int = 0
    paragraph: int = 0


_ENDING = """
SELECT 'decided' AS kind, decided_at AS at, person.name AS by, outcome, year, paragraph
FROM decision JOIN person ON person.id = decision.decided_by WHERE proposal_id = $1
UNION ALL
SELECT 'withdrawn', withdrawn_at, person.name, '', 0, 0
FROM proposal_withdrawal JOIN person ON person.id = proposal_withdrawal.withdrawn_by
WHERE proposal_id = $1
"""


async def hold(proposal_id: UUID) -> Ending | None:
    """Hold the proposal's row until the transaction ends; how it has ended, None while it waits.

    Whoever comes second waits here and then sees what the first one did. Raises NoSuchProposal.
    """
    found = await fetch_value("SELECT id FROM proposal WHERE id = $1 FOR UPDATE", proposal_id)
    if found is None:
        raise NoSuchProposal(str(proposal_id))
    row = await fetch_row(_ENDING, proposal_id)
    return Ending(**row) if row else None


async def hold_waiting(proposal_id: UUID) -> None:
    """As `hold`, for an act on a proposal that waits. Raises Refused with how it ended."""
    ending = await hold(proposal_id)
    if ending is not None:
        raise Refused(ended_sentence(ending))


def ended_sentence(ending: Ending) -> str:
    """``Förslaget är redan avgjort: bifall, § 14 2026, av Anna Lind klockan 14.32.``"""
    values = {"name": ending.by, "at": moment(ending.at), "clock": clock(ending.at)}
    if ending.kind == "withdrawn":
        return _("Förslaget drogs tillbaka av %(name)s %(at)s. Det kan inte avgöras.", **values)
    values |= {
        "outcome": outcome_word(ending.outcome),
        "paragraph": f"{ending.paragraph}/{ending.year}",
    }
    return _(
        "Förslaget är redan avgjort: %(outcome)s, § %(paragraph)s, av %(name)s %(at)s.", **values
    )


def outcome_word(outcome: str) -> str:
    """``bifall``, ``avslag``, ``återremiss``."""
    return {
        "approved": _("bifall"),
        "rejected": _("avslag"),
        "referred_back": _("återremiss"),
    }.get(outcome, "")
