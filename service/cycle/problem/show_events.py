"""Decisions and events of a problem as one line of time, the newest first."""

from dataclasses import dataclass
from typing import Any

from asyncpg import Record

from service.cycle.analysis.find import FoundProblem
from service.cycle.measures.words import OUTCOMES, PRIORITIES
from service.web.formats import day, number
from service.web.language import _
from tenants.members import Member
from tenants.scope import fetch

MOST = 60


@dataclass(frozen=True)
class Event:
    """`decision` sets it apart; `more` is a second line or empty."""

    when: str
    text: str
    more: str = ""
    decision: bool = False


# Each kind of row with its own words: a (what), b (which), and numbers where a decision has them.
_EVENTS = """
SELECT 'opened' AS kind, opened_at AS at, '' AS a, '' AS b, NULL::int AS paragraph,
       NULL::int AS cost_kr, NULL::int AS votes_for, NULL::int AS votes_against
FROM problem WHERE id = $1
UNION ALL
SELECT 'rejected', cause_assessment.assessed_at, cause.letter, cause_assessment.motive, NULL, NULL,
       NULL, NULL
FROM cause_assessment JOIN cause ON cause.id = cause_assessment.cause_id
WHERE cause.problem_id = $1 AND cause_assessment.support = 'rejected'
UNION ALL
SELECT 'group', assembled_at, '', '', NULL, NULL, NULL, NULL
FROM working_group WHERE problem_id = $1
UNION ALL
SELECT 'proposed', proposed_at, coalesce(measure.title, ''), coalesce(priority, ''), NULL, NULL,
       NULL, NULL
FROM proposal LEFT JOIN measure ON measure.id = proposal.measure_id WHERE proposal.problem_id = $1
UNION ALL
SELECT 'withdrawn', withdrawn_at, coalesce(measure.title, ''), proposal_withdrawal.motive, NULL,
       NULL, NULL, NULL
FROM proposal_withdrawal JOIN proposal ON proposal.id = proposal_withdrawal.proposal_id
LEFT JOIN measure ON measure.id = proposal.measure_id WHERE proposal.problem_id = $1
UNION ALL
SELECT 'decided:' || proposal.kind || ':' || decision.outcome, decided_at,
       coalesce(measure.title, proposal.priority), decision.motive,
       decision.paragraph, decision.cost_kr, decision.votes_for, decision.votes_against
FROM decision JOIN proposal ON proposal.id = decision.proposal_id
LEFT JOIN measure ON measure.id = proposal.measure_id WHERE proposal.problem_id = $1
UNION ALL
SELECT 'followed:' || follow_up.outcome, followed_up_at, measure.title, '', NULL, NULL, NULL, NULL
FROM follow_up JOIN measure ON measure.id = follow_up.measure_id WHERE measure.problem_id = $1
UNION ALL
SELECT 'closed', closed_at, '', motive, NULL, NULL, NULL, NULL
FROM problem_closure WHERE problem_id = $1
ORDER BY at DESC LIMIT $2
"""


async def events_section(problem: FoundProblem, *, by: Member) -> dict[str, Any]:
    """The context of `cycle/problem/_events.html`; nobody is named in it."""
    rows = await fetch(_EVENTS, problem.id, MOST)
    return {"events": [_event(row) for row in rows]}


def _event(row: Record) -> Event:
    kind, _colon, outcome = row["kind"].partition(":")
    when = day(row["at"])
    match kind:
        case "decided":
            return _decision(row, outcome, when)
        case "opened":
            return Event(when, _("Problemet öppnat ur prioriteringen"))
        case "rejected":
            return Event(
                when, _("Orsak %(letter)s avförd efter prövning", letter=row["a"]), row["b"]
            )
        case "group":
            return Event(when, _("Arbetsgrupp tillsatt"))
        case "proposed" if row["a"]:
            return Event(when, _("Föreslaget: %(title)s", title=row["a"]))
        case "proposed":
            return Event(when, _("Föreslagen prioritet: %(words)s", words=_(PRIORITIES[row["b"]])))
        case "withdrawn":
            title = row["a"] or _("prioritet")
            return Event(when, _("Tillbakadraget: %(title)s", title=title), row["b"])
        case "followed":
            return Event(when, _FOLLOWED[outcome](row["a"]))
    return Event(when, _("Problemet avslutat"), row["b"])


def _decision(row: Record, outcome: str, when: str) -> Event:
    about, _colon, outcome = outcome.partition(":")
    title = row["a"]
    if about == "priority":
        title = _("prioritet, %(words)s", words=_(PRIORITIES[title]).lower())
    parts = [_("Motiv: %(motive)s", motive=row["b"])]
    if row["cost_kr"]:
        parts.insert(0, _("%(kr)s kr.", kr=number(row["cost_kr"], 0)))
    if row["votes_for"] or row["votes_against"]:
        parts.append(
            _("%(some)s för, %(others)s emot.", some=row["votes_for"], others=row["votes_against"])
        )
    return Event(
        _("%(day)s, § %(paragraph)s", day=when, paragraph=row["paragraph"]),
        _("%(outcome)s: %(title)s", outcome=_(OUTCOMES[outcome]), title=title),
        " ".join(parts),
        decision=True,
    )


_FOLLOWED = {
    "done": lambda title: _("Genomförd: %(title)s", title=title),
    "partly": lambda title: _("Delvis genomförd: %(title)s", title=title),
    "not_done": lambda title: _("Inte genomförd: %(title)s", title=title),
}
