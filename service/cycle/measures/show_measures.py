"""What the problem's page shows of its measures and of what was proposed and decided."""

from typing import Any

from service.cycle.analysis.find import FoundProblem
from service.cycle.measures.find import find_measures_of, find_proposals_of
from service.cycle.measures.policy import may_withdraw
from service.cycle.measures.words import PRIORITIES
from service.web.language import _
from tenants.members import Member
from tenants.roles import Permission


async def measures_section(problem: FoundProblem, *, by: Member) -> dict[str, Any]:
    """The context of `cycle/measures/_measures.html`."""
    proposals = await find_proposals_of(problem.id)
    waiting = [one for one in proposals if one.waits]
    is_open = problem.closing is None
    return {
        "measures": await find_measures_of(problem.id, by=by),
        "waiting_priority": next((one for one in waiting if one.kind == "priority"), None),
        "priorities": {key: _(words) for key, words in PRIORITIES.items()},
        "withdrawable": {
            one.id
            for one in waiting
            if may_withdraw(by, kind=one.kind, proposed_by=one.proposed_by)
        },
        "may_propose": is_open and by.may(Permission.MEASURE_PROPOSE),
        "may_propose_priority": is_open and by.may(Permission.PRIORITY_PROPOSE),
    }
