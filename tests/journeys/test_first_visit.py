"""The first visit of the form on a slow network: few bytes, and nothing that jumps."""

from typing import Any

from tests.journeys.conftest import PHONE, Doorman

MOST_BYTES = 80_000
TRANSFERRED = """() => performance.getEntriesByType("navigation")
    .concat(performance.getEntriesByType("resource"))
    .map(one => [new URL(one.name).pathname, one.transferSize])"""
SHIFTED = """() => new Promise(answer => {
    let sum = 0;
    new PerformanceObserver(list => { for (const one of list.getEntries()) sum += one.value; })
        .observe({ type: "layout-shift", buffered: true });
    setTimeout(() => answer(sum), 300);
})"""


async def test_the_form_is_light_and_stands_still(doorman: Doorman, found: Any) -> None:
    town = await found("Tallbacka", areas=["Torget", "Parken", "Stationen"])
    member = await doorman.member(town, "reporter", "/rapportera", viewport=PHONE)
    context = await doorman.chromium.new_context(
        viewport=PHONE,  # type: ignore[arg-type]
        storage_state=await member.context.storage_state(),
    )
    page = await context.new_page()
    await page.goto(f"{doorman.house.address}/{town.slug}/rapportera")
    await page.locator("#summary").wait_for(state="attached")
    await page.evaluate("navigator.serviceWorker.ready.then(() => 1)")
    sizes = dict(await page.evaluate(TRANSFERRED))
    assert sizes[f"/{town.slug}/rapportera"] > 2000
    assert any(path.endswith(".woff2") and size > 10_000 for path, size in sizes.items())
    assert not any("leaflet" in path or "map-picker" in path for path in sizes)
    assert sum(sizes.values()) < MOST_BYTES, sizes
    assert await page.evaluate(SHIFTED) == 0
    await context.close()
