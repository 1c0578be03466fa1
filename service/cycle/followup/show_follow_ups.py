"""What the problem's page shows of how its measures were followed up."""

from typing import Any

from service.cycle.analysis.find import FoundProblem
from tenants.members import Member


async def follow_ups_section(problem: FoundProblem, *, by: Member) -> dict[str, Any]:
    """The context of `cycle/followup/_follow_ups.html`."""
    return {}
