"""What the problem's page shows of how its measures were followed up."""

from typing import Any

from service.cycle.analysis.find import FoundProblem
from service.cycle.followup import explain
from service.cycle.followup.follow_up import may_follow_up
from service.cycle.followup.read import measures_to_follow_up
from tenants.members import Member


async def follow_ups_section(problem: FoundProblem, *, by: Member) -> dict[str, Any]:
    """The context of `cycle/followup/_follow_ups.html`."""
    return {
        "approved_measures": await measures_to_follow_up(problem.id, by=by),
        "may_follow_up": problem.closing is None and await may_follow_up(problem.id, by=by),
        "explain_comparison": explain,
    }
