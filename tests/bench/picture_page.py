"""The picture's page over HTTP, and the page behind one of its numbers, in the largest town."""

from service.cycle.picture.compile import compile_picture
from tenants.roles import Role
from tenants.scope import fetch_row, tenant_scope
from tests.bench.council import at, page_times
from tests.bench.figure import Figure
from tests.bench.stage import Stage, free_port, process

PAGE_MS = 40


async def measure(stage: Stage) -> list[Figure]:
    reader = await stage.logged_in(Role.SAFETY_COORDINATOR, stage.organisations[0])
    async with tenant_scope(stage.tenant_id):
        await compile_picture()
        cell = await fetch_row(
            """SELECT area.key AS area, category.key AS category FROM weekly_count
               JOIN area ON area.id = area_id JOIN category ON category.id = category_id
               GROUP BY area.key, category.key ORDER BY sum(count) DESC LIMIT 1"""
        )
    assert cell is not None
    here = f"/{stage.slug}/lagesbild"
    port = free_port()
    async with process(stage, port, "service.cli", "web"):
        floor = await page_times(port, "/me", reader)
        pages = await page_times(port, here, reader)
        behind = await page_times(port, f"{here}/lage/{cell['area']}/{cell['category']}", reader)
    about = f"{stage.name}, {stage.reports} reports"
    return [
        Figure("picture page, p50", at(pages, 0.5), "ms", at(floor, 0.5),
               note="floor: /me of the same process, which looks up the session and no more"),
        Figure("picture page, p95", at(pages, 0.95), "ms", PAGE_MS, at_most=1.0,
               note=f"{about}; floor: the {PAGE_MS} ms that are promised; /me of the same run: "
                    f"{at(floor, 0.95):.1f} ms"),
        Figure("page behind a number, p50", at(behind, 0.5), "ms", at(pages, 0.5),
               note=f"{about}; worked out anew from the counts; floor: the picture's page"),
    ]  # fmt: skip
