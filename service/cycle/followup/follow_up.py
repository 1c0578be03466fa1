"""Follow up an approved measure; the counts before and after are frozen with it."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

import msgspec

from service.cycle.analysis.hold import hold_problem
from service.cycle.analysis.open import TOPIC
from service.cycle.followup.compare import compare_measure
from service.cycle.mapping.week import local_day
from service.cycle.measures.find import NoSuchMeasure
from service.cycle.measures.group.standing import may_direct
from service.web.formats import day
from service.web.language import _
from service.web.live import announce
from tenants import audit
from tenants.members import Member
from tenants.roles import Permission
from tenants.scope import execute, fetch_row, fetch_value


class NotYours(PermissionError):
    """The preparatory group and the lead of the problem's own group follow up."""


class CannotFollowUp(ValueError):
    """Something in it cannot be; `field` is where and the message why."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class Findings:
    """What the follow-up says; `id` follows from the form.

    `done_on` is None when the measure was not done at all.
    """

    id: UUID
    outcome: str
    done_on: date | None
    text: str
    used_kr: int
    used_hours: int


_MEASURE = """
SELECT starts_on, EXISTS (SELECT FROM proposal
                          JOIN decision ON decision.proposal_id = proposal.id
                          WHERE proposal.measure_id = measure.id AND outcome = 'approved') AS agreed
FROM measure WHERE id = $1 AND problem_id = $2
"""


async def may_follow_up(problem_id: UUID, *, by: Member) -> bool:
    return by.may(Permission.FOLLOW_UP) and await may_direct(problem_id, by=by)


async def follow_up(problem_id: UUID, measure_id: UUID, found: Findings, *, by: Member) -> bool:
    """Write the follow-up; sent twice it is written once. Returns whether it was new.

    Raises NotYours, NoSuchMeasure, ProblemClosed, or CannotFollowUp.
    """
    if not await may_follow_up(problem_id, by=by):
        raise NotYours(str(problem_id))
    await hold_problem(problem_id)
    measure = await fetch_row(_MEASURE, measure_id, problem_id)
    if measure is None:
        raise NoSuchMeasure(str(measure_id))
    if not measure["agreed"]:
        raise CannotFollowUp("form", _("Insatsen är inte beslutad och kan inte följas upp."))
    _require_possible(found, measure["starts_on"])
    if await fetch_value("SELECT EXISTS (SELECT FROM follow_up WHERE id = $1)", found.id):
        return False
    await execute(
        """INSERT INTO follow_up (tenant_id, id, measure_id, outcome, done_on, text, used_kr,
                                  used_hours, comparison, followed_up_by)
           VALUES (ks.current_tenant(), $1, $2, $3, $4, $5, $6, $7, $8::jsonb, $9)""",
        found.id,
        measure_id,
        found.outcome,
        found.done_on,
        found.text,
        found.used_kr,
        found.used_hours,
        msgspec.json.encode(await compare_measure(measure_id)).decode(),
        by.person_id,
    )
    await audit.record(
        by=by,
        verb="measure.follow_up",
        object_kind="measure",
        object_id=measure_id,
        detail={"outcome": found.outcome},
    )
    await announce(TOPIC)
    return True


def _require_possible(found: Findings, starts_on: date) -> None:
    if found.done_on is None:
        return
    if found.done_on > local_day():
        raise CannotFollowUp("done_on", _("Dagen har inte varit än."))
    if found.done_on < starts_on:
        raise CannotFollowUp(
            "done_on", _("Dagen ligger före insatsens start, %(day)s.", day=day(starts_on))
        )
