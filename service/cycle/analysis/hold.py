"""Hold a problem while something is written about it, so that it is not closed meanwhile."""

from uuid import UUID

from tenants.one_at_a_time import one_at_a_time
from tenants.scope import fetch_value


class ProblemClosed(ValueError):
    """The problem is closed; nothing more is written about it."""


async def hold_problem(problem_id: UUID) -> None:
    """Wait for whoever else holds the problem; it is held until the transaction ends.

    Raises ProblemClosed.
    """
    await one_at_a_time(f"problem {problem_id} ")
    if await fetch_value(
        "SELECT EXISTS (SELECT FROM problem_closure WHERE problem_id = $1)", problem_id
    ):
        raise ProblemClosed(str(problem_id))


async def hold_openings() -> None:
    """Wait for whoever else opens or closes a problem in this municipality, until the end."""
    await one_at_a_time("problem.open")
