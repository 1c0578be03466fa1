"""What the problem's page shows of its measures and of what was proposed and decided."""

from typing import Any

from service.cycle.analysis.find import FoundProblem
from tenants.members import Member


async def measures_section(problem: FoundProblem, *, by: Member) -> dict[str, Any]:
    """The context of `cycle/measures/_measures.html`."""
    return {}
