"""Set what light, medium and severe weigh against each other; every version is kept."""

from dataclasses import dataclass
from datetime import datetime

from service.cycle.picture.assessment.forms import WeightingForm
from tenants import audit
from tenants.jobs import ask
from tenants.members import Member
from tenants.one_at_a_time import one_at_a_time
from tenants.scope import fetch, fetch_value


@dataclass(frozen=True)
class Weighting:
    version: int
    light: float
    medium: float
    severe: float
    motive: str
    name: str
    at: datetime


async def weigh(*, by: Member, form: WeightingForm) -> None:
    """Make a new version and ask for a picture by it; the same weights again change nothing."""
    await one_at_a_time("weigh")
    standing = await read_weightings(1)
    if standing and (standing[0].light, standing[0].medium, standing[0].severe) == form.weights:
        return
    version = await fetch_value(
        """INSERT INTO severity_weighting (tenant_id, version, light, medium, severe, motive,
                                           set_by)
           SELECT ks.current_tenant(), coalesce(max(version), 0) + 1, $1, $2, $3, $4, $5
           FROM severity_weighting RETURNING version""",
        *form.weights,
        form.motive,
        by.person_id,
    )
    await audit.record(
        by=by,
        verb="weights.set",
        object_kind="severity_weighting",
        object_id=str(version),
        detail=dict(zip(("light", "medium", "severe"), form.weights, strict=True)),
    )
    await ask("picture.compile", by=by)


async def read_weightings(limit: int = 20) -> list[Weighting]:
    """The versions, the one that holds first; none where the standard weights hold."""
    rows = await fetch(
        """SELECT version, light, medium, severe, motive, person.name, set_at AS at
           FROM severity_weighting JOIN person ON person.id = set_by
           ORDER BY version DESC LIMIT $1""",
        limit,
    )
    return [Weighting(**dict(row)) for row in rows]
