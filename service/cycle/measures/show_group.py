"""What the problem's page shows of its working group."""

from typing import Any

from service.cycle.analysis.find import FoundProblem
from service.cycle.measures.group.read import read_group
from tenants.members import Member


async def group_section(problem: FoundProblem, *, by: Member) -> dict[str, Any]:
    """The context of `cycle/measures/_group.html`."""
    return {"group": await read_group(problem.id, by=by)}
