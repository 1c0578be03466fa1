"""A city's own areas in the place of those that three years of reports lie in."""

import time
from uuid import uuid4

import msgspec

from service.cycle.mapping.areas.exchange import exchange
from service.cycle.mapping.areas.propose import foresee
from service.cycle.mapping.areas.read_file import read_areas
from tenants.roles import Role
from tenants.scope import execute, fetch_value, tenant_scope
from tests.bench.figure import Figure
from tests.bench.stage import Stage
from tests.reference import reference


async def measure(stage: Stage) -> list[Figure]:
    person = await stage.logged_in(Role.SAFETY_COORDINATOR, stage.organisations[0])
    areas = read_areas(reference("data/areas-malmo.geojson").read_bytes(), "1280")
    proposal = uuid4()
    async with tenant_scope(stage.tenant_id):
        await execute(
            """INSERT INTO area_proposal (tenant_id, id, origin, areas, made_by, begun_at)
               VALUES (ks.current_tenant(), $1, 'Mätning', $2::jsonb, $3, now())""",
            proposal,
            msgspec.json.encode([area._asdict() for area in areas]).decode(),
            person.person_id,
        )
        began = time.perf_counter()
        await foresee(areas)
        foreseen = time.perf_counter() - began
        reports = await fetch_value("SELECT count(*) FROM report")
        began = time.perf_counter()
        await execute("UPDATE report SET area_id = area_id")
        floor = time.perf_counter() - began
    began = time.perf_counter()
    async with tenant_scope(stage.tenant_id):
        await exchange(proposal)
    taken = time.perf_counter() - began
    return [
        Figure(
            "areas exchanged, reports placed and counted anew", taken, "s", floor=floor,
            note=f"{reports} reports, {len(areas)} areas; floor: each report's row written once",
        ),
        Figure("what an exchange would mean", foreseen, "s"),
    ]  # fmt: skip
