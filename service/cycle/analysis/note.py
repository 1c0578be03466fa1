"""Note what is known or assumed about a problem, and take it back."""

from uuid import UUID

from service.cycle.analysis.hold import hold_problem
from service.cycle.analysis.open import TOPIC
from service.web.live import announce
from tenants import audit
from tenants.members import Member
from tenants.scope import fetch_value


class NoSuchFinding(LookupError):
    """The problem has no such finding."""


async def note_finding(
    *, by: Member, problem_id: UUID, finding_id: UUID, kind: str, text: str, source: str
) -> None:
    """Note a finding once, however often it is sent. Raises ProblemClosed."""
    await hold_problem(problem_id)
    new = await fetch_value(
        """INSERT INTO finding (tenant_id, id, problem_id, kind, text, source, noted_by)
           SELECT ks.current_tenant(), $1, $2, $3, $4, $5, $6
           ON CONFLICT (tenant_id, id) DO NOTHING RETURNING id""",
        finding_id,
        problem_id,
        kind,
        text,
        source,
        by.person_id,
    )
    if new is None:
        return
    await audit.record(
        by=by,
        verb="finding.note",
        object_kind="finding",
        object_id=finding_id,
        detail={"kind": kind},
    )
    await announce(TOPIC)


async def retract_finding(*, by: Member, problem_id: UUID, finding_id: UUID) -> None:
    """Take a finding back; the row stays. Raises NoSuchFinding or ProblemClosed."""
    known = await fetch_value(
        "SELECT EXISTS (SELECT FROM finding WHERE id = $1 AND problem_id = $2)",
        finding_id,
        problem_id,
    )
    if not known:
        raise NoSuchFinding(str(finding_id))
    await hold_problem(problem_id)
    new = await fetch_value(
        """INSERT INTO finding_retraction (tenant_id, finding_id, retracted_by)
           SELECT ks.current_tenant(), $1, $2
           ON CONFLICT (tenant_id, finding_id) DO NOTHING RETURNING finding_id""",
        finding_id,
        by.person_id,
    )
    if new is None:
        return
    await audit.record(by=by, verb="finding.retract", object_kind="finding", object_id=finding_id)
    await announce(TOPIC)
