"""A town in which a problem was opened and a measure decided on, as the cycle would leave it."""

from uuid import UUID, uuid4

from service.cycle.analysis.open import open_problem
from tenants.members import Member, MunicipalityRef
from tenants.roles import Role, permissions_of
from tenants.scope import execute
from tests.cycle.picture.history import compiled, live_through
from tests.town import Town

AREA, CATEGORY = "ruta-1", "glass_breakage"


async def member_of(town: Town, role: str) -> Member:
    """That member, as a request would find it."""
    person_id = await town.add_member(role)
    roles = frozenset({Role(role)})
    return Member(
        person_id=person_id,
        name=role,
        municipality=MunicipalityRef(town.id, town.slug, town.name, "0000", False),
        roles=roles,
        organisation_id=town.organisations["Kommunen"],
        organisation_name="Kommunen",
        is_authority=True,
        permissions=permissions_of(roles),
    )


async def open_one(town: Town) -> UUID:
    """A compiled picture and the open problem of its cell."""
    await live_through(town, weeks=20)
    await compiled(town)
    by = await member_of(town, "preparatory_member")
    async with town.scope():
        opened = await open_problem(by=by, area_key=AREA, category_key=CATEGORY)
    return opened.id


async def decide(
    town: Town, problem_id: UUID, title: str, *, outcome: str = "approved", ends: str = "+30"
) -> UUID:
    """A measure on the problem's cause, proposed and decided, as rows; its id."""
    measure_id, proposal_id = uuid4(), uuid4()
    person_id = await town.add_member("preparatory_member")
    async with town.scope():
        await execute(
            """WITH named AS (
                   INSERT INTO cause (tenant_id, id, problem_id, letter, side, title, named_by)
                   SELECT ks.current_tenant(), gen_random_uuid(), $1,
                          chr(65 + (SELECT count(*)::int FROM cause)), 'place', 'Mörkt', $3
                   RETURNING id)
               INSERT INTO measure (tenant_id, id, problem_id, cause_id, title, kind,
                   expected_effect, horizon, indicator, starts_on, ends_on, organisation_id,
                   cost_kr, hours, planned_by)
               SELECT ks.current_tenant(), $2, $1, id, $4, 'situational', 'Ljusare', 'short',
                      'Rapporter', current_date, current_date + $6::int, $5, 1000, 8, $3
               FROM named""",
            problem_id,
            measure_id,
            person_id,
            title,
            town.organisations["Kommunen"],
            int(ends),
        )
        await execute(
            """INSERT INTO proposal (tenant_id, id, problem_id, measure_id, kind, proposed_by)
               VALUES (ks.current_tenant(), $1, $2, $3, 'measure', $4)""",
            proposal_id,
            problem_id,
            measure_id,
            person_id,
        )
        await execute(
            """INSERT INTO decision (tenant_id, proposal_id, year, paragraph, outcome, motive,
                   votes_for, votes_against, abstained, decided_by)
               VALUES (ks.current_tenant(), $1, 2026,
                       (SELECT count(*) + 12 FROM decision), $2, 'Behövs', 5, 1, 0, $3)""",
            proposal_id,
            outcome,
            person_id,
        )
    return measure_id
