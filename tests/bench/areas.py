"""A city's own areas in the place of those that years of reports lie in, while people report."""

import asyncio
import time
from uuid import UUID, uuid4

import msgspec

from service.cycle.mapping.areas.propose import VERB, foresee
from service.cycle.mapping.areas.read_file import read_areas
from service.geography.areas import AreaShape, areas_of
from tenants.jobs import ask
from tenants.roles import Role
from tenants.scope import execute, fetch_value, tenant_scope
from tests.bench.figure import Figure
from tests.bench.load import send_at_rate
from tests.bench.stage import Stage, free_port, let_no_letter_wait, process
from tests.bench.submit import whole
from tests.reference import reference

RATE = 10.0
REPORTERS = 8
LONGEST = 120.0
AROUND = 3.0
"""Seconds of reporting before and after."""
CUT_OFF_MS = 20_000.0
"""The web ends a statement that lasts longer."""


async def measure(stage: Stage) -> list[Figure]:
    areas = read_areas(reference("data/areas-malmo.geojson").read_bytes(), areas_of("1280"))
    reporters = [
        await stage.logged_in(Role.REPORTER, stage.organisations[number % len(stage.organisations)])
        for number in range(REPORTERS)
    ]
    await let_no_letter_wait()
    async with tenant_scope(stage.tenant_id):
        began = time.perf_counter()
        await foresee(areas)
        foreseen = time.perf_counter() - began
        began = time.perf_counter()
        await execute("UPDATE report SET area_id = area_id")
        floor = time.perf_counter() - began
        reports = await fetch_value("SELECT count(*) FROM report")
    port = free_port()
    makers = [whole(stage, one, number) for number, one in enumerate(reporters)]
    async with (
        process(stage, port, "service.cli", "web"),
        process(stage, 0, "service.cli", "worker"),
    ):
        await send_at_rate(port, makers, RATE, 3.0)  # Statements are prepared, names remembered.
        taken: list[float] = []
        load, _ = await asyncio.gather(
            send_at_rate(port, makers, RATE, LONGEST, until=lambda: bool(taken)),
            _exchange_in_between(stage, reporters[0].person_id, areas, taken),
        )
    if set(load.statuses) != {200}:
        raise RuntimeError(f"Reporters were answered {load.statuses}.")
    return [
        Figure(
            "areas exchanged, reports placed and counted anew", taken[0], "s", floor=floor,
            note=f"{reports} reports, {len(areas)} areas; floor: each report's row written once",
        ),
        Figure("what an exchange would mean", foreseen, "s"),
        Figure(
            "the longest that somebody who reported meanwhile waited",
            1000 * max(load.latencies), "ms", floor=CUT_OFF_MS, at_most=0.5,
            note=f"{len(load.latencies)} reports at {RATE:.0f}/s, all received",
        ),
    ]  # fmt: skip


async def _exchange_in_between(
    stage: Stage, person_id: UUID, areas: list[AreaShape], taken: list[float]
) -> None:
    await asyncio.sleep(AROUND)
    seconds = await _exchanged(stage, person_id, areas)
    await asyncio.sleep(AROUND)
    taken.append(seconds)


async def _exchanged(stage: Stage, person_id: UUID, areas: list[AreaShape]) -> float:
    """How long a worker took for it, from when it was asked."""
    proposal = uuid4()
    began = time.perf_counter()
    async with tenant_scope(stage.tenant_id):
        await execute(
            """INSERT INTO area_proposal (tenant_id, id, origin, areas, made_by, begun_at)
               VALUES (ks.current_tenant(), $1, 'Mätning', $2::jsonb, $3, now())""",
            proposal,
            msgspec.json.encode([area._asdict() for area in areas]).decode(),
            person_id,
        )
        await ask(VERB, arguments={"proposal": str(proposal)})
    done = None
    while done is None:
        await asyncio.sleep(0.05)
        async with tenant_scope(stage.tenant_id):
            done = await fetch_value("SELECT done_at FROM area_proposal WHERE id = $1", proposal)
    return time.perf_counter() - began
