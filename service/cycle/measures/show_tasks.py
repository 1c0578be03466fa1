"""What the problem's page shows of its tasks."""

from typing import Any

from service.cycle.analysis.find import FoundProblem
from tenants.members import Member


async def tasks_section(problem: FoundProblem, *, by: Member) -> dict[str, Any]:
    """The context of `cycle/measures/_tasks.html`."""
    return {}
