"""Close a problem with a motive, once nothing of it waits, runs or is to be followed up."""

from dataclasses import dataclass
from uuid import UUID

from service.cycle.analysis.find import FoundProblem
from service.cycle.analysis.hold import hold_openings, hold_problem
from service.cycle.analysis.open import TOPIC
from service.cycle.measures.find import find_measures_of, find_proposals_of
from service.cycle.measures.status import Status
from service.web.live import announce
from tenants import audit
from tenants.members import Member
from tenants.scope import execute


@dataclass(frozen=True)
class Unfinished:
    """What keeps a problem open: how many proposals wait, measures run, and measures are due.

    A measure is due when its end has passed without a follow-up: closed over, it would be gone
    from the list of what was decided and not done.
    """

    waiting: int
    running: int
    due: int

    def __bool__(self) -> bool:
        return bool(self.waiting or self.running or self.due)


class StillUnfinished(ValueError):
    """Proposals wait, measures run, or measures are to be followed up."""

    def __init__(self, left: Unfinished) -> None:
        super().__init__(str(left))
        self.left = left


async def close_problem(*, by: Member, problem: FoundProblem, motive: str) -> None:
    """Close it; what is written stays, and its area and category can be opened as a new problem.

    Raises ProblemClosed or StillUnfinished.
    """
    # Openings first, as everywhere: whoever opens the same line waits and opens a new one.
    await hold_openings()
    await hold_problem(problem.id)
    left = await unfinished(problem.id, by=by)
    if left:
        raise StillUnfinished(left)
    await execute(
        """INSERT INTO problem_closure (tenant_id, problem_id, motive, closed_by)
           SELECT ks.current_tenant(), $1, $2, $3""",
        problem.id,
        motive,
        by.person_id,
    )
    await execute("DELETE FROM open_problem WHERE problem_id = $1", problem.id)
    await audit.record(by=by, verb="problem.close", object_kind="problem", object_id=problem.id)
    await announce(TOPIC)


async def unfinished(problem_id: UUID, *, by: Member) -> Unfinished:
    measures = await find_measures_of(problem_id, by=by)
    return Unfinished(
        waiting=sum(one.waits for one in await find_proposals_of(problem_id)),
        running=sum(one.status in (Status.APPROVED, Status.RUNS) for one in measures),
        due=sum(one.status is Status.ENDED for one in measures),
    )
