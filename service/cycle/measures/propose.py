"""Propose to the steering group: a measure against a named cause, or the priority of a problem."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid5

from service.cycle.analysis.hold import hold_problem
from service.cycle.analysis.open import TOPIC
from service.cycle.measures.find import NoSuchMeasure
from service.web.live import announce
from tenants import audit
from tenants.members import Member
from tenants.scope import execute, execute_many, fetch_row, fetch_value


class NoSuchCause(LookupError):
    """The problem has no such cause, or it was tried and rejected."""


class OrganisationLeft(ValueError):
    """An organisation is not in the municipality's work, or not any more; `partner` says which."""

    def __init__(self, *, partner: bool) -> None:
        super().__init__("A partner has left." if partner else "The responsible one has left.")
        self.partner = partner


class AlreadyWaits(ValueError):
    """The same question waits for the steering group already."""


class NotAgain(ValueError):
    """The measure was decided; only what was referred back or withdrawn comes again."""


@dataclass(frozen=True)
class Plan:
    """A measure as it is proposed; `cost_kr` in kronor, `hours` of work."""

    cause_id: UUID
    title: str
    kind: str
    description: str
    expected_effect: str
    horizon: str
    indicator: str
    starts_on: date
    ends_on: date
    organisation_id: UUID
    partners: tuple[UUID, ...]
    cost_kr: int
    hours: int


async def propose_measure(
    *, by: Member, problem_id: UUID, measure_id: UUID, plan: Plan, text: str
) -> None:
    """Store the measure and the proposal of it, once however often it is sent.

    Raises ProblemClosed, NoSuchCause or OrganisationLeft.
    """
    await hold_problem(problem_id)
    if await fetch_value("SELECT EXISTS (SELECT FROM measure WHERE id = $1)", measure_id):
        return
    await _ask_for_cause(problem_id, plan.cause_id)
    await _ask_for_organisations([plan.organisation_id], partner=False)
    await _ask_for_organisations(list(plan.partners), partner=True)
    await execute(
        """INSERT INTO measure (tenant_id, id, problem_id, cause_id, title, kind, description,
                                expected_effect, horizon, indicator, starts_on, ends_on,
                                organisation_id, cost_kr, hours, planned_by)
           SELECT ks.current_tenant(), $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14,
                  $15""",
        measure_id,
        problem_id,
        plan.cause_id,
        plan.title,
        plan.kind,
        plan.description,
        plan.expected_effect,
        plan.horizon,
        plan.indicator,
        plan.starts_on,
        plan.ends_on,
        plan.organisation_id,
        plan.cost_kr,
        plan.hours,
        by.person_id,
    )
    await execute_many(
        """INSERT INTO measure_partner (tenant_id, measure_id, organisation_id)
           VALUES (ks.current_tenant(), $1, $2)""",
        [(measure_id, partner) for partner in plan.partners],
    )
    await audit.record(by=by, verb="measure.plan", object_kind="measure", object_id=measure_id)
    await _propose(by, problem_id, uuid5(measure_id, "first"), text, measure_id=measure_id)


async def propose_again(
    *, by: Member, problem_id: UUID, measure_id: UUID, proposal_id: UUID, text: str
) -> None:
    """Propose a measure anew that was referred back or withdrawn.

    Its cause may have been rejected since, and its organisations may have left. Raises
    ProblemClosed, NoSuchMeasure, AlreadyWaits, NotAgain, NoSuchCause or OrganisationLeft.
    """
    await hold_problem(problem_id)
    if await _known(proposal_id):
        return
    latest = await fetch_row(
        """SELECT decision.outcome,
                  proposal_withdrawal.proposal_id IS NOT NULL AS withdrawn
           FROM proposal
           LEFT JOIN decision ON decision.proposal_id = proposal.id
           LEFT JOIN proposal_withdrawal ON proposal_withdrawal.proposal_id = proposal.id
           WHERE proposal.measure_id = $1 AND proposal.problem_id = $2
           ORDER BY proposal.proposed_at DESC, proposal.id LIMIT 1""",
        measure_id,
        problem_id,
    )
    if latest is None:
        raise NoSuchMeasure(str(measure_id))
    if not latest["withdrawn"]:
        if latest["outcome"] is None:
            raise AlreadyWaits(str(measure_id))
        if latest["outcome"] != "referred_back":
            raise NotAgain(str(measure_id))
    measure = await fetch_row(
        """SELECT cause_id, organisation_id,
                  ARRAY(SELECT organisation_id FROM measure_partner
                        WHERE measure_id = measure.id) AS partners
           FROM measure WHERE id = $1""",
        measure_id,
    )
    assert measure is not None, "A proposal of it was just found."
    await _ask_for_cause(problem_id, measure["cause_id"])
    await _ask_for_organisations([measure["organisation_id"]], partner=False)
    await _ask_for_organisations(measure["partners"], partner=True)
    await _propose(by, problem_id, proposal_id, text, measure_id=measure_id)


async def propose_priority(
    *, by: Member, problem_id: UUID, proposal_id: UUID, priority: str, text: str
) -> None:
    """Propose how a problem is to go before others; one such question waits at a time.

    Raises ProblemClosed or AlreadyWaits.
    """
    # Two who propose at once: the second waits here, and is told of the first one's.
    await hold_problem(problem_id)
    if await _known(proposal_id):
        return
    if await fetch_value(
        """SELECT EXISTS (
               SELECT FROM proposal WHERE problem_id = $1 AND kind = 'priority'
               AND NOT EXISTS (SELECT FROM decision WHERE decision.proposal_id = proposal.id)
               AND NOT EXISTS (SELECT FROM proposal_withdrawal
                               WHERE proposal_withdrawal.proposal_id = proposal.id))""",
        problem_id,
    ):
        raise AlreadyWaits(str(problem_id))
    await _propose(by, problem_id, proposal_id, text, priority=priority)


async def _known(proposal_id: UUID) -> bool:
    return bool(
        await fetch_value("SELECT EXISTS (SELECT FROM proposal WHERE id = $1)", proposal_id)
    )


async def _ask_for_cause(problem_id: UUID, cause_id: UUID) -> None:
    support = await fetch_row(
        """SELECT (SELECT support FROM cause_assessment WHERE cause_id = cause.id
                   ORDER BY assessed_at DESC LIMIT 1) AS latest
           FROM cause WHERE id = $1 AND problem_id = $2""",
        cause_id,
        problem_id,
    )
    if support is None or support["latest"] == "rejected":
        raise NoSuchCause(str(cause_id))


async def _ask_for_organisations(ids: list[UUID], *, partner: bool) -> None:
    present = await fetch_value(
        """SELECT count(*) FROM organisation
           WHERE id = ANY($1) AND (left_on IS NULL OR left_on > ks.today())""",
        ids,
    )
    if present != len(ids):
        raise OrganisationLeft(partner=partner)


async def _propose(
    by: Member,
    problem_id: UUID,
    proposal_id: UUID,
    text: str,
    *,
    measure_id: UUID | None = None,
    priority: str | None = None,
) -> None:
    kind = "measure" if measure_id else "priority"
    await execute(
        """INSERT INTO proposal (tenant_id, id, problem_id, measure_id, kind, priority, text,
                                 proposed_by, proposed_at)
           SELECT ks.current_tenant(), $1, $2, $3, $4, $5, $6, $7, clock_timestamp()""",
        proposal_id,
        problem_id,
        measure_id,
        kind,
        priority,
        text,
        by.person_id,
    )
    await audit.record(
        by=by,
        verb="proposal.make",
        object_kind="proposal",
        object_id=proposal_id,
        detail={"kind": kind} | ({"priority": priority} if priority else {}),
    )
    await announce(TOPIC)
