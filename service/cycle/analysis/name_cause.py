"""Name a likely cause, and say how well it is supported."""

from uuid import UUID, uuid5

from service.cycle.analysis.hold import hold_problem
from service.cycle.analysis.open import TOPIC
from service.web.live import announce
from tenants import audit
from tenants.members import Member
from tenants.scope import execute, fetch_value

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class TooManyCauses(ValueError):
    """The alphabet is used up."""


class NoSuchCause(LookupError):
    """The problem has no cause of that letter."""


async def name_cause(
    *,
    by: Member,
    problem_id: UUID,
    cause_id: UUID,
    side: str,
    title: str,
    description: str,
    support: str,
) -> None:
    """Name a cause once, with the next letter and a first assessment.

    Raises ProblemClosed or TooManyCauses.
    """
    # Two who name causes at once get a letter each: the second waits here.
    await hold_problem(problem_id)
    if await fetch_value("SELECT EXISTS (SELECT FROM cause WHERE id = $1)", cause_id):
        return
    used = await fetch_value("SELECT count(*) FROM cause WHERE problem_id = $1", problem_id)
    if used >= len(LETTERS):
        raise TooManyCauses(str(problem_id))
    await execute(
        """INSERT INTO cause (tenant_id, id, problem_id, letter, side, title, description, named_by)
           SELECT ks.current_tenant(), $1, $2, $3, $4, $5, $6, $7""",
        cause_id,
        problem_id,
        LETTERS[used],
        side,
        title,
        description,
        by.person_id,
    )
    await audit.record(
        by=by, verb="cause.name", object_kind="cause", object_id=cause_id, detail={"side": side}
    )
    await _assess(by, cause_id, uuid5(cause_id, "first"), support, "")


async def assess_cause(
    *, by: Member, problem_id: UUID, letter: str, assessment_id: UUID, support: str, motive: str
) -> None:
    """Say anew how a cause is supported; what was said before is kept.

    Raises NoSuchCause or ProblemClosed.
    """
    cause_id = None
    if letter in set(LETTERS):
        cause_id = await fetch_value(
            "SELECT id FROM cause WHERE problem_id = $1 AND letter = $2", problem_id, letter
        )
    if cause_id is None:
        raise NoSuchCause(letter)
    await hold_problem(problem_id)
    await _assess(by, cause_id, assessment_id, support, motive)


async def _assess(
    by: Member, cause_id: UUID, assessment_id: UUID, support: str, motive: str
) -> None:
    new = await fetch_value(
        """INSERT INTO cause_assessment (tenant_id, id, cause_id, support, motive, assessed_by)
           SELECT ks.current_tenant(), $1, $2, $3, $4, $5
           ON CONFLICT (tenant_id, id) DO NOTHING RETURNING id""",
        assessment_id,
        cause_id,
        support,
        motive,
        by.person_id,
    )
    if new is None:
        return
    await audit.record(
        by=by,
        verb="cause.assess",
        object_kind="cause",
        object_id=cause_id,
        detail={"support": support},
    )
    await announce(TOPIC)
