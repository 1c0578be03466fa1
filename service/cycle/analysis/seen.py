"""The problem of an address, for every page that lies below it."""

from litestar.exceptions import NotFoundException

from service.cycle.analysis.find import FoundProblem, NoSuchProblem, find_problem
from tenants.members import Member


async def seen_problem(label: str, member: Member) -> FoundProblem:
    """The problem called `label`, or 404 for who may not see it and where there is none."""
    try:
        return await find_problem(label, by=member)
    except NoSuchProblem:
        raise NotFoundException() from None


def address(problem: FoundProblem, member: Member) -> str:
    """The path of the problem's page."""
    return f"/{member.municipality.slug}/problem/{problem.label}"
