"""A steering group in the middle of its year: decided, late, followed up, waiting."""

import json
from datetime import date
from uuid import UUID, uuid4

from service.council.resources.show import this_year
from tenants.scope import execute, fetch_value
from tests.council.steering import CHAIR, DECISION, POLICE_CHIEF, SCHOOL, path, proposal_in, vote
from tests.cycle.cases import waiting_proposal
from tests.town import Town

COMPARISON = {
    "weeks": 12,
    "before": {"count": 34.0, "actors": 4, "reporters": 3},
    "after": {"count": 21.0, "actors": 4, "reporters": 2},
}


async def a_year_of_steering(town: Town) -> tuple[UUID, UUID]:
    """Returns a proposal that is decided with a reservation, and one that waits and costs much."""
    late = await proposal_in(
        town, title="Röj häcken vid skolan", starts_on="2026-01-01", ends_on="2026-05-01"
    )
    async with town.scope():
        problem = await fetch_value("SELECT '/problem/' || year || '-' || number FROM problem")
    done = await waiting_proposal(
        town, problem, title="Byta lampor i parken", starts_on="2026-01-01", ends_on="2026-03-01"
    )
    await town.post(
        "/styrgrupp/resurser",
        role="project_owner",
        year=this_year(),
        money_kr="680 000",
        hours="500",
    )
    more = [
        await waiting_proposal(
            town, problem, title=title, starts_on="2026-01-01", ends_on="2026-03-01"
        )
        for title in ("Laga stängslet", "Vuxenvandring vid torget")
    ]
    for proposal in (*more, late, done):
        await vote(town, proposal, CHAIR="for", VICE="for", SCHOOL="against")
        await town.post(path(proposal, "beslut"), role=CHAIR, **DECISION)
    await _followed_up(town, done)
    await _followed_up(town, more[0])
    await town.post(
        path(late, "reservation"), role=SCHOOL, reservation="Arbetet borde ha samordnats."
    )
    waiting = await waiting_proposal(
        town, problem, title="Fältpass vid resecentrum till sista mars", cost_kr="180000"
    )
    await waiting_proposal(town, problem, kind="priority")
    for title in ("Vuxna ute fredag och lördag", "Belysning vid gångtunneln"):
        await waiting_proposal(town, problem, title=title, cost_kr="25000")
    await vote(town, waiting, CHAIR="for", SCHOOL="against")
    await town.post(
        path(waiting, "kommentar"), role=POLICE_CHIEF, comment="Vi kan gå två av passen själva."
    )
    await _meeting(town)
    return late, waiting


async def _followed_up(town: Town, proposal: UUID) -> None:
    async with town.scope():
        await execute(
            """INSERT INTO follow_up (tenant_id, id, measure_id, outcome, done_on, text, used_kr,
                                      used_hours, comparison, followed_up_by)
               SELECT tenant_id, $1, measure_id, 'done', $2, 'Klart.', 96000, 50, $3, proposed_by
               FROM proposal WHERE id = $4""",
            uuid4(),
            date(2026, 2, 20),
            json.dumps(COMPARISON),
            proposal,
        )


async def _meeting(town: Town) -> None:
    person = await town.add_member("safety_coordinator")
    async with town.scope():
        await execute(
            """INSERT INTO meeting (tenant_id, id, held_at, place, called_by)
               VALUES (ks.current_tenant(), $1, now() + interval '9 days', 'Rådhuset', $2)""",
            uuid4(),
            person,
        )
