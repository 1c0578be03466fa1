"""The own map in a real browser: fetched when the map is opened, and drawn under the points."""

import os
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tenants.scope import fetch_row
from tests.cycle.mapping.ground.maps import COORDINATOR, UNDERLAG, as_soderhamn, sent
from tests.cycle.mapping.phone import phone
from tests.cycle.mapping.test_report_on_a_phone import choice, violations
from tests.sources.maps.files import geopackage, town

SCREENS = Path(os.environ.get("KS_SCREENS", "build/screens"))


async def _picture(page: Page, name: str) -> None:
    await page.screenshot(path=SCREENS / f"{name}.png", full_page=True)


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_streets_lie_under_the_points(found: Any, scheme: str) -> None:
    place = await found("Tallbacka", areas=["Torget", "Parken"])
    async with place.scope():
        middle = await fetch_row("SELECT avg(longitude), avg(latitude) FROM area")
    async with as_soderhamn(place):
        await sent(place, geopackage(town(*middle)), attribution="© <b>Tallbacka</b>")
        async with phone(place, color_scheme=scheme) as (page, net):
            asked: list[str] = []
            page.on("request", lambda request: asked.append(request.url))
            await page.goto("rapportera")
            await page.locator("label.tile").first.tap()
            assert not any("underlag" in address for address in asked)
            await choice(page, "Karta").tap()
            streets = page.locator("#map-picker svg.own-map.leaflet-tile-loaded path.road")
            await expect(streets.first).to_be_visible()
            await expect(page.locator("#map-picker")).to_contain_text("© <b>Tallbacka</b>")
            await page.locator("#map-picker").tap(position={"x": 175, "y": 100})
            await expect(page.locator("#map-said")).to_contain_text("Området: ")
            await expect(page.locator("#map-picker .pin")).to_be_visible()
            zoom_in = page.get_by_role("button", name="Zooma in")
            for _twice in range(2):
                await zoom_in.tap()
                await page.wait_for_timeout(500)
            houses = page.locator("#map-picker svg.own-map path.building")
            await expect(houses.first).to_be_attached()
            land = await page.locator("#map-picker .leaflet-ground-pane > svg").bounding_box()
            assert land is not None and land["width"] > 300
            await page.locator("#map-picker").scroll_into_view_if_needed()
            await _picture(page, f"egen-karta-formular-{scheme}")
            assert net.complaints == [] and await violations(page) == []
            net.complaints.clear()


async def test_the_page_of_the_map_is_fit_to_be_seen(found: Any) -> None:
    place = await found("Tallbacka")
    async with as_soderhamn(place):
        async with phone(place, COORDINATOR) as (page, net):
            await page.goto(UNDERLAG[1:])
            assert await violations(page) == []
            await _picture(page, "egen-karta-tom")
            net.complaints.clear()
        await sent(place)
        await sent(place, b"PK\x03\x04", name="karta.zip")
        for scheme, size in (
            ("light", {"width": 390, "height": 844}),
            ("dark", {"width": 1280, "height": 800}),
        ):
            async with phone(place, COORDINATOR, color_scheme=scheme) as (page, net):
                await page.set_viewport_size(size)  # type: ignore[arg-type]
                await page.goto(UNDERLAG[1:])
                await expect(page.locator("svg.own-map").first).to_be_visible()
                wide = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
                assert wide <= 0 and await violations(page) == []
                await _picture(page, f"egen-karta-{scheme}")
                await page.get_by_role("button", name="Ta bort kartan").tap()
                await expect(page.get_by_text("Kartan är borttagen.")).to_be_visible()
                await page.get_by_role("button", name="Ta tillbaka den").tap()
                await expect(page.get_by_role("button", name="Ta bort kartan")).to_be_visible()
                net.complaints.clear()
